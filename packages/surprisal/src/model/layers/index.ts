/** Every layer. One line here makes it known to model files and part of the public namespace. */
export { activation } from "./activation.ts";
export { batchNormalization } from "./batchNormalization.ts";
export { dense } from "./dense.ts";
export { dropout } from "./dropout.ts";
export { embedding } from "./embedding.ts";
export { flatten } from "./flatten.ts";
export { input } from "./input.ts";
export { layerNormalization } from "./layerNormalization.ts";
export { reshape } from "./reshape.ts";

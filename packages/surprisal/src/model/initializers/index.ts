/** Every initializer. One line here makes it known by name and part of the public namespace. */
export { constant, identity, ones, zeros } from "./constants.ts";
export { orthogonal } from "./orthogonal.ts";
export { randomNormal, randomUniform, truncatedNormal } from "./random.ts";
export {
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  lecunNormal,
  lecunUniform,
  varianceScaling,
} from "./varianceScaling.ts";

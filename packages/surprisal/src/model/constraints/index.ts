/** Every constraint. One line here makes it known by name and part of the public namespace. */
export { maxNorm, minMaxNorm, nonNeg, unitNorm } from "./norms.ts";

/** Losses: what they are, and everything that is made of them. */
export { binaryCrossentropy } from "./classification/binaryCrossentropy.ts";
export { categoricalCrossentropy } from "./classification/categoricalCrossentropy.ts";
export { sparseCategoricalCrossentropy } from "./classification/sparseCategoricalCrossentropy.ts";
export type { Loss, LossGraph, LossInputs, TargetKind } from "./contract.ts";
export {
  type ConfiguredLoss,
  defineLoss,
  type EvaluateOptions,
  type LossFunction,
  type LossOptions,
} from "./define.ts";
export type { Example, Kinks, LossDefinition, Reference, Task, Traits } from "./definition.ts";
export {
  crossEntropy,
  type Distribution,
  type EntropyOptions,
  entropy,
  perplexity,
} from "./divergence/distributions.ts";
export { type KlDivergence, klDivergence } from "./divergence/klDivergence.ts";
export type { Domain } from "./domain.ts";
export * as domains from "./domain.ts";
export {
  type DataOptions,
  type EvaluationBuffer,
  type EvaluationDevice,
  type LossResult,
  merge,
} from "./evaluate.ts";
export { categoricalHinge } from "./margin/categoricalHinge.ts";
export { hinge } from "./margin/hinge.ts";
export {
  choice,
  finite,
  flag,
  integer,
  nonNegative,
  numberOrVector,
  optionalFlag,
  type Param,
  type Params,
  type ParamValues,
  positive,
  unit,
  vector,
} from "./params.ts";
export {
  type ExplicitReduction,
  type Library,
  type Over,
  type Reduction,
  type ReductionName,
  type ResolvedReduction,
  resolveReduction,
  type ZeroDivisor,
} from "./reduce.ts";
export { fromConfig, get, list } from "./registry.ts";
export { huber } from "./regression/huber.ts";
export { logCosh } from "./regression/logCosh.ts";
export { meanAbsoluteError } from "./regression/meanAbsoluteError.ts";
export { meanSquaredError } from "./regression/meanSquaredError.ts";
export { poisson } from "./regression/poisson.ts";

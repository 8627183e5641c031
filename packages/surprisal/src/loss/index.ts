/** Losses: what they are, and everything that is made of them. */

export type { Arguments, ArraySpec, Arrays, DataOf, NodesOf } from "./arrays.ts";
export { type Compat, commonArguments, type Framework } from "./compat.ts";
export type { Evaluated, LossOptions } from "./configured.ts";
export type { Loss, LossGraph, LossInputs, TargetKind } from "./contract.ts";
export { type ConfiguredLoss, defineLoss, type EvaluateOptions, type LossFunction } from "./define.ts";
export {
  type ArrayEvaluateOptions,
  type ArrayExample,
  type ArrayLossDefinition,
  type ArrayLossFunction,
  type ConfiguredArrayLoss,
  defineArrayLoss,
} from "./defineArrays.ts";
export type { Example, Kinks, LossDefinition, Reference, Task, Traits } from "./definition.ts";
export {
  crossEntropy,
  type Distribution,
  type EntropyOptions,
  entropy,
  perplexity,
} from "./divergence/distributions.ts";
export type { KlDivergence } from "./divergence/klDivergence.ts";
export type { Domain } from "./domain.ts";
export * as domains from "./domain.ts";
export type {
  DataOptions,
  EvaluationBuffer,
  EvaluationDevice,
  LossResult,
} from "./evaluate.ts";
export { type FormulaLoss, type FormulaParams, formulaLoss } from "./formula/formulaLoss.ts";
export type { FormulaWarning } from "./formula/warnings.ts";
export * from "./list.ts";
export { merge } from "./merge.ts";
export {
  choice,
  finite,
  finiteOrMinusInfinity,
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
export { type AnyArrayLoss, fromConfig, get, list, takesArrays, takesOneArray } from "./registry.ts";

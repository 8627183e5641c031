/** What a weight is made to hold after each update: `layers.dense(64, { kernelConstraint: constraints.maxNorm(2) })`. */

export * from "./model/constraints/index.ts";
export type { ConstraintLike, ConstraintName } from "./model/constraints/registry.ts";
export type { Constraint } from "./model/contract.ts";

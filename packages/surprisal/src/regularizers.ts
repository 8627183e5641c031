/** Penalties on weights and outputs: `layers.dense(64, { kernelRegularizer: regularizers.l2(1e-4) })`. */
export type { Regularizer } from "./model/contract.ts";
export * from "./model/regularizers/index.ts";
export type { RegularizerLike, RegularizerName } from "./model/regularizers/registry.ts";

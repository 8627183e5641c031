/** Layers, each made by a function: `layers.dense(64, { activation: "relu" })`. */
export type { ActivationLike } from "./model/activations/registry.ts";
export type { ConstraintLike } from "./model/constraints/registry.ts";
export type { LayerSpec, LayerType } from "./model/contract.ts";
export type { InitializerLike } from "./model/initializers/registry.ts";
export * from "./model/layers/index.ts";
export type { RegularizerLike } from "./model/regularizers/registry.ts";

/** Activations with options of their own: `layers.dense(64, { activation: activations.leakyRelu(0.1) })`. By name they need no import. */

export * from "./model/activations/index.ts";
export type { ActivationLike, ActivationName } from "./model/activations/registry.ts";
export type { Activation } from "./model/contract.ts";

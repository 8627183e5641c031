/** Models: layers in a row, and what goes into layers. */

export { activationRegistry } from "./activations/registry.ts";
export { constraintRegistry } from "./constraints/registry.ts";
export type {
  Activation,
  ApplyContext,
  Constraint,
  Initializer,
  LayerResult,
  LayerSpec,
  LayerType,
  NamedConfig,
  Network,
  NetworkWeight,
  OutputActivation,
  OutputRange,
  Regularizer,
  WeightSpec,
} from "./contract.ts";
export { networkFromConfig } from "./fromConfig.ts";
export { initializerRegistry } from "./initializers/registry.ts";
export { layerTypeOf, layerTypes } from "./layers/registry.ts";
export { regularizerRegistry } from "./regularizers/registry.ts";
export { buildNetwork } from "./sequential.ts";

/** The model floor as tests use it. */
export * as activations from "../../src/activations.ts";
export * as constraints from "../../src/constraints.ts";
export * as initializers from "../../src/initializers.ts";
export {
  activationRegistry,
  buildNetwork,
  constraintRegistry,
  initializerRegistry,
  layerTypeOf,
  layerTypes,
  networkFromConfig,
  regularizerRegistry,
} from "../../src/model/index.ts";
export * as regularizers from "../../src/regularizers.ts";

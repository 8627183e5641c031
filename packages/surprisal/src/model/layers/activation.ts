/** An activation as a layer of its own. */

import { type ActivationLike, activationRegistry } from "../activations/registry.ts";
import type { LayerSpec } from "../contract.ts";
import { requiredPart } from "../named.ts";
import { defineLayer, type LayerOptions, layer, shapeAfter, withType } from "./define.ts";

const parameters = { activation: requiredPart(activationRegistry, "what is done to the input") };

const type = defineLayer({
  type: "activation",
  activatesInput: true,
  parameters,
  activation: (config) => config.activation,
  outputShape: (inputShape, config) => shapeAfter(config.activation, inputShape),
  apply: (_, x, __, config) => ({ output: config.activation.apply(x) }),
});

/**
 * Applies an activation, by name or configured.
 * @throws UnknownNameError for a name that does not exist.
 */
export const activation = withType(
  type,
  (activation: ActivationLike, options: LayerOptions<typeof parameters, "activation"> = {}): LayerSpec =>
    layer(type, { activation }, options),
);

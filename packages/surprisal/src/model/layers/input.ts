import type { Shape } from "../../base/shape.ts";
import type { LayerSpec } from "../contract.ts";
import { defineLayer, layer, withType } from "./define.ts";

const type = defineLayer({
  type: "input",
  placeholder: true,
  takesIndices: true,
  parameters: {},
  outputShape: (inputShape) => inputShape,
  apply: (_, x) => ({ output: x }),
});

/**
 * States the shape of one row, in front of the other layers; the same as `inputShape` on the first of them.
 * @throws InvalidArgumentError for a shape that is no list of sizes.
 */
export const input = withType(
  type,
  (shape: Shape, options: { readonly name?: string | undefined } = {}): LayerSpec =>
    layer(type, { inputShape: shape }, options),
);

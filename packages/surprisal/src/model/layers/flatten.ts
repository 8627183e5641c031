import { sizeOf } from "../../base/shape.ts";
import { reshape } from "../../graph/index.ts";
import type { LayerSpec } from "../contract.ts";
import { defineLayer, type LayerOptions, layer, withType } from "./define.ts";

const type = defineLayer({
  type: "flatten",
  passesOn: true,
  parameters: {},
  outputShape: (inputShape) => [sizeOf(inputShape)],
  apply: (_, x) => ({ output: reshape(x, [x.shape[0] as number, sizeOf(x.shape.slice(1))]) }),
});

/** Makes one axis of all but the batch axis. */
export const flatten = withType(
  type,
  // biome-ignore lint/complexity/noBannedTypes: no options besides the common ones
  (options: LayerOptions<{}> = {}): LayerSpec => layer(type, {}, options),
);

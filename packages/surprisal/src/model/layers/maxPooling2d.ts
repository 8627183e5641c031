import type { LayerSpec } from "../contract.ts";
import { type LayerOptions, layer, withType } from "./define.ts";
import { definePooling, largest, type poolingParameters } from "./pooling.ts";

const type = definePooling("maxPooling2d", 2, largest);

/**
 * The largest element of each window and channel of rows [height, width, channels]: [rows, columns, channels]. Windows are of `poolSize` (default 2) and move by
 * `strides` (default `poolSize`). Of equal ones the first takes the gradient.
 * @throws InvalidArgumentError for options that do not fit; ShapeError, when the network is built, for rows of another rank or
 * smaller than a window.
 */
export const maxPooling2d = withType(
  type,
  (options: LayerOptions<ReturnType<typeof poolingParameters>> = {}): LayerSpec => layer(type, {}, options),
);

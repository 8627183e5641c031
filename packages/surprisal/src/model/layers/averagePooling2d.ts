import type { LayerSpec } from "../contract.ts";
import { type LayerOptions, layer, withType } from "./define.ts";
import { average, definePooling, type poolingParameters } from "./pooling.ts";

const type = definePooling("averagePooling2d", 2, average);

/**
 * The mean of each window and channel of rows [height, width, channels]: [rows, columns, channels]. Windows are of `poolSize` (default 2) and move by
 * `strides` (default `poolSize`). With padding "same" it is the mean of those that lie inside.
 * @throws InvalidArgumentError for options that do not fit; ShapeError, when the network is built, for rows of another rank or
 * smaller than a window.
 */
export const averagePooling2d = withType(
  type,
  (options: LayerOptions<ReturnType<typeof poolingParameters>> = {}): LayerSpec => layer(type, {}, options),
);

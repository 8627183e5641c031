import type { LayerSpec } from "../contract.ts";
import { type LayerOptions, layer, withType } from "./define.ts";
import { defineGlobalPooling, type globalPoolingParameters, meanOfAll } from "./pooling.ts";

const type = defineGlobalPooling("globalAveragePooling2d", 2, meanOfAll);

/**
 * The mean of each channel of rows [height, width, channels]: [channels], or with `keepdims` [1, 1, channels].
 * @throws ShapeError, when the network is built, for rows of another rank.
 */
export const globalAveragePooling2d = withType(
  type,
  (options: LayerOptions<typeof globalPoolingParameters> = {}): LayerSpec => layer(type, {}, options),
);

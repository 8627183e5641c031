import type { LayerSpec } from "../contract.ts";
import { type LayerOptions, layer, withType } from "./define.ts";
import { defineGlobalPooling, type globalPoolingParameters, largestOfAll } from "./pooling.ts";

const type = defineGlobalPooling("globalMaxPooling2d", 2, largestOfAll);

/**
 * The largest element of each channel of rows [height, width, channels]: [channels], or with `keepdims` [1, 1, channels].
 * @throws ShapeError, when the network is built, for rows of another rank.
 */
export const globalMaxPooling2d = withType(
  type,
  (options: LayerOptions<typeof globalPoolingParameters> = {}): LayerSpec => layer(type, {}, options),
);

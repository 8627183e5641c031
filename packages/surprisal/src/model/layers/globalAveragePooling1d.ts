import type { LayerSpec } from "../contract.ts";
import { type LayerOptions, layer, withType } from "./define.ts";
import { defineGlobalPooling, type globalPoolingParameters, meanOfAll } from "./pooling.ts";

const type = defineGlobalPooling("globalAveragePooling1d", 1, meanOfAll);

/**
 * The mean of each channel of rows [steps, channels]: [channels], or with `keepdims` [1, channels].
 * @throws ShapeError, when the network is built, for rows of another rank.
 */
export const globalAveragePooling1d = withType(
  type,
  (options: LayerOptions<typeof globalPoolingParameters> = {}): LayerSpec => layer(type, {}, options),
);

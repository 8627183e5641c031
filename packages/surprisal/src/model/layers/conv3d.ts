/** Convolution over volumes. */
import type { LayerSpec } from "../contract.ts";
import { type convolutionParameters, defineConvolution } from "./convolutionOver.ts";
import { type LayerOptions, layer, withType } from "./define.ts";
import type { PerAxis } from "./spatial.ts";

const type = defineConvolution("conv3d", 3, ["valid", "same"]);
type Parameters = ReturnType<typeof convolutionParameters<"valid" | "same">>;

/**
 * Convolution of rows [depth, height, width, channels] with `filters` windows of `kernelSize`, as `conv2d` has it with an axis
 * more. Weights `kernel` [...kernelSize, channels / groups, filters] and `bias` [filters].
 * @throws InvalidArgumentError for options that do not fit; ShapeError, when the network is built, for rows of another rank or
 * smaller than a window.
 */
export const conv3d = withType(
  type,
  (filters: number, kernelSize: PerAxis, options: LayerOptions<Parameters, "filters" | "kernelSize"> = {}): LayerSpec =>
    layer(type, { filters, kernelSize }, options),
);

/** Convolution over images. */
import type { LayerSpec } from "../contract.ts";
import { type convolutionParameters, defineConvolution } from "./convolutionOver.ts";
import { type LayerOptions, layer, withType } from "./define.ts";
import type { PerAxis } from "./spatial.ts";

const type = defineConvolution("conv2d", 2, ["valid", "same"]);
type Parameters = ReturnType<typeof convolutionParameters<"valid" | "same">>;

/**
 * Convolution of rows [height, width, channels] with `filters` windows of `kernelSize`: [rows, columns, filters], each
 * activation(Σ window · kernel + bias). Weights `kernel` [...kernelSize, channels / groups, filters] and `bias` [filters]. The
 * window is not flipped. `kernelSize`, `strides` and `dilationRate` are one number, or one for height and one for width;
 * `padding` is "valid" (windows lie inside) or "same" (⌈size / strides⌉ positions, the odd cell at the end).
 * @throws InvalidArgumentError for options that do not fit; ShapeError, when the network is built, for rows of another rank or
 * smaller than a window.
 */
export const conv2d = withType(
  type,
  (filters: number, kernelSize: PerAxis, options: LayerOptions<Parameters, "filters" | "kernelSize"> = {}): LayerSpec =>
    layer(type, { filters, kernelSize }, options),
);

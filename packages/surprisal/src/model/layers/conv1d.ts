/** Convolution along one axis. */
import type { LayerSpec } from "../contract.ts";
import { type convolutionParameters, defineConvolution } from "./convolutionOver.ts";
import { type LayerOptions, layer, withType } from "./define.ts";
import type { PerAxis } from "./spatial.ts";

const type = defineConvolution("conv1d", 1, ["valid", "same", "causal"]);
type Parameters = ReturnType<typeof convolutionParameters<"valid" | "same" | "causal">>;

/**
 * Convolution of rows [steps, channels] with `filters` windows of `kernelSize` steps: [positions, filters], each
 * activation(Σ window · kernel + bias). Weights `kernel` [kernelSize, channels / groups, filters] and `bias` [filters]. The
 * window is not flipped. `padding`: "valid" (windows lie inside), "same" (⌈steps / strides⌉ positions) or "causal" (a position
 * sees no later step).
 * @throws InvalidArgumentError for options that do not fit; ShapeError, when the network is built, for rows of another rank or
 * shorter than a window.
 */
export const conv1d = withType(
  type,
  (filters: number, kernelSize: PerAxis, options: LayerOptions<Parameters, "filters" | "kernelSize"> = {}): LayerSpec =>
    layer(type, { filters, kernelSize }, options),
);

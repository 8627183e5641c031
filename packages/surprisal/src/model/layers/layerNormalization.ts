/** Layer normalisation (Ba, Kiros & Hinton 2016), with Keras's conventions. */
import { ShapeError } from "../../base/errors.ts";
import { axes, number } from "../../base/parameters.ts";
import { normaliseAxis } from "../../base/shape.ts";
import { add, div, mean, sqrt, square } from "../../graph/index.ts";
import type { LayerSpec } from "../contract.ts";
import { affine, affineParameters, affineWeights, centre } from "./affine.ts";
import { defineLayer, type LayerOptions, layer, withType } from "./define.ts";

const parameters = {
  axis: axes(-1, "the axis or axes of one sample's statistics, counted with the batch axis"),
  epsilon: number(1e-3, "added to the variance", { min: 0 }),
  ...affineParameters,
};

/** Positions of the axes in a shape with the batch axis, ascending. */
function positions(rank: number, axis: readonly number[]): number[] {
  const at = [...new Set(axis.map((a) => normaliseAxis(a, rank)))].sort((a, b) => a - b);
  if (at[0] === 0) {
    throw new ShapeError("layer-normalization/axis", {
      received: `axis ${axis.join(", ")} of a batch with ${rank} ${rank === 1 ? "axis" : "axes"} was given`,
      expected: "each sample is normalised by itself, so the batch axis 0 cannot be among them",
      hint: "Use axis -1, on rows of at least one feature.",
    });
  }
  return at;
}

const type = defineLayer({
  type: "layerNormalization",
  parameters,
  outputShape(inputShape, { axis }) {
    positions(inputShape.length + 1, axis);
    return inputShape;
  },
  weights(inputShape, c) {
    const at = positions(inputShape.length + 1, c.axis);
    return affineWeights(
      at.map((d) => inputShape[d - 1] as number),
      c,
    );
  },
  apply(_, x, { gamma, beta }, { axis, epsilon }) {
    const over = positions(x.shape.length, axis);
    const { centred } = centre(x, over);
    const variance = mean(square(centred), over, { keepDims: true });
    const across = x.shape.map((dim, d) => (over.includes(d) ? dim : 1));
    return { output: affine(div(centred, sqrt(add(variance, epsilon))), gamma, beta, across) };
  },
});

/**
 * (x − mean) / √(variance + epsilon) · gamma + beta, mean and variance taken over `axis` of each sample. Weights `gamma` and
 * `beta`, of the sizes of those axes.
 * @throws InvalidArgumentError for options that do not fit; ShapeError, when the network is built, for the batch axis.
 */
export const layerNormalization = withType(
  type,
  (options: LayerOptions<typeof parameters> = {}): LayerSpec => layer(type, {}, options),
);

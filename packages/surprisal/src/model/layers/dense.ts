/** Fully connected layer. */
import { ShapeError } from "../../base/errors.ts";
import { requiredNumber } from "../../base/parameters.ts";
import { showShape, sizeOf } from "../../base/shape.ts";
import { add, matmul, reshape } from "../../graph/index.ts";
import type { LayerSpec } from "../contract.ts";
import { defineLayer, type LayerOptions, layer, shapeAfter, withType } from "./define.ts";
import { activated, kernelAndBias, kernelAndBiasWeights } from "./kernelAndBias.ts";

const parameters = {
  units: requiredNumber("the number of outputs", { integer: true, min: 1 }),
  ...kernelAndBias("output"),
};

const type = defineLayer({
  type: "dense",
  parameters,
  outputShape(inputShape, { units, activation }) {
    if (inputShape.length === 0) {
      throw new ShapeError("dense/rank", {
        received: `dense was given rows of shape ${showShape(inputShape)}`,
        expected: "it needs at least one axis of features",
        hint: "Give each row a list of numbers: inputShape [1] for a single feature.",
      });
    }
    return shapeAfter(activation, [...inputShape.slice(0, -1), units]);
  },
  weights: (inputShape, c) => kernelAndBiasWeights([inputShape.at(-1) as number, c.units], c),
  activation: ({ activation }) => activation,
  apply(_, x, { kernel, bias }, c) {
    // Further axes are rows: [batch, time, features] is a matrix of batch · time rows.
    const features = x.shape.at(-1) as number;
    const rows = sizeOf(x.shape.slice(0, -1));
    const product = matmul(reshape(x, [rows, features]), kernel!);
    const sums = bias === undefined ? product : add(product, bias);
    return activated(x, reshape(sums, [...x.shape.slice(0, -1), c.units]), c);
  },
});

/**
 * activation(x · kernel + bias): `units` outputs from the last axis of x; further axes are kept. Weights `kernel`
 * [features, units] and `bias` [units].
 * @throws InvalidArgumentError for options that do not fit; UnknownNameError for names that do not exist.
 */
export const dense = withType(
  type,
  (units: number, options: LayerOptions<typeof parameters, "units"> = {}): LayerSpec => layer(type, { units }, options),
);

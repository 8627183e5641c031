/** Fully connected layer. */
import { ShapeError } from "../../base/errors.ts";
import { flag, requiredNumber } from "../../base/parameters.ts";
import { showShape, sizeOf } from "../../base/shape.ts";
import { add, div, matmul, reshape } from "../../graph/index.ts";
import { activationRegistry } from "../activations/registry.ts";
import { constraintRegistry } from "../constraints/registry.ts";
import type { LayerSpec } from "../contract.ts";
import { initializerRegistry } from "../initializers/registry.ts";
import { optionalPart, part } from "../named.ts";
import { regularizerRegistry } from "../regularizers/registry.ts";
import { defineLayer, type LayerOptions, layer, shapeAfter, weight, withType } from "./define.ts";

const parameters = {
  units: requiredNumber("the number of outputs", { integer: true, min: 1 }),
  activation: part(activationRegistry, "linear", "what is done to the outputs"),
  useBias: flag(true, "add a bias to each output"),
  kernelInitializer: part(initializerRegistry, "glorotUniform", "first values of the kernel"),
  biasInitializer: part(initializerRegistry, "zeros", "first values of the bias"),
  kernelRegularizer: optionalPart(regularizerRegistry, "penalty on the kernel"),
  biasRegularizer: optionalPart(regularizerRegistry, "penalty on the bias"),
  activityRegularizer: optionalPart(regularizerRegistry, "penalty on the outputs, divided by the batch's rows"),
  kernelConstraint: optionalPart(constraintRegistry, "projection of the kernel after each update"),
  biasConstraint: optionalPart(constraintRegistry, "projection of the bias after each update"),
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
  weights(inputShape, c) {
    const kernel = weight("kernel", [inputShape.at(-1) as number, c.units], c.kernelInitializer, {
      regularizer: c.kernelRegularizer,
      constraint: c.kernelConstraint,
    });
    const bias = weight("bias", [c.units], c.biasInitializer, {
      regularizer: c.biasRegularizer,
      constraint: c.biasConstraint,
    });
    return c.useBias ? [kernel, bias] : [kernel];
  },
  activation: ({ activation }) => activation,
  apply(_, x, { kernel, bias }, { units, activation, activityRegularizer }) {
    // Further axes are rows: [batch, time, features] is a matrix of batch · time rows.
    const features = x.shape.at(-1) as number;
    const rows = sizeOf(x.shape.slice(0, -1));
    const product = matmul(reshape(x, [rows, features]), kernel!);
    const sums = bias === undefined ? product : add(product, bias);
    const output = activation.apply(reshape(sums, [...x.shape.slice(0, -1), units]));
    if (activityRegularizer === undefined) return { output };
    return { output, penalties: [div(activityRegularizer.penalty(output), x.shape[0] as number)] };
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

/** What layers with a kernel and a bias share: their options, their weights, and what comes after the sums. */
import { flag } from "../../base/parameters.ts";
import type { Shape } from "../../base/shape.ts";
import { div, type Node } from "../../graph/index.ts";
import { activationRegistry } from "../activations/registry.ts";
import { constraintRegistry } from "../constraints/registry.ts";
import type { Activation, Constraint, Initializer, Regularizer } from "../contract.ts";
import { initializerRegistry } from "../initializers/registry.ts";
import { optionalPart, part } from "../named.ts";
import { regularizerRegistry } from "../regularizers/registry.ts";
import { weight } from "./define.ts";

/** @param output what a bias is added to: "output", "output channel" */
export const kernelAndBias = (output: string) => ({
  activation: part(activationRegistry, "linear", "what is done to the outputs"),
  useBias: flag(true, `add a bias to each ${output}`),
  kernelInitializer: part(initializerRegistry, "glorotUniform", "first values of the kernel"),
  biasInitializer: part(initializerRegistry, "zeros", "first values of the bias"),
  kernelRegularizer: optionalPart(regularizerRegistry, "penalty on the kernel"),
  biasRegularizer: optionalPart(regularizerRegistry, "penalty on the bias"),
  activityRegularizer: optionalPart(regularizerRegistry, "penalty on the outputs, divided by the batch's rows"),
  kernelConstraint: optionalPart(constraintRegistry, "projection of the kernel after each update"),
  biasConstraint: optionalPart(constraintRegistry, "projection of the bias after each update"),
});

interface Options {
  readonly useBias: boolean;
  readonly kernelInitializer: Initializer;
  readonly biasInitializer: Initializer;
  readonly kernelRegularizer: Regularizer | undefined;
  readonly biasRegularizer: Regularizer | undefined;
  readonly kernelConstraint: Constraint | undefined;
  readonly biasConstraint: Constraint | undefined;
}

/** Weights `kernel` of this shape and, unless there is to be none, `bias`, an element for each entry of the last axis. */
export function kernelAndBiasWeights(shape: Shape, c: Options) {
  const kernel = weight("kernel", shape, c.kernelInitializer, {
    regularizer: c.kernelRegularizer,
    constraint: c.kernelConstraint,
  });
  const bias = weight("bias", shape.slice(-1), c.biasInitializer, {
    regularizer: c.biasRegularizer,
    constraint: c.biasConstraint,
  });
  return c.useBias ? [kernel, bias] : [kernel];
}

/** The activation of the sums for the rows of x, and the penalty on it. */
export function activated(
  x: Node,
  sums: Node,
  {
    activation,
    activityRegularizer,
  }: { readonly activation: Activation; readonly activityRegularizer: Regularizer | undefined },
) {
  const output = activation.apply(sums);
  if (activityRegularizer === undefined) return { output };
  return { output, penalties: [div(activityRegularizer.penalty(output), x.shape[0] as number)] };
}

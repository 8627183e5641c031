/** Batch normalisation (Ioffe & Szegedy 2015), with Keras's conventions. */
import { ShapeError } from "../../base/errors.ts";
import { number } from "../../base/parameters.ts";
import { normaliseAxis, type Shape } from "../../base/shape.ts";
import { add, div, mean, mul, type Node, reshape, sqrt, square, sub } from "../../graph/index.ts";
import type { LayerSpec } from "../contract.ts";
import { initializerRegistry } from "../initializers/registry.ts";
import { part } from "../named.ts";
import { affine, affineParameters, affineWeights, centre } from "./affine.ts";
import { defineLayer, type LayerOptions, layer, weight, withType } from "./define.ts";

const parameters = {
  axis: number(-1, "the axis of features, counted with the batch axis", { integer: true }),
  momentum: number(0.99, "how much of the moving statistics is kept at each step", { min: 0, max: 1 }),
  epsilon: number(1e-3, "added to the variance", { min: 0 }),
  ...affineParameters,
  movingMeanInitializer: part(initializerRegistry, "zeros", "first values of the moving mean"),
  movingVarianceInitializer: part(initializerRegistry, "ones", "first values of the moving variance"),
};

/** Position of the feature axis in a shape with the batch axis. */
function featureAxis(rank: number, axis: number): number {
  const at = rank < 2 ? 0 : normaliseAxis(axis, rank);
  if (at === 0) {
    throw new ShapeError("batch-normalization/axis", {
      received: `axis ${axis} of a batch with ${rank} ${rank === 1 ? "axis" : "axes"} was given as the axis of features`,
      expected: "statistics are taken over the batch axis 0",
      hint: "Use axis -1, on rows of at least one feature.",
    });
  }
  return at;
}

const type = defineLayer({
  type: "batchNormalization",
  parameters,
  outputShape(inputShape, { axis }) {
    featureAxis(inputShape.length + 1, axis);
    return inputShape;
  },
  weights(inputShape, c) {
    const shape = [inputShape[featureAxis(inputShape.length + 1, c.axis) - 1] as number];
    return [
      ...affineWeights(shape, c),
      weight("movingMean", shape, c.movingMeanInitializer, { trainable: false }),
      weight("movingVariance", shape, c.movingVarianceInitializer, { trainable: false }),
    ];
  },
  apply(context, x, { gamma, beta, movingMean, movingVariance }, { axis, momentum, epsilon }) {
    const at = featureAxis(x.shape.length, axis);
    const across: Shape = x.shape.map((dim, d) => (d === at ? dim : 1));
    const finish = (centred: Node, variance: Node) =>
      affine(div(centred, sqrt(add(variance, epsilon))), gamma, beta, across);

    if (!context.training) {
      const centred = sub(x, reshape(movingMean!, across));
      return { output: finish(centred, reshape(movingVariance!, across)) };
    }
    const over = x.shape.map((_, d) => d).filter((d) => d !== at);
    const { centred, average: batchMean } = centre(x, over);
    // The biased variance, for the batch and for the moving one alike.
    const batchVariance = mean(square(centred), over, { keepDims: true });
    const moved = (moving: Node, batch: Node) =>
      add(mul(momentum, moving), mul(1 - momentum, reshape(batch, moving.shape)));
    return {
      output: finish(centred, batchVariance),
      updates: {
        movingMean: moved(movingMean!, batchMean),
        movingVariance: moved(movingVariance!, batchVariance),
      },
    };
  },
});

/**
 * (x − mean) / √(variance + epsilon) · gamma + beta for each feature: the batch's statistics while training, moving averages of
 * them otherwise. Weights `gamma`, `beta`, `movingMean`, `movingVariance`, each [features]; the last two follow the batches and
 * are not trained.
 * @throws InvalidArgumentError for options that do not fit; ShapeError, when the network is built, for the batch axis.
 */
export const batchNormalization = withType(
  type,
  (options: LayerOptions<typeof parameters> = {}): LayerSpec => layer(type, {}, options),
);

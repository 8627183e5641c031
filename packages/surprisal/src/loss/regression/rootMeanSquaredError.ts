import {
  abs,
  broadcastTo,
  div,
  equal,
  max,
  mean,
  mul,
  reshape,
  sqrt,
  square,
  stopGradient,
  sub,
  where,
} from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { real } from "../domain.ts";

/** The root of the mean over the last axis of squared residuals, one number a row; derivative 0 where all are 0. */
export const rootMeanSquaredError = defineLoss({
  name: "rootMeanSquaredError",
  aliases: ["rmse", "rootMeanSquared"],
  task: "regression",
  summary: "The root of the mean squared residual of each row, in the units of the target.",
  formula: String.raw`\ell = \sqrt{\tfrac1C \sum_c (\hat y_c - y_c)^2}`,
  axis: "class",
  oneClass: true,
  yTrue: real,
  harmless: 0,
  value(yTrue, yPred) {
    const residual = sub(yPred, yTrue);
    const largest = stopGradient(max(abs(residual)));
    const none = equal(largest, 0);
    // In units of the largest residual, so that no square overflows; the units cancel in the slope.
    const unit = where(none, 1, largest);
    const scaled = div(residual, broadcastTo(reshape(unit, [...unit.shape, 1]), residual.shape));
    const total = mean(square(scaled), [-1]);
    return mul(unit, where(none, 0, sqrt(where(none, 1, total))));
  },
  textbook: (y: readonly number[], p: readonly number[]) =>
    Math.sqrt(p.reduce((total, x, c) => total + (x - (y[c] as number)) ** 2, 0) / p.length),
  compat: [
    {
      framework: "scikit-learn",
      name: "sklearn.metrics.root_mean_squared_error",
      differs: "The root of the mean over all samples there, of each row here: pass one row.",
    },
  ],
  examples: [
    { yTrue: [1, 1], yPred: [4, 4], loss: 3 },
    { yTrue: [0, 0], yPred: [0, 0], loss: 0 },
  ],
  traits: { convex: true, nonNegative: true, zeroAtTarget: true, symmetric: true },
});

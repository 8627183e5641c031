import { abs, div, mul, sub } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { real } from "../domain.ts";
import { magnitude } from "../special.ts";

/** 100 |yPred − yTrue| / |yTrue|, averaged over the last axis. Nothing is added to a target of 0: it costs infinitely much. */
export const meanAbsolutePercentageError = defineLoss({
  name: "meanAbsolutePercentageError",
  aliases: ["mape", "absolutePercentageError"],
  task: "regression",
  summary: "The size of each residual in percent of the target.",
  formula: String.raw`\ell = 100 \left| \frac{\hat y - y}{y} \right|`,
  yTrue: real,
  harmless: 0,
  value: (yTrue, yPred) => div(mul(100, magnitude(sub(yPred, yTrue))), abs(yTrue)),
  textbook: (y: number, p: number) => 100 * Math.abs((p - y) / y),
  compat: [
    {
      framework: "keras",
      name: "keras.losses.MeanAbsolutePercentageError",
      differs: "A target below 1e-7 in size counts as 1e-7 there; here a target of 0 costs infinitely much.",
    },
    {
      framework: "scikit-learn",
      name: "sklearn.metrics.mean_absolute_percentage_error",
      differs:
        "A share there, percent here: ours is 100 times as large. A target of 0 counts as the smallest step of float64 there.",
    },
  ],
  examples: [
    { yTrue: 4, yPred: 5, loss: 25 },
    { yTrue: -2, yPred: 1, loss: 150 },
  ],
  traits: { convex: true, nonNegative: true, zeroAtTarget: true },
  kinks: { of: "residual", at: [0] },
});

import { sub } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { real } from "../domain.ts";
import { magnitude } from "../special.ts";

/** Mean of absolute residuals over the last axis; derivative 0 at 0. */
export const meanAbsoluteError = defineLoss({
  name: "meanAbsoluteError",
  aliases: ["mae", "absoluteError", "l1Loss", "absoluteDifference"],
  task: "regression",
  summary: "The size of each residual: estimates the median, and outliers weigh no more than others.",
  formula: String.raw`\ell = |\hat y - y|`,
  references: [{ title: "Boscovich (1757); Laplace (1793)" }],
  yTrue: real,
  harmless: 0,
  value: (yTrue, yPred) => magnitude(sub(yPred, yTrue)),
  textbook: (y: number, p: number) => Math.abs(y - p),
  compat: [
    { framework: "keras", name: "keras.losses.MeanAbsoluteError" },
    { framework: "pytorch", name: "torch.nn.L1Loss" },
    { framework: "scikit-learn", name: "sklearn.metrics.mean_absolute_error" },
    { framework: "scikit-learn", name: 'sklearn.ensemble.HistGradientBoostingRegressor(loss="absolute_error")' },
  ],
  examples: [{ yTrue: 2, yPred: 5, loss: 3 }],
  traits: { convex: true, nonNegative: true, zeroAtTarget: true, symmetric: true, lipschitz: 1 },
  kinks: { of: "residual", at: [0] },
});

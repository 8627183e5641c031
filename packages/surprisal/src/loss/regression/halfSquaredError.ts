import { mul, square, sub } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { real } from "../domain.ts";

/** Half the square of each residual, averaged over the last axis: its gradient is the residual. */
export const halfSquaredError = defineLoss({
  name: "halfSquaredError",
  aliases: ["halfSquared", "halfMse"],
  task: "regression",
  summary: "Half the squared error, so that the slope is the residual itself.",
  formula: String.raw`\ell = \tfrac12 (\hat y - y)^2`,
  yTrue: real,
  harmless: 0,
  value: (yTrue, yPred) => mul(0.5, square(sub(yPred, yTrue))),
  textbook: (y: number, p: number) => (y - p) ** 2 / 2,
  compat: [
    { framework: "optax", name: "optax.losses.l2_loss" },
    { framework: "scikit-learn", name: 'sklearn.linear_model.SGDRegressor(loss="squared_error")' },
    { framework: "scikit-learn", name: 'sklearn.ensemble.HistGradientBoostingRegressor(loss="squared_error")' },
  ],
  examples: [{ yTrue: 2, yPred: 5, loss: 4.5 }],
  traits: { smooth: true, convex: true, nonNegative: true, zeroAtTarget: true, symmetric: true },
});

import { maximum, square, sub } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { real } from "../domain.ts";
import { nonNegative } from "../params.ts";
import { magnitude } from "../special.ts";

/** max(|yPred − yTrue| − epsilon, 0)², averaged over the last axis. */
export const squaredEpsilonInsensitive = defineLoss({
  name: "squaredEpsilonInsensitive",
  aliases: ["squaredEpsilonInsensitiveLoss", "l2EpsilonInsensitive"],
  task: "regression",
  summary: "Nothing within epsilon of the target, and the square of the excess beyond.",
  formula: String.raw`\ell = \max(|\hat y - y| - \epsilon,\, 0)^2`,
  yTrue: real,
  harmless: 0,
  params: { epsilon: nonNegative(0.1, "the residual that costs nothing") },
  value: (yTrue, yPred, { epsilon }) => square(maximum(0, sub(magnitude(sub(yPred, yTrue)), epsilon))),
  textbook: (y: number, p: number, { epsilon }) => Math.max(Math.abs(p - y) - epsilon, 0) ** 2,
  compat: [
    {
      framework: "scikit-learn",
      name: 'sklearn.linear_model.SGDRegressor(loss="squared_epsilon_insensitive")',
      arguments: { epsilon: "epsilon" },
    },
  ],
  examples: [
    { yTrue: 1, yPred: 3, params: { epsilon: 0.5 }, loss: 2.25 },
    { yTrue: 1, yPred: 1.0625, loss: 0 },
  ],
  traits: { convex: true, nonNegative: true, zeroAtTarget: true, symmetric: true },
});

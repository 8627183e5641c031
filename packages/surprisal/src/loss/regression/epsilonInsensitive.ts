import { maximum, sub } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { real } from "../domain.ts";
import { nonNegative } from "../params.ts";
import { magnitude } from "../special.ts";

/** max(|yPred − yTrue| − epsilon, 0), averaged over the last axis; derivative 0 at the kinks. */
export const epsilonInsensitive = defineLoss({
  name: "epsilonInsensitive",
  aliases: ["epsilonInsensitiveLoss", "svrLoss", "l1EpsilonInsensitive"],
  task: "regression",
  summary: "Nothing within epsilon of the target, and the size of the excess beyond: support vector regression.",
  formula: String.raw`\ell = \max(|\hat y - y| - \epsilon,\, 0)`,
  references: [{ title: "Vapnik, The Nature of Statistical Learning Theory (1995)" }],
  yTrue: real,
  harmless: 0,
  params: { epsilon: nonNegative(0.1, "the residual that costs nothing") },
  // The constant comes first and so takes the gradient at a tie.
  value: (yTrue, yPred, { epsilon }) => maximum(0, sub(magnitude(sub(yPred, yTrue)), epsilon)),
  textbook: (y: number, p: number, { epsilon }) => Math.max(Math.abs(p - y) - epsilon, 0),
  compat: [
    {
      framework: "scikit-learn",
      name: 'sklearn.linear_model.SGDRegressor(loss="epsilon_insensitive")',
      arguments: { epsilon: "epsilon" },
    },
  ],
  examples: [
    { yTrue: 1, yPred: 3, params: { epsilon: 0.5 }, loss: 1.5 },
    { yTrue: 1, yPred: 1.0625, loss: 0 },
  ],
  traits: { convex: true, nonNegative: true, zeroAtTarget: true, symmetric: true, lipschitz: 1 },
  kinks: { of: "residual", at: [-0.1, 0.1] },
});

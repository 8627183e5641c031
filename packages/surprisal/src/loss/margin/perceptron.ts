import { maximum, neg } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { marginOf, overSigns, plainMargin } from "./signs.ts";

/** max(0, −yTrue · yPred), averaged over the last axis; derivative 0 at 0. Labels 0 and 1 are read as −1 and 1. */
export const perceptron = defineLoss({
  name: "perceptron",
  aliases: ["perceptronLoss"],
  summary: "The size of a score on the wrong side, and nothing on the right one, however close: a perceptron.",
  formula: String.raw`\ell = \max(0, -y f), \quad y \in \{-1, 1\}`,
  references: [{ title: "Rosenblatt, The Perceptron (1958)", url: "https://doi.org/10.1037/h0042519" }],
  ...overSigns,
  // The constant comes first and so takes the gradient at a tie.
  value: (yTrue, yPred) => maximum(0, neg(marginOf(yTrue, yPred))),
  textbook: (y: number, f: number) => Math.max(0, -plainMargin(y, f)),
  compat: [
    { framework: "optax", name: "optax.losses.perceptron_loss" },
    { framework: "scikit-learn", name: 'sklearn.linear_model.SGDClassifier(loss="perceptron")' },
  ],
  examples: [
    { yTrue: 1, yPred: 0.25, loss: 0 },
    { yTrue: -1, yPred: 2, loss: 2 },
  ],
  traits: { convex: true, nonNegative: true, lipschitz: 1 },
  kinks: { of: "margin", at: [0] },
});

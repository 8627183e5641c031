import { maximum, sub } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { marginOf, overSigns, plainMargin } from "./signs.ts";

/** max(0, 1 − yTrue · yPred), averaged over the last axis; derivative 0 at the kink. Labels 0 and 1 are read as −1 and 1. */
export const hinge = defineLoss({
  name: "hinge",
  aliases: ["hingeLoss"],
  summary: "Nothing for a score on the right side of the margin, linear on the other: a support vector machine.",
  formula: String.raw`\ell = \max(0, 1 - y f), \quad y \in \{-1, 1\}`,
  references: [{ title: "Cortes, Vapnik, Support-vector networks (1995)", url: "https://doi.org/10.1007/BF00994018" }],
  ...overSigns,
  // The constant comes first and so takes the gradient at a tie.
  value: (yTrue, yPred) => maximum(0, sub(1, marginOf(yTrue, yPred))),
  textbook: (y: number, f: number) => Math.max(0, 1 - plainMargin(y, f)),
  compat: [
    { framework: "keras", name: "keras.losses.Hinge" },
    {
      framework: "optax",
      name: "optax.losses.hinge_loss",
      differs: "Labels are -1 and 1 there; here 0 and 1 are read as -1 and 1, too.",
    },
    { framework: "scikit-learn", name: "sklearn.metrics.hinge_loss" },
    { framework: "scikit-learn", name: 'sklearn.linear_model.SGDClassifier(loss="hinge")' },
  ],
  examples: [
    { yTrue: 1, yPred: 0.25, loss: 0.75 },
    { yTrue: -1, yPred: 2, loss: 3 },
    { yTrue: 0, yPred: -3, loss: 0 },
  ],
  traits: { convex: true, nonNegative: true, lipschitz: 1 },
  kinks: { of: "margin", at: [1] },
});

import { exp, neg } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { marginOf, overSigns, plainMargin } from "./signs.ts";

/** e^(−yTrue · yPred), averaged over the last axis. Labels 0 and 1 are read as −1 and 1. */
export const exponentialLoss = defineLoss({
  name: "exponentialLoss",
  aliases: ["exponential", "adaBoostLoss"],
  summary: "Grows exponentially on the wrong side: what AdaBoost minimises, and very sensitive to wrong labels.",
  formula: String.raw`\ell = e^{-y f}, \quad y \in \{-1, 1\}`,
  references: [
    {
      title: "Friedman, Hastie, Tibshirani, Additive logistic regression (2000)",
      url: "https://doi.org/10.1214/aos/1016218223",
    },
  ],
  ...overSigns,
  value: (yTrue, yPred) => exp(neg(marginOf(yTrue, yPred))),
  textbook: (y: number, f: number) => Math.exp(-plainMargin(y, f)),
  compat: [{ framework: "scikit-learn", name: 'sklearn.ensemble.GradientBoostingClassifier(loss="exponential")' }],
  examples: [
    { yTrue: 1, yPred: 0, loss: 1 },
    { yTrue: -1, yPred: 1, loss: Math.E },
  ],
  traits: { smooth: true, convex: true, nonNegative: true },
});

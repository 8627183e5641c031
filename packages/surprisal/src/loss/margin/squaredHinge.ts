import { maximum, square, sub } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { marginOf, overSigns, plainMargin } from "./signs.ts";

/** max(0, 1 − yTrue · yPred)², averaged over the last axis. Labels 0 and 1 are read as −1 and 1. */
export const squaredHinge = defineLoss({
  name: "squaredHinge",
  aliases: ["squaredHingeLoss", "l2Svm"],
  summary:
    "Nothing for a score beyond the margin, the square of what is missing before: smooth, and harsh on outliers.",
  formula: String.raw`\ell = \max(0, 1 - y f)^2, \quad y \in \{-1, 1\}`,
  ...overSigns,
  value: (yTrue, yPred) => square(maximum(0, sub(1, marginOf(yTrue, yPred)))),
  textbook: (y: number, f: number) => Math.max(0, 1 - plainMargin(y, f)) ** 2,
  compat: [
    { framework: "keras", name: "keras.losses.SquaredHinge" },
    { framework: "scikit-learn", name: 'sklearn.linear_model.SGDClassifier(loss="squared_hinge")' },
  ],
  examples: [
    { yTrue: 1, yPred: 0.5, loss: 0.25 },
    { yTrue: -1, yPred: 2, loss: 9 },
    { yTrue: 0, yPred: -3, loss: 0 },
  ],
  traits: { convex: true, nonNegative: true },
});

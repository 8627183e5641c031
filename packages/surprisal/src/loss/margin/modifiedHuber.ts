import { add, lessEqual, maximum, mul, square, sub, where } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { marginOf, overSigns, plainMargin } from "./signs.ts";

/** max(0, 1 − m)² for a margin m = yTrue · yPred from −1 up, −4 m below; averaged over the last axis. */
export const modifiedHuber = defineLoss({
  name: "modifiedHuber",
  aliases: ["modifiedHuberLoss"],
  summary: "The squared hinge near the margin and a line far on the wrong side, which tolerates outliers.",
  formula: String.raw`\ell = \begin{cases} \max(0, 1 - m)^2 & m \ge -1 \\ -4 m & m < -1 \end{cases}, \quad m = y f`,
  references: [
    {
      title:
        "Zhang, Solving Large Scale Linear Prediction Problems Using Stochastic Gradient Descent Algorithms (2004)",
    },
  ],
  ...overSigns,
  value(yTrue, yPred) {
    const margin = marginOf(yTrue, yPred);
    const near = lessEqual(-1, margin);
    const parabola = square(maximum(0, sub(1, where(near, margin, 1))));
    return add(parabola, mul(-4, where(near, 0, margin)));
  },
  textbook(y: number, f: number) {
    const m = plainMargin(y, f);
    return m >= -1 ? Math.max(0, 1 - m) ** 2 : -4 * m;
  },
  compat: [{ framework: "scikit-learn", name: 'sklearn.linear_model.SGDClassifier(loss="modified_huber")' }],
  examples: [
    { yTrue: 1, yPred: 0.5, loss: 0.25 },
    { yTrue: 1, yPred: -3, loss: 12 },
    { yTrue: -1, yPred: -1, loss: 0 },
  ],
  traits: { convex: true, nonNegative: true, lipschitz: 4 },
});

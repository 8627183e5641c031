import { iota, less, lessEqual, neg, softplus, sum, where } from "../../graph/index.ts";
import { alongClasses } from "../classes.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import { classIndex, logits } from "../domain.ts";
import { ifClass } from "./targets.ts";

/**
 * Σ_k over the steps k ≤ y of the logistic cost of "the class is above k", one number a row. yPred has one column for each step between
 * neighbouring classes: K logits, each of P(class > k | class ≥ k), for classes 0 … K.
 */
export const corn = defineArrayLoss({
  name: "corn",
  aliases: ["cornLoss", "conditionalOrdinal"],
  task: "ordinal",
  summary: "For ordered classes: asks step by step whether the class is higher still, and costs each wrong answer.",
  formula: String.raw`\ell = \sum_{k \le \min(y,\, K - 1)} \log\bigl(1 + e^{\mp z_k}\bigr), \quad - \text{ where } y > k`,
  references: [
    {
      title:
        "Shi, Cao, Raschka, Deep Neural Networks for Rank-Consistent Ordinal Regression Based On Conditional Probabilities (2021)",
      url: "https://arxiv.org/abs/2111.08851",
    },
  ],
  yTrue: { axes: "N", domain: classIndex, classes: "K+1", doc: "the class, a number from 0" },
  yPred: { axes: "N K", domain: logits, doc: "a logit for each step between neighbouring classes" },
  losses: "N",
  value(yTrue, yPred) {
    const label = alongClasses(yTrue, yPred);
    const step = iota(-1, yPred.shape);
    const asked = lessEqual(step, label);
    const cost = softplus(where(asked, where(less(step, label), neg(yPred), yPred), 0));
    return ifClass(yTrue, (yPred.shape.at(-1) as number) + 1, sum(where(asked, cost, 0), [-1]));
  },
  textbook: (y: number[], z: number[][]) =>
    z.map((row, n) =>
      row.slice(0, (y[n] as number) + 1).reduce((total, x, k) => {
        const above = 1 / (1 + Math.exp(-x));
        return total - Math.log((y[n] as number) > k ? above : 1 - above);
      }, 0),
    ),
  examples: [
    { yTrue: [0], yPred: [[0, 5]], loss: Math.LN2 },
    { yTrue: [1], yPred: [[0, 0]], loss: 2 * Math.LN2 },
  ],
  traits: { smooth: true, convex: true, nonNegative: true },
});

import { and, less, mul, softplus, sub, sum, where } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { positive } from "../params.ts";
import { grades, ofFirst, ofSecond, overLists, present } from "./lists.ts";

/**
 * Σ over the pairs with y_i > y_j of log(1 + e^(−sigma (s_i − s_j))), one number a list. All pairs are compared: n² numbers for a list
 * of n items. Items with equal labels are not compared, and a list of equal labels costs 0.
 */
export const rankNet = defineLoss({
  name: "rankNet",
  aliases: ["rankNetLoss", "pairwiseLogisticLoss"],
  ...overLists,
  summary: "For each two items, what it costs to put the less relevant one first.",
  formula: String.raw`\ell = \sum_{y_i > y_j} \log\bigl(1 + e^{-\sigma (s_i - s_j)}\bigr)`,
  references: [
    {
      title: "Burges et al., Learning to Rank Using Gradient Descent (2005)",
      url: "https://doi.org/10.1145/1102351.1102363",
    },
  ],
  yTrue: grades,
  params: { sigma: positive(1, "what differences of scores are multiplied by") },
  value(yTrue, yPred, { sigma }, { classMask }) {
    const higher = less(ofSecond(yTrue), ofFirst(yTrue));
    const compared = classMask === undefined ? higher : and(higher, and(ofFirst(classMask), ofSecond(classMask)));
    const scores = present(yPred, classMask, 0);
    const behind = where(compared, sub(ofSecond(scores), ofFirst(scores)), 0);
    return sum(where(compared, softplus(mul(sigma, behind)), 0), [-2, -1]);
  },
  textbook(y: readonly number[], s: readonly number[], { sigma }) {
    let total = 0;
    for (const [i, first] of s.entries()) {
      for (const [j, second] of s.entries()) {
        if ((y[i] as number) > (y[j] as number)) total += Math.log(1 + Math.exp(-sigma * (first - second)));
      }
    }
    return total;
  },
  examples: [
    { yTrue: [1, 0], yPred: [0, 0], loss: Math.LN2 },
    { yTrue: [2, 1, 0], yPred: [3, 3, 3], loss: 3 * Math.LN2 },
    { yTrue: [1, 1], yPred: [0, 5], loss: 0 },
  ],
  traits: { smooth: true, convex: true, nonNegative: true },
});

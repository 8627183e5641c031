import { logSumExp, not, or, sub, sum, where } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { comesBefore, grades, isSame, ofFirst, ofSecond, overLists, present } from "./lists.ts";

/**
 * Σ_i [log Σ_{j from i on} e^(s_j) − s_i] in the order of the labels, highest first, equal ones in the order of the list; one number a
 * list: −log of the probability of that order under the Plackett–Luce model. Nothing is sorted: all pairs are compared, n² numbers for a
 * list of n items.
 */
export const listMle = defineLoss({
  name: "listMle",
  aliases: ["listMleLoss", "plackettLuce", "plackettLuceNll"],
  ...overLists,
  summary: "How improbable the right order is, if items are drawn one after another by their scores.",
  formula: String.raw`\ell = \sum_i \Bigl(\log \sum_{j \ge i} e^{s_{(j)}} - s_{(i)}\Bigr), \quad y_{(1)} \ge y_{(2)} \ge \dots`,
  references: [
    {
      title: "Xia et al., Listwise Approach to Learning to Rank: Theory and Algorithm (2008)",
      url: "https://doi.org/10.1145/1390156.1390306",
    },
  ],
  yTrue: grades,
  value(yTrue, yPred, _, { classMask }) {
    const scores = present(yPred, classMask, 0);
    const self = isSame(yPred);
    const gone = or(self, comesBefore(yTrue));
    const out = classMask === undefined ? gone : or(gone, not(ofSecond(classMask)));
    // An item beside itself is e⁰ and no difference: its two slopes would cancel.
    const others = where(out, Number.NEGATIVE_INFINITY, sub(ofSecond(scores), ofFirst(scores)));
    const costs = logSumExp(where(self, 0, others));
    return sum(present(costs, classMask, 0), [-1]);
  },
  textbook(y: readonly number[], s: readonly number[]) {
    const order = s.map((_, i) => i).sort((i, j) => (y[j] as number) - (y[i] as number) || i - j);
    let total = 0;
    let left = 0;
    for (const i of order.reverse()) {
      left += Math.exp(s[i] as number);
      total += Math.log(left) - (s[i] as number);
    }
    return total;
  },
  examples: [
    { yTrue: [1, 0], yPred: [0, 0], loss: Math.LN2 },
    { yTrue: [0, 2, 1], yPred: [4, 4, 4], loss: Math.log(6) },
  ],
  traits: { smooth: true, convex: true, nonNegative: true },
});

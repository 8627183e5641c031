import { div, logSoftmax, neg, sum, where } from "../../graph/index.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import { positive } from "../params.ts";
import { naiveCosine } from "./distances.ts";
import { anyOf, cosines, countOf, labelled, pairsOf } from "./similarities.ts";

/**
 * The mean over a row's positives of −log of their share among all other rows, by cosines over a temperature; one number a row, 0 for a row
 * without positives.
 */
export const supervisedContrastive = defineArrayLoss({
  name: "supervisedContrastive",
  aliases: ["supCon", "supConLoss", "supervisedContrastiveLoss"],
  task: "embedding",
  summary: "Rows of one label are drawn together, all of them at once, away from the rest of the batch.",
  formula: String.raw`\ell_i = \frac{1}{|P_i|} \sum_{p \in P_i} \Bigl(\log \sum_{a \ne i} e^{s_{ia}/\tau} - s_{ip}/\tau\Bigr)`,
  references: [
    { title: "Khosla et al., Supervised Contrastive Learning (2020)", url: "https://arxiv.org/abs/2004.11362" },
  ],
  ...labelled,
  losses: "N",
  together: true,
  params: { temperature: positive(0.1, "what cosines are divided by") },
  value(yTrue, yPred, { temperature }) {
    const s = div(cosines(yPred, yPred), temperature);
    const { positive: pair, self } = pairsOf(yTrue);
    if ((s.shape[0] as number) < 2) return sum(where(pair, s, 0), [-1]);
    const logShares = logSoftmax(where(self, Number.NEGATIVE_INFINITY, s));
    const costs = div(sum(where(pair, neg(logShares), 0), [-1]), countOf(pair, s));
    return where(anyOf(pair, s), costs, 0);
  },
  textbook: (y: number[], x: number[][], { temperature }) =>
    x.map((a, i) => {
      const s = x.map((b) => naiveCosine(a, b) / temperature);
      const lse = Math.log(s.reduce((total, z, k) => total + (k === i ? 0 : Math.exp(z)), 0));
      const costs = s.flatMap((z, p) => (p !== i && y[p] === y[i] ? [lse - z] : []));
      return costs.length === 0 ? 0 : costs.reduce((c, d) => c + d, 0) / costs.length;
    }),
  examples: [
    { yTrue: [0, 0], yPred: [[1], [2]], loss: 0 },
    { yTrue: [0, 0, 0], yPred: [[1], [2], [3]], loss: Math.LN2 },
  ],
  traits: { smooth: true, nonNegative: true },
});

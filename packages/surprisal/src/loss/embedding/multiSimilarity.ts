import { add, div, mul, sub } from "../../graph/index.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import { finite, positive } from "../params.ts";
import { naiveCosine } from "./distances.ts";
import { cosines, labelled, logOnePlus, pairsOf } from "./similarities.ts";

/** log(1 + Σ_pos e^(−α (s − base)))/α + log(1 + Σ_neg e^(β (s − base)))/β of the cosines s, one number a row. */
export const multiSimilarity = defineArrayLoss({
  name: "multiSimilarity",
  aliases: ["multiSimilarityLoss"],
  task: "embedding",
  summary: "Weighs pairs by how far they are on the wrong side of a base similarity, and by how the others do.",
  formula: String.raw`\ell_i = \tfrac1\alpha \log\Bigl(1 + \sum_{P_i} e^{-\alpha (s_{ip} - \lambda)}\Bigr) + \tfrac1\beta \log\Bigl(1 + \sum_{N_i} e^{\beta (s_{in} - \lambda)}\Bigr)`,
  references: [
    {
      title: "Wang et al., Multi-Similarity Loss with General Pair Weighting for Deep Metric Learning (2019)",
      url: "https://arxiv.org/abs/1904.06627",
    },
  ],
  ...labelled,
  losses: "N",
  together: true,
  params: {
    alpha: positive(2, "how sharply positives are weighed"),
    beta: positive(50, "how sharply negatives are weighed"),
    base: finite(0.5, "the cosine that separates near from far"),
  },
  value(yTrue, yPred, { alpha, beta, base }) {
    const s = sub(cosines(yPred, yPred), base);
    const { positive: pair, negative } = pairsOf(yTrue);
    return add(div(logOnePlus(pair, mul(-alpha, s)), alpha), div(logOnePlus(negative, mul(beta, s)), beta));
  },
  textbook: (y: number[], x: number[][], { alpha, beta, base }) =>
    x.map((a, i) => {
      const s = x.map((b) => naiveCosine(a, b) - base);
      const total = (chosen: (k: number) => boolean, factor: number) =>
        Math.log(s.reduce((t, z, k) => t + (chosen(k) ? Math.exp(factor * z) : 0), 1));
      return total((k) => k !== i && y[k] === y[i], -alpha) / alpha + total((k) => y[k] !== y[i], beta) / beta;
    }),
  examples: [
    { yTrue: [0], yPred: [[1]], loss: 0 },
    { yTrue: [0, 0], yPred: [[1], [2]], options: { base: 1, alpha: 1 }, loss: Math.LN2 },
  ],
  traits: { nonNegative: true },
});

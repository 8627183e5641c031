import { div } from "../../graph/index.ts";
import { costOfPicked } from "../classification/rows.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import { flag, positive } from "../params.ts";
import { naiveCosine, naiveDot, pairParts } from "./distances.ts";
import { cosines, diagonal, products } from "./similarities.ts";

/** −log softmax of row i's similarities with all rows of the other array, at i; one number a row. Costs a product of N × N similarities. */
export const infoNce = defineArrayLoss({
  name: "infoNce",
  aliases: ["infoNoiseContrastive", "inBatchNegatives", "multipleNegativesRanking"],
  task: "embedding",
  summary: "Each row should be more like its partner than like the partners of the other rows.",
  formula: String.raw`\ell_i = \log \sum_j e^{s_{ij} / \tau} - s_{ii} / \tau`,
  references: [
    {
      title: "van den Oord, Li, Vinyals, Representation Learning with Contrastive Predictive Coding (2018)",
      url: "https://arxiv.org/abs/1807.03748",
    },
  ],
  yPred: pairParts,
  losses: "N",
  together: true,
  params: {
    temperature: positive(0.5, "what similarities are divided by"),
    normalize: flag(true, "whether similarities are cosines instead of products"),
  },
  value(_, { first, second }, { temperature, normalize }) {
    const similarity = div(normalize ? cosines(first, second) : products(first, second), temperature);
    return costOfPicked(diagonal(similarity), similarity);
  },
  textbook: (_, x: Record<"first" | "second", number[][]>, { temperature, normalize }) =>
    x.first.map((a, i) => {
      const s = x.second.map((b) => (normalize ? naiveCosine(a, b) : naiveDot(a, b)) / temperature);
      return Math.log(s.reduce((total, z) => total + Math.exp(z), 0)) - (s[i] as number);
    }),
  examples: [
    { yTrue: undefined, yPred: { first: [[1], [1]], second: [[2], [3]] }, loss: Math.LN2 },
    { yTrue: undefined, yPred: { first: [[1]], second: [[5]] }, options: { normalize: false }, loss: 0 },
  ],
  traits: { smooth: true, nonNegative: true },
});

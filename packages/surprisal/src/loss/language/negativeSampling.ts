import { add, neg, softplus, sum } from "../../graph/index.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import { logits } from "../domain.ts";

/** log(1 + e^−true) + Σ_k log(1 + e^sampled_k), one number a row: the true one told from noise. */
export const negativeSampling = defineArrayLoss({
  name: "negativeSampling",
  aliases: ["skipGramNegativeSampling", "word2vec"],
  task: "language",
  summary: "Tells what belongs together from random draws; cheap where there are very many classes.",
  formula: String.raw`\ell = \log(1 + e^{-z_y}) + \sum_k \log(1 + e^{z_k})`,
  references: [
    {
      title: "Mikolov et al., Distributed Representations of Words and Phrases and their Compositionality (2013)",
      url: "https://arxiv.org/abs/1310.4546",
    },
  ],
  yPred: {
    true: { axes: "N", domain: logits, doc: "the logit of what belongs" },
    sampled: { axes: "N K", domain: logits, doc: "the logits of random draws" },
  },
  losses: "N",
  value: (_, { true: target, sampled }) => add(softplus(neg(target)), sum(softplus(sampled), [-1])),
  textbook: (_, yPred: { true: number[]; sampled: number[][] }) =>
    yPred.true.map((z, i) =>
      (yPred.sampled[i] as number[]).reduce(
        (total, x) => total + Math.log(1 + Math.exp(x)),
        Math.log(1 + Math.exp(-z)),
      ),
    ),
  examples: [{ yTrue: undefined, yPred: { true: [0], sampled: [[0]] }, loss: 2 * Math.LN2 }],
  traits: { smooth: true, convex: true, nonNegative: true },
});

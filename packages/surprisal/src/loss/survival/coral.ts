import { add, broadcastTo, iota, less, neg, softplus, sum, where } from "../../graph/index.ts";
import { alongClasses } from "../classes.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import { classIndex, logits } from "../domain.ts";
import { ifClass } from "./targets.ts";

/**
 * Σ_k of the logistic cost of "the class is above k" with the logit score + bias_k, for classes 0 … K in order. All rows share the K biases,
 * so that the answers cannot contradict each other once the biases descend.
 */
export const coral = defineArrayLoss({
  name: "coral",
  aliases: ["coralLoss", "rankConsistentOrdinal"],
  task: "ordinal",
  summary: "For ordered classes: one score, and a yes-or-no question at each step between neighbouring classes.",
  formula: String.raw`\ell = \sum_k \log\bigl(1 + e^{\mp (f + b_k)}\bigr), \quad - \text{ where } y > k`,
  references: [
    {
      title:
        "Cao, Mirjalili, Raschka, Rank consistent ordinal regression for neural networks with application to age estimation (2020)",
      url: "https://arxiv.org/abs/1901.07884",
    },
  ],
  yTrue: { axes: "N", domain: classIndex, classes: "K+1", doc: "the class, a number from 0" },
  yPred: {
    score: { axes: "N", domain: logits, doc: "what the row's class is judged by" },
    biases: { axes: "K", domain: logits, doc: "what is added to it at each step; one fewer than there are classes" },
  },
  losses: "N",
  value(yTrue, { score, biases }) {
    const steps = broadcastTo(biases, [...score.shape, ...biases.shape]);
    const logit = add(alongClasses(score, steps), steps);
    const isAbove = less(iota(-1, steps.shape), alongClasses(yTrue, steps));
    const cost = sum(softplus(where(isAbove, neg(logit), logit)), [-1]);
    return ifClass(yTrue, (biases.shape[0] as number) + 1, cost);
  },
  textbook: (y: number[], { score, biases }: Record<"score" | "biases", number[]>) =>
    y.map((label, n) =>
      biases.reduce((total, bias, k) => {
        const above = 1 / (1 + Math.exp(-((score[n] as number) + bias)));
        return total - Math.log(label > k ? above : 1 - above);
      }, 0),
    ),
  examples: [
    { yTrue: [1], yPred: { score: [0], biases: [0, 0] }, loss: 2 * Math.LN2 },
    { yTrue: [0], yPred: { score: [2], biases: [-2] }, loss: Math.LN2 },
  ],
  traits: { smooth: true, convex: true, nonNegative: true },
});

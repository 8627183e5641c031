import { softplus, sub } from "../../graph/index.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import { logits } from "../domain.ts";

/** −log σ(positive − negative), one number a pair: what was taken should score above what was not. */
export const bpr = defineArrayLoss({
  name: "bpr",
  aliases: ["bayesianPersonalizedRanking", "bprLoss"],
  task: "ranking",
  summary: "Recommendations from what was taken: each should score above something that was not.",
  formula: String.raw`\ell = \log\bigl(1 + e^{-(s_+ - s_-)}\bigr)`,
  references: [
    {
      title: "Rendle et al., BPR: Bayesian Personalized Ranking from Implicit Feedback (2009)",
      url: "https://arxiv.org/abs/1205.2618",
    },
  ],
  yPred: {
    positive: { axes: "N", domain: logits, doc: "the score of what was taken" },
    negative: { axes: "N", domain: logits, doc: "the score of what was not" },
  },
  losses: "N",
  value: (_, { positive, negative }) => softplus(sub(negative, positive)),
  textbook: (_, x: Record<"positive" | "negative", number[]>) =>
    x.positive.map((s, i) => Math.log(1 + Math.exp((x.negative[i] as number) - s))),
  examples: [{ yTrue: undefined, yPred: { positive: [2], negative: [2] }, loss: Math.LN2 }],
  traits: { smooth: true, convex: true, nonNegative: true },
});

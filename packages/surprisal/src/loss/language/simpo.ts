import { mul, sub } from "../../graph/index.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import { nonNegative, positive } from "../params.ts";
import { answers, logisticCost, naiveLogistic } from "./preference.ts";

/** −log σ(β (chosen − rejected) − γ), one number a pair, of mean log-probabilities of tokens. No reference model is needed. */
export const simpo = defineArrayLoss({
  name: "simpo",
  aliases: ["simplePreferenceOptimization", "simpoLoss"],
  task: "language",
  summary: "Preferences by length-normalised likelihoods that are to lie at least a margin apart.",
  formula: String.raw`\ell = \log\bigl(1 + e^{-(\beta (\log p_w - \log p_l) - \gamma)}\bigr)`,
  references: [
    {
      title: "Meng, Xia, Chen, SimPO: Simple Preference Optimization with a Reference-Free Reward (2024)",
      url: "https://arxiv.org/abs/2405.14734",
    },
  ],
  yPred: answers,
  losses: "N",
  params: {
    beta: positive(2, "how much a difference counts"),
    gamma: nonNegative(1, "the margin that the difference is to exceed"),
  },
  value: (_, { chosen, rejected }, { beta, gamma }) => logisticCost(sub(mul(beta, sub(chosen, rejected)), gamma)),
  textbook: (_, { chosen, rejected }: Record<string, number[]>, { beta, gamma }) =>
    (chosen as number[]).map((w, i) => naiveLogistic(beta * (w - (rejected?.[i] as number)) - gamma)),
  examples: [
    { yTrue: undefined, yPred: { chosen: [-1], rejected: [-1.5] }, loss: Math.LN2 },
    { yTrue: undefined, yPred: { chosen: [-2], rejected: [-2] }, options: { gamma: 0 }, loss: Math.LN2 },
  ],
  traits: { smooth: true, convex: true, nonNegative: true },
});

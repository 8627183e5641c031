import { mul, sub } from "../../graph/index.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import { nonNegative, positive } from "../params.ts";
import { answers, logisticCost, naiveLogistic } from "./preference.ts";

/** −log σ(β (chosen − rejected)) − α · chosen, one number a pair: a preference, and the likelihood of the preferred answer. */
export const cpo = defineArrayLoss({
  name: "cpo",
  aliases: ["contrastivePreferenceOptimization", "cpoLoss"],
  task: "language",
  summary: "Preferences without a reference model, held to the preferred answer by its likelihood.",
  formula: String.raw`\ell = \log\bigl(1 + e^{-\beta (\log p_w - \log p_l)}\bigr) - \alpha \log p_w`,
  references: [
    {
      title:
        "Xu et al., Contrastive Preference Optimization: Pushing the Boundaries of LLM Performance in Machine Translation (2024)",
      url: "https://arxiv.org/abs/2401.08417",
    },
  ],
  yPred: answers,
  losses: "N",
  params: {
    beta: positive(0.1, "how much a difference counts"),
    alpha: nonNegative(1, "the weight of the likelihood"),
  },
  value: (_, { chosen, rejected }, { beta, alpha }) =>
    sub(logisticCost(mul(beta, sub(chosen, rejected))), mul(alpha, chosen)),
  textbook: (_, { chosen, rejected }: Record<string, number[]>, { beta, alpha }) =>
    (chosen as number[]).map((w, i) => naiveLogistic(beta * (w - (rejected?.[i] as number))) - alpha * w),
  examples: [
    { yTrue: undefined, yPred: { chosen: [-3], rejected: [-3] }, loss: Math.LN2 + 3 },
    { yTrue: undefined, yPred: { chosen: [-3], rejected: [-3] }, options: { alpha: 0 }, loss: Math.LN2 },
  ],
  traits: { smooth: true, convex: true, nonNegative: true },
});

import { add, exp, maximum, minimum, mul, neg, sub } from "../../graph/index.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import { real } from "../domain.ts";
import { nonNegative } from "../params.ts";
import { excessOverExp, timesExp } from "../special.ts";
import { logProbability } from "./preference.ts";

/**
 * −min(r A, clip(r) A) + β k₃ with r = e^(log p − log p_old), clipped to [1 − clipLow, 1 + clipHigh], and k₃ = e^d − 1 − d, d = log p_ref − log p;
 * one number an action. At the clip's edge the gradient is that of r A.
 */
export const ppoClip = defineArrayLoss({
  name: "ppoClip",
  aliases: ["ppo", "clippedSurrogate", "grpo"],
  task: "language",
  summary: "Policy gradient that stops pulling once an action's probability has moved far enough.",
  formula: String.raw`\ell = -\min\bigl(r A, \operatorname{clip}(r, 1 - \epsilon_l, 1 + \epsilon_h) A\bigr) + \beta (e^d - 1 - d)`,
  references: [
    {
      title: "Schulman et al., Proximal Policy Optimization Algorithms (2017)",
      url: "https://arxiv.org/abs/1707.06347",
    },
    {
      title: "Shao et al., DeepSeekMath (2024), for the divergence in the loss",
      url: "https://arxiv.org/abs/2402.03300",
    },
  ],
  yTrue: { axes: "N", domain: real, doc: "the advantage of each action" },
  yPred: logProbability("the action under the policy that is trained"),
  inputs: {
    oldLogProbability: logProbability("the action under the policy that took it"),
    referenceLogProbability: {
      ...logProbability("the action under the reference; needed if beta is not 0"),
      optional: true,
    },
  },
  losses: "N",
  params: {
    clipLow: nonNegative(0.2, "by how much a probability ratio may fall below 1"),
    clipHigh: nonNegative(0.2, "by how much it may rise above 1"),
    beta: nonNegative(0, "the weight of the divergence from the reference"),
  },
  value(advantage, policy, { clipLow, clipHigh, beta }, { oldLogProbability, referenceLogProbability }) {
    const change = sub(policy, oldLogProbability);
    // Well above the clip the ratio itself may be beyond all numbers.
    const ratio = exp(minimum(change, 1 + Math.log1p(clipHigh)));
    const clipped = maximum(minimum(ratio, 1 + clipHigh), 1 - clipLow);
    const cost = neg(minimum(timesExp(advantage, change), mul(clipped, advantage)));
    if (beta === 0) return cost;
    return add(cost, mul(beta, excessOverExp(sub(referenceLogProbability ?? oldLogProbability, policy))));
  },
  textbook(advantage: number[], policy: number[], { clipLow, clipHigh, beta }, inputs: Record<string, number[]>) {
    return policy.map((logP, i) => {
      const r = Math.exp(logP - (inputs.oldLogProbability?.[i] as number));
      const d = (inputs.referenceLogProbability?.[i] as number) - logP;
      const a = advantage[i] as number;
      const clipped = Math.min(Math.max(r, 1 - clipLow), 1 + clipHigh);
      return -Math.min(r * a, clipped * a) + beta * (Math.exp(d) - d - 1);
    });
  },
  examples: [
    { yTrue: [2], yPred: [-1], options: { oldLogProbability: [-1] }, loss: -2 },
    { yTrue: [1], yPred: [-1], options: { oldLogProbability: [-2], clipHigh: 0.25 }, loss: -1.25 },
  ],
});

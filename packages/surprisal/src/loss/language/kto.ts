import { constant, less, mul, neg, sigmoid, sub, where } from "../../graph/index.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import { unitInterval } from "../domain.ts";
import { finite, nonNegative, positive } from "../params.ts";
import { logProbability } from "./preference.ts";

/**
 * w (1 − σ(β (r − kl))) for an answer that is wanted and w (1 − σ(β (kl − r))) for one that is not, r = log policy − log reference; one
 * number an answer. No pairs are needed. The level kl is a constant, estimated from other answers of the batch.
 */
export const kto = defineArrayLoss({
  name: "kto",
  aliases: ["kahnemanTverskyOptimization", "ktoLoss"],
  task: "language",
  summary: "Preferences from single answers that were good or bad, weighed as people weigh gains and losses.",
  formula: String.raw`\ell = w_y \bigl(1 - \sigma(\pm \beta (r - \mathrm{kl}))\bigr), \quad r = \log \frac{\pi}{\mathrm{ref}}`,
  references: [
    {
      title: "Ethayarajh et al., KTO: Model Alignment as Prospect Theoretic Optimization (2024)",
      url: "https://arxiv.org/abs/2402.01306",
    },
  ],
  yTrue: { axes: "N", domain: unitInterval, doc: "1 for an answer that is wanted, 0 for one that is not" },
  yPred: {
    policy: logProbability("the answer under the model that is trained"),
    reference: logProbability("the answer under the reference"),
  },
  losses: "N",
  params: {
    beta: positive(0.1, "how much a log-ratio counts"),
    kl: finite(0, "the log-ratio from which on an answer counts as a gain"),
    desirableWeight: nonNegative(1, "the weight of answers that are wanted"),
    undesirableWeight: nonNegative(1, "the weight of those that are not"),
  },
  value(yTrue, { policy, reference }, { beta, kl, desirableWeight, undesirableWeight }) {
    const gain = mul(beta, sub(sub(policy, reference), kl));
    // 1 − σ(x) is σ(−x), to its last digits.
    const wanted = less(0.5, yTrue);
    const cost = sigmoid(where(wanted, neg(gain), gain));
    return mul(where(wanted, constant(desirableWeight, cost.dtype, cost.shape), undesirableWeight), cost);
  },
  textbook(y: number[], { policy, reference }: Record<string, number[]>, params) {
    return y.map((label, i) => {
      const r = (policy?.[i] as number) - (reference?.[i] as number);
      const sign = label > 0.5 ? 1 : -1;
      const weight = label > 0.5 ? params.desirableWeight : params.undesirableWeight;
      return weight * (1 - 1 / (1 + Math.exp(-sign * params.beta * (r - params.kl))));
    });
  },
  examples: [
    { yTrue: [1], yPred: { policy: [-3], reference: [-3] }, loss: 0.5 },
    { yTrue: [0], yPred: { policy: [-3], reference: [-3] }, options: { undesirableWeight: 2 }, loss: 1 },
  ],
  traits: { smooth: true, nonNegative: true },
});

import { add, and, maximum, mul, type Node, softplus, stopGradient, sub, where } from "../../graph/index.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import { flag, nonNegative, positive } from "../params.ts";
import { naiveCosine, naiveDot } from "./distances.ts";
import { anyOf, cosines, labelled, logSumOf, pairsOf, products } from "./similarities.ts";

/**
 * log(1 + Σ_neg e^(γ a_n (s − m)) · Σ_pos e^(−γ a_p (s − (1 − m)))), one number a row, with weights a_p = max(0, 1 + m − s) and
 * a_n = max(0, s + m) that say how far each is from where it should be; they are held constant in the gradient unless told otherwise.
 * 0 for a row without positives or without negatives.
 */
export const circle = defineArrayLoss({
  name: "circle",
  aliases: ["circleLoss"],
  task: "embedding",
  summary: "Pairs pull the harder, the farther they are from where they should be.",
  formula: String.raw`\ell_i = \log\Bigl(1 + \sum_{N_i} e^{\gamma a_n (s_n - m)} \sum_{P_i} e^{-\gamma a_p (s_p - 1 + m)}\Bigr)`,
  references: [
    {
      title: "Sun et al., Circle Loss: A Unified Perspective of Pair Similarity Optimization (2020)",
      url: "https://arxiv.org/abs/2002.10857",
    },
  ],
  ...labelled,
  losses: "N",
  together: true,
  params: {
    margin: nonNegative(0.4, "how far from perfect a similarity may be"),
    gamma: positive(80, "the scale of similarities"),
    stopWeightGradient: flag(true, "whether the weights are held constant, as in the paper"),
    normalize: flag(true, "whether similarities are cosines; false for embeddings of length 1"),
  },
  heldConstant: ({ stopWeightGradient }) => stopWeightGradient,
  value(yTrue, yPred, { margin, gamma, stopWeightGradient, normalize }) {
    const s = normalize ? cosines(yPred, yPred) : products(yPred, yPred);
    const weight = (x: Node) => (stopWeightGradient ? stopGradient(maximum(0, x)) : maximum(0, x));
    const near = mul(-gamma, mul(weight(sub(1 + margin, s)), sub(s, 1 - margin)));
    const far = mul(gamma, mul(weight(add(s, margin)), sub(s, margin)));
    const { positive: pair, negative } = pairsOf(yTrue);
    const both = and(anyOf(pair, s), anyOf(negative, s));
    return where(both, softplus(add(logSumOf(pair, near), logSumOf(negative, far))), 0);
  },
  textbook: (y: number[], x: number[][], { margin: m, gamma, normalize }) =>
    x.map((a, i) => {
      const s = x.map((b) => (normalize ? naiveCosine(a, b) : naiveDot(a, b)));
      const near = s.filter((_, k) => k !== i && y[k] === y[i]);
      const far = s.filter((_, k) => y[k] !== y[i]);
      const sum = (exponents: readonly number[]) => exponents.reduce((total, e) => total + Math.exp(e), 0);
      const pull = sum(near.map((z) => -gamma * Math.max(0, 1 + m - z) * (z - 1 + m)));
      const push = sum(far.map((z) => gamma * Math.max(0, z + m) * (z - m)));
      return Math.log(1 + pull * push);
    }),
  compat: [
    {
      framework: "keras",
      name: "keras.losses.Circle",
      arguments: { gamma: "gamma", margin: "margin" },
      options: { stopWeightGradient: false, normalize: false },
      differs: "The mean is over losses above 0 there.",
    },
  ],
  examples: [
    { yTrue: [0, 1], yPred: [[1], [2]], loss: 0 },
    {
      yTrue: [0, 0, 1],
      yPred: [
        [1, 0],
        [1, 0],
        [0, 1],
      ],
      options: { margin: 0 },
      loss: (2 * Math.LN2) / 3,
    },
  ],
  traits: { nonNegative: true },
});

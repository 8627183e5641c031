import { add, logSumExp, mul, square, where } from "../../graph/index.ts";
import { isKnownLabel, isLabel } from "../classes.ts";
import { costOfPicked } from "../classification/rows.ts";
import { defineLoss } from "../define.ts";
import { nonNegative } from "../params.ts";
import { overTokens, plainCost, tokenParams } from "./tokens.ts";

/** −log softmax(z)_y + zLoss · (log Σ e^z)², one number a row. The second term counts a row like the first: weights, masks and divisor are the same. */
export const zLossCrossentropy = defineLoss({
  name: "zLossCrossentropy",
  aliases: ["crossEntropyWithZLoss", "ceZLoss"],
  ...overTokens,
  summary: "Cross-entropy that also keeps logits from drifting away from log-probabilities.",
  formula: String.raw`\ell = \log \sum_c e^{z_c} - z_y + \lambda \Bigl(\log \sum_c e^{z_c}\Bigr)^2`,
  references: [
    {
      title: "Chowdhery et al., PaLM: Scaling Language Modeling with Pathways (2022)",
      url: "https://arxiv.org/abs/2204.02311",
    },
  ],
  params: { ...tokenParams, zLoss: nonNegative(1e-4, "the weight of the squared logarithm of the sum") },
  value(yTrue, yPred, { zLoss }) {
    const cost = costOfPicked(isLabel(yTrue, yPred), yPred);
    const total = zLoss === 0 ? cost : add(cost, mul(zLoss, square(logSumExp(yPred))));
    return where(isKnownLabel(yTrue, yPred), total, Number.NaN);
  },
  textbook([y]: readonly [number], z: readonly number[], { zLoss, ignoreClass }) {
    if (y === ignoreClass) return 0;
    return plainCost(y, z) + zLoss * Math.log(z.reduce((total, x) => total + Math.exp(x), 0)) ** 2;
  },
  examples: [
    { yTrue: 0, yPred: [0, 0], params: { zLoss: 0.5 }, loss: Math.LN2 + Math.LN2 ** 2 / 2 },
    { yTrue: 1, yPred: [0, 0, 0], params: { zLoss: 0 }, loss: Math.log(3) },
  ],
  traits: { smooth: true, nonNegative: true },
});

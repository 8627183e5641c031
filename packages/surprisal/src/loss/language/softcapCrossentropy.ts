import { where } from "../../graph/index.ts";
import { isKnownLabel, isLabel } from "../classes.ts";
import { costOfPicked } from "../classification/rows.ts";
import { defineLoss } from "../define.ts";
import { positive } from "../params.ts";
import { softcapped } from "./softcap.ts";
import { overTokens, plainCost, tokenParams } from "./tokens.ts";

/**
 * Softmax cross-entropy of softcap · tanh(z / softcap), one number a row. A logit of −Infinity becomes −softcap and keeps some mass: a mask has
 * to be applied after the cap.
 */
export const softcapCrossentropy = defineLoss({
  name: "softcapCrossentropy",
  aliases: ["softcappedCrossentropy", "logitSoftcapCrossentropy"],
  ...overTokens,
  summary: "Cross-entropy of logits that are bent back before they reach ± softcap.",
  formula: String.raw`\ell = \log \sum_c e^{\tilde z_c} - \tilde z_y, \quad \tilde z = k \tanh(z / k)`,
  references: [
    {
      title: "Gemma Team, Gemma 2: Improving Open Language Models at a Practical Size (2024)",
      url: "https://arxiv.org/abs/2408.00118",
    },
  ],
  params: { ...tokenParams, softcap: positive(30, "the size k that no capped logit reaches") },
  value(yTrue, yPred, { softcap }) {
    const isTarget = isLabel(yTrue, yPred);
    const { gaps } = softcapped(yPred, softcap);
    return where(isKnownLabel(yTrue, yPred), costOfPicked(isTarget, gaps), Number.NaN);
  },
  textbook([y]: readonly [number], z: readonly number[], { softcap, ignoreClass }) {
    if (y === ignoreClass) return 0;
    return plainCost(
      y,
      z.map((x) => softcap * Math.tanh(x / softcap)),
    );
  },
  examples: [
    { yTrue: 0, yPred: [2, 2], loss: Math.LN2 },
    { yTrue: 1, yPred: [0, 0, 0], params: { softcap: 5 }, loss: Math.log(3) },
    { yTrue: 1, yPred: [1e30, 0], params: { softcap: 2 }, loss: 2 + Math.log1p(Math.exp(-2)) },
  ],
  traits: { smooth: true, nonNegative: true },
});

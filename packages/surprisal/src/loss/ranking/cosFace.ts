import { defineLoss } from "../define.ts";
import { nonNegative, positive } from "../params.ts";
import { cosineCost, overCosines, plainCosineCost } from "./cosines.ts";

/** Softmax cross-entropy of scaled cosines, the target's being lowered by a margin; one number a row. */
export const cosFace = defineLoss({
  name: "cosFace",
  aliases: ["cosFaceLoss", "largeMarginCosine", "amSoftmax", "additiveMarginSoftmax"],
  ...overCosines,
  summary: "Asks the cosine to the own class's centre to exceed all others by a margin.",
  formula: String.raw`\ell = -\log \frac{e^{s (\cos \theta_y - m)}}{e^{s (\cos \theta_y - m)} + \sum_{c \ne y} e^{s \cos \theta_c}}`,
  references: [
    {
      title: "Wang et al., CosFace: Large Margin Cosine Loss for Deep Face Recognition (2018)",
      url: "https://arxiv.org/abs/1801.09414",
    },
  ],
  params: {
    scale: positive(64, "what cosines are multiplied by"),
    margin: nonNegative(0.35, "what is taken off the target's cosine"),
  },
  value: (yTrue, yPred, { scale, margin }) => cosineCost(yTrue, yPred, scale, () => margin),
  textbook: ([y]: readonly [number], x: readonly number[], { scale, margin }) =>
    plainCosineCost(y, x, scale, (x[y] as number) - margin),
  examples: [
    { yTrue: 0, yPred: [0.5, 0.25], params: { margin: 0.25 }, loss: Math.LN2 },
    { yTrue: 1, yPred: [0, 0, 0], params: { margin: 0 }, loss: Math.log(3) },
  ],
  traits: { convex: true, nonNegative: true },
});

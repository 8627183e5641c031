import { defineLoss } from "../define.ts";
import { positive } from "../params.ts";
import { cosineCost, overCosines, plainCosineCost } from "./cosines.ts";

/** Softmax cross-entropy of cosines over a temperature, one number a row. */
export const normalizedSoftmax = defineLoss({
  name: "normalizedSoftmax",
  aliases: ["normalizedSoftmaxLoss", "normFace", "cosineSoftmax"],
  ...overCosines,
  summary: "Draws an embedding to its class's centre and away from the others, by direction alone.",
  formula: String.raw`\ell = -\log \frac{e^{\cos \theta_y / \tau}}{\sum_c e^{\cos \theta_c / \tau}}`,
  references: [
    {
      title: "Wang et al., NormFace: L2 Hypersphere Embedding for Face Verification (2017)",
      url: "https://arxiv.org/abs/1704.06369",
    },
  ],
  params: { temperature: positive(0.05, "what cosines are divided by; lower ones ask for larger gaps") },
  value: (yTrue, yPred, { temperature }) => cosineCost(yTrue, yPred, 1 / temperature, () => 0),
  textbook: ([y]: readonly [number], x: readonly number[], { temperature }) =>
    plainCosineCost(y, x, 1 / temperature, x[y] as number),
  examples: [
    { yTrue: 0, yPred: [0.5, 0.5], loss: Math.LN2 },
    { yTrue: 1, yPred: [0, 0, 0], params: { temperature: 1 }, loss: Math.log(3) },
  ],
  traits: { smooth: true, convex: true, nonNegative: true },
});

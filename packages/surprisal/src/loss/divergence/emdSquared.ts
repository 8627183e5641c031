import { square, sum } from "../../graph/index.ts";
import { naiveShares } from "../classification/shares.ts";
import { defineLoss } from "../define.ts";
import { atCuts, naiveCuts } from "./cumulative.ts";
import { pairDefinition, readPair } from "./pairs.ts";

/** Σ (P_k − Q_k)² over the cuts between classes, P and Q cumulative. The order of the classes matters; smooth, unlike wasserstein1. */
export const emdSquared = defineLoss({
  ...pairDefinition,
  name: "emdSquared",
  aliases: ["squaredEmd", "emd2", "squaredEarthMoversDistance", "squaredWasserstein"],
  summary: "Squared differences of cumulative distributions: being off by many classes costs more than by one.",
  formula: String.raw`\ell = \sum_{k=1}^{C-1} \Bigl( \sum_{c \le k} p_c - q_c \Bigr)^2`,
  references: [
    {
      title: "Hou, Yu, Samaras, Squared Earth Mover's Distance-based Loss for Training Deep Neural Networks (2016)",
      url: "https://arxiv.org/abs/1611.05916",
    },
  ],
  value: (yTrue, yPred, kind) => sum(square(atCuts(readPair(yTrue, yPred, kind))), [-1]),
  textbook: (p: readonly number[], x: readonly number[], kind) =>
    naiveCuts(p, naiveShares(x, kind)).reduce((total, d) => total + d ** 2, 0),
  examples: [
    { yTrue: [1, 0, 0], yPred: [0, 0.5, 0.5], loss: 1.25 },
    { yTrue: [0.25, 0.75], yPred: [0.25, 0.75], loss: 0 },
  ],
  traits: { smooth: true, convex: true, nonNegative: true, zeroAtTarget: true, symmetric: true },
});

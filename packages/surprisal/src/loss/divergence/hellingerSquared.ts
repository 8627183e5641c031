import { naiveShares } from "../classification/shares.ts";
import { defineLoss } from "../define.ts";
import { pairDefinition, readPair } from "./pairs.ts";
import { halfSquaredRootDifferences, naiveRootDifferences } from "./roots.ts";

/** ½ Σ (√p − √q)² over the last axis; for distributions 1 − Σ √(pq), from 0 to 1. */
export const hellingerSquared = defineLoss({
  ...pairDefinition,
  name: "hellingerSquared",
  aliases: ["squaredHellinger", "squaredHellingerDistance", "hellingerSquaredDistance"],
  summary: "Half the squared distance between the square roots of two distributions.",
  formula: String.raw`\ell = \tfrac12 \sum_c \bigl(\sqrt{p_c} - \sqrt{q_c}\bigr)^2`,
  references: [
    {
      title: "Gibbs, Su, On Choosing and Bounding Probability Metrics (2002)",
      url: "https://doi.org/10.1111/j.1751-5823.2002.tb00178.x",
    },
  ],
  value: (yTrue, yPred, kind) => halfSquaredRootDifferences(readPair(yTrue, yPred, kind)),
  textbook: (p: readonly number[], x: readonly number[], kind) => naiveRootDifferences(p, naiveShares(x, kind)),
  examples: [
    { yTrue: [1, 0], yPred: [0.25, 0.75], loss: 0.5 },
    { yTrue: [0.25, 0.75], yPred: [0.25, 0.75], loss: 0 },
  ],
  traits: { smooth: true, convex: true, nonNegative: true, zeroAtTarget: true, symmetric: true },
});

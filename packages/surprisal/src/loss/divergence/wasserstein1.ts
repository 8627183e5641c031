import { sum } from "../../graph/index.ts";
import { naiveShares } from "../classification/shares.ts";
import { defineLoss } from "../define.ts";
import { magnitude } from "../special.ts";
import { atCuts, naiveCuts } from "./cumulative.ts";
import { pairDefinition, readPair } from "./pairs.ts";

/**
 * Σ |P_k − Q_k| over the cuts between classes, P and Q cumulative: the mass to be moved times how far, classes being one unit apart.
 * Their order matters. The slope where P_k = Q_k is taken as 0.
 */
export const wasserstein1 = defineLoss({
  ...pairDefinition,
  name: "wasserstein1",
  aliases: ["wasserstein", "wassersteinDistance", "earthMoversDistance", "emd", "emd1", "kantorovich"],
  summary: "How much probability must be moved how far along ordered classes to make one distribution the other.",
  formula: String.raw`\ell = \sum_{k=1}^{C-1} \Bigl| \sum_{c \le k} p_c - q_c \Bigr|`,
  references: [
    {
      title: "Vallender, Calculation of the Wasserstein Distance Between Probability Distributions on the Line (1974)",
      url: "https://doi.org/10.1137/1118101",
    },
  ],
  value: (yTrue, yPred, kind) => sum(magnitude(atCuts(readPair(yTrue, yPred, kind))), [-1]),
  textbook: (p: readonly number[], x: readonly number[], kind) =>
    naiveCuts(p, naiveShares(x, kind)).reduce((total, d) => total + Math.abs(d), 0),
  examples: [
    { yTrue: [1, 0, 0], yPred: [0, 0, 1], loss: 2 },
    { yTrue: [0.25, 0.75], yPred: [0.25, 0.75], loss: 0 },
  ],
  traits: { convex: true, nonNegative: true, zeroAtTarget: true, symmetric: true },
});

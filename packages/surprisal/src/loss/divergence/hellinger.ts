import { naiveShares } from "../classification/shares.ts";
import { defineLoss } from "../define.ts";
import { pairDefinition, readPair } from "./pairs.ts";
import { naiveRootDifferences, rootDistance } from "./roots.ts";

/** √(½ Σ (√p − √q)²) over the last axis: a distance, from 0 to 1 for distributions. The slope at p = q is taken as 0. */
export const hellinger = defineLoss({
  ...pairDefinition,
  name: "hellinger",
  aliases: ["hellingerDistance", "hellingerLoss"],
  summary: "The distance between the square roots of two distributions, from 0 to 1.",
  formula: String.raw`\ell = \Bigl(\tfrac12 \sum_c \bigl(\sqrt{p_c} - \sqrt{q_c}\bigr)^2\Bigr)^{1/2}`,
  references: [
    {
      title: "Gibbs, Su, On Choosing and Bounding Probability Metrics (2002)",
      url: "https://doi.org/10.1111/j.1751-5823.2002.tb00178.x",
    },
  ],
  value: (yTrue, yPred, kind) => rootDistance(readPair(yTrue, yPred, kind)),
  textbook: (p: readonly number[], x: readonly number[], kind) =>
    Math.sqrt(naiveRootDifferences(p, naiveShares(x, kind))),
  examples: [
    { yTrue: [1, 0], yPred: [0, 1], loss: 1 },
    { yTrue: [0.25, 0.75], yPred: [0.25, 0.75], loss: 0 },
  ],
  traits: { nonNegative: true, zeroAtTarget: true, symmetric: true },
});

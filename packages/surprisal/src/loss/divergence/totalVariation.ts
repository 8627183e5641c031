import { mul, sum } from "../../graph/index.ts";
import { naiveShares } from "../classification/shares.ts";
import { defineLoss } from "../define.ts";
import { magnitude } from "../special.ts";
import { pairDefinition, readPair } from "./pairs.ts";

/** ½ Σ |p − q| over the last axis: the largest difference between the probabilities of any event. The slope where p = q is taken as 0. */
export const totalVariation = defineLoss({
  ...pairDefinition,
  name: "totalVariation",
  aliases: ["tvd", "totalVariationDistance", "tvDistance", "tvdLoss"],
  summary: "The largest difference between what two distributions say of any event.",
  formula: String.raw`\ell = \tfrac12 \sum_c |p_c - q_c|`,
  references: [
    {
      title: "Gibbs, Su, On Choosing and Bounding Probability Metrics (2002)",
      url: "https://doi.org/10.1111/j.1751-5823.2002.tb00178.x",
    },
  ],
  value: (yTrue, yPred, kind) => mul(0.5, sum(magnitude(readPair(yTrue, yPred, kind).difference), [-1])),
  textbook(p: readonly number[], x: readonly number[], kind) {
    return naiveShares(x, kind).reduce((total, q, c) => total + Math.abs((p[c] as number) - q), 0) / 2;
  },
  examples: [
    { yTrue: [1, 0], yPred: [0.25, 0.75], loss: 0.75 },
    { yTrue: [0.25, 0.75], yPred: [0.25, 0.75], loss: 0 },
  ],
  traits: { convex: true, nonNegative: true, zeroAtTarget: true, symmetric: true },
});

import { mul } from "../../graph/index.ts";
import { naiveShares } from "../classification/shares.ts";
import { defineLoss } from "../define.ts";
import { pairDefinition, readPair } from "./pairs.ts";
import { renyi } from "./renyi.ts";

/** −log Σ √(pq) over the last axis, half of renyiDivergence of order 1/2; infinite for distributions without a common outcome. */
export const bhattacharyya = defineLoss({
  ...pairDefinition,
  name: "bhattacharyya",
  aliases: ["bhattacharyyaDistance", "bhattacharyyaLoss"],
  summary: "Minus the logarithm of how far two distributions overlap.",
  formula: String.raw`\ell = -\log \sum_c \sqrt{p_c\, q_c}`,
  references: [{ title: "Bhattacharyya, On a Measure of Divergence Between Two Statistical Populations (1943)" }],
  value: (yTrue, yPred, kind) => mul(0.5, renyi(readPair(yTrue, yPred, kind), 0.5)),
  textbook(p: readonly number[], x: readonly number[], kind) {
    return -Math.log(naiveShares(x, kind).reduce((total, q, c) => total + Math.sqrt((p[c] as number) * q), 0));
  },
  examples: [
    { yTrue: [1, 0], yPred: [0.25, 0.75], loss: Math.LN2 },
    { yTrue: [0.25, 0.75], yPred: [0.25, 0.75], loss: 0 },
  ],
  traits: { smooth: true, convex: true, symmetric: true },
});

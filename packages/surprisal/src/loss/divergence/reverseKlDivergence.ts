import { add, neg, sub, sum } from "../../graph/index.ts";
import { naiveShares } from "../classification/shares.ts";
import { defineLoss } from "../define.ts";
import { lostOutcomes, pairDefinition, readPair } from "./pairs.ts";
import { relativeEntropy } from "./relativeEntropy.ts";

/** Σ q (log q − log p) over the last axis; infinite where only p is 0. Keeps q to outcomes that p has, where klDivergence covers them all. */
export const reverseKlDivergence = defineLoss({
  ...pairDefinition,
  name: "reverseKlDivergence",
  aliases: ["reverseKl", "rkl", "reverseKld", "exclusiveKl"],
  summary: "What predicting p costs when outcomes come from q: seeks one mode of p and leaves the others.",
  formula: String.raw`\ell = \sum_c q_c \log \frac{q_c}{p_c}`,
  references: [
    {
      title: "Minka, Divergence Measures and Message Passing (2005)",
    },
  ],
  value(yTrue, yPred, kind) {
    const pair = readPair(yTrue, yPred, kind);
    const { terms, difference } = relativeEntropy(pair.q, pair.p, neg(pair.difference));
    return sub(sum(add(terms, lostOutcomes(pair)), [-1]), sum(difference, [-1]));
  },
  textbook(p: readonly number[], x: readonly number[], kind) {
    return naiveShares(x, kind).reduce((total, q, c) => total + (q === 0 ? 0 : q * Math.log(q / (p[c] as number))), 0);
  },
  examples: [
    { yTrue: [0.5, 0.5], yPred: [1, 0], loss: Math.LN2 },
    { yTrue: [0.25, 0.75], yPred: [0.25, 0.75], loss: 0 },
  ],
  traits: { smooth: true, convex: true, zeroAtTarget: true },
});

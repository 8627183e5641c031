import { add, and, div, less, mul, not, or, sub, sum, where, xlogy } from "../../graph/index.ts";
import { naiveShares } from "../classification/shares.ts";
import { defineLoss } from "../define.ts";
import { pairDefinition, readPair } from "./pairs.ts";
import { powerAt } from "./powers.ts";

/** Σ (p − q)² / q over the last axis (Pearson, with q as the model); infinite where only q is 0, and 0 where both are. */
export const chiSquaredDivergence = defineLoss({
  ...pairDefinition,
  name: "chiSquaredDivergence",
  aliases: ["chiSquared", "chi2Divergence", "chi2", "pearsonChiSquared", "pearsonDivergence"],
  summary: "Squared differences of two distributions in units of the second: hardest on outcomes that q thinks rare.",
  formula: String.raw`\ell = \sum_c \frac{(p_c - q_c)^2}{q_c}`,
  references: [
    {
      title: "Pearson, On the Criterion that a Given System of Deviations ... (1900)",
      url: "https://doi.org/10.1080/14786440009463897",
    },
  ],
  value(yTrue, yPred, kind) {
    const pair = readPair(yTrue, yPred, kind);
    const { p, q, difference, impossible } = pair;
    const present = less(0, p);
    const infinite = and(present, impossible);
    const rare = and(and(present, not(impossible)), less(mul(4, q), p));
    const other = and(present, not(or(infinite, rare)));
    // p²/q − 2p + q: where q is small, the slope of the difference over q would overflow.
    const far = sub(where(rare, powerAt(pair, rare, 2), 0), where(rare, mul(2, p), 0));
    const near = where(other, mul(difference, div(difference, where(other, q, 1))), 0);
    const toInfinity = xlogy(where(infinite, p, 0), where(infinite, q, 1));
    return sum(sub(add(add(far, where(other, 0, q)), near), toInfinity), [-1]);
  },
  textbook(p: readonly number[], x: readonly number[], kind) {
    return naiveShares(x, kind).reduce((total, q, c) => {
      const gap = (p[c] as number) - q;
      return total + (gap === 0 ? 0 : gap ** 2 / q);
    }, 0);
  },
  examples: [
    { yTrue: [1, 0], yPred: [0.5, 0.5], loss: 1 },
    { yTrue: [0.25, 0.75], yPred: [0.25, 0.75], loss: 0 },
  ],
  traits: { smooth: true, convex: true, nonNegative: true, zeroAtTarget: true },
});

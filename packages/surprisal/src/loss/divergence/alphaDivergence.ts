import { add, div, neg, sub, sum, where, xlogy } from "../../graph/index.ts";
import { naiveShares, shareParams } from "../classification/shares.ts";
import { defineLoss } from "../define.ts";
import { finite } from "../params.ts";
import { lostOutcomes, pairDefinition, readPair } from "./pairs.ts";
import { farSlopes, nearTerms, powersOf } from "./powers.ts";
import { bregman } from "./relativeEntropy.ts";

/**
 * (Σ p^α q^(1 − α) − α Σ p − (1 − α) Σ q) / (α (α − 1)) over the last axis. α = 1 is generalizedKlDivergence, 0 the same with p and q
 * exchanged, 1/2 four times hellingerSquared, 2 half of chiSquaredDivergence; from large to small α it goes from covering p to seeking
 * one mode. Infinite where only q is 0 (α ≥ 1) or only p is (α ≤ 0).
 */
export const alphaDivergence = defineLoss({
  ...pairDefinition,
  name: "alphaDivergence",
  aliases: ["amariAlpha", "amariDivergence", "alphaDiv"],
  summary: "A family that joins both directions of Kullback and Leibler's divergence, Hellinger's and Pearson's.",
  formula: String.raw`\ell = \frac{\sum_c p_c^\alpha q_c^{1 - \alpha} - \alpha p_c - (1 - \alpha) q_c}{\alpha (\alpha - 1)}`,
  references: [{ title: "Amari, Differential-Geometrical Methods in Statistics (1985)" }],
  params: { ...shareParams, alpha: finite(0.5, "the exponent of the targets; 0 and 1 are limits") },
  value(yTrue, yPred, { alpha, ...kind }) {
    const pair = readPair(yTrue, yPred, kind);
    const { p, q, difference } = pair;
    if (alpha === 1) return sum(bregman(p, q, difference), [-1]);
    if (alpha === 0) return sum(add(bregman(q, p, neg(difference)), lostOutcomes(pair)), [-1]);
    const powers = powersOf(pair, alpha);
    const { near, infinite } = powers;
    // Taken from the end whose exponent is at most 1/2, what is left of the power beyond its tangent is not a small difference.
    const gap = where(near, 0, difference);
    const far =
      alpha < 0.5
        ? div(sub(neg(gap), farSlopes(pair, powers, alpha, "q")), 1 - alpha)
        : div(sub(gap, farSlopes(pair, powers, alpha, "p")), alpha);
    const [some, none] = alpha < 0 ? [q, p] : [p, q];
    const toInfinity = xlogy(where(infinite, some, 0), where(infinite, none, 1));
    const terms = sub(add(nearTerms(pair, near, alpha), far), toInfinity);
    return sum(alpha < 0 ? add(terms, lostOutcomes(pair)) : terms, [-1]);
  },
  textbook(p: readonly number[], x: readonly number[], { alpha, ...kind }) {
    const q = naiveShares(x, kind);
    const kl = (a: readonly number[], b: readonly number[]) =>
      a.reduce((total, ac, c) => total + ac * Math.log(ac / (b[c] as number)) - ac + (b[c] as number), 0);
    if (alpha === 1) return kl(p, q);
    if (alpha === 0) return kl(q, p);
    const terms = q.map(
      (qc, c) => (p[c] as number) ** alpha * qc ** (1 - alpha) - alpha * (p[c] as number) - (1 - alpha) * qc,
    );
    return terms.reduce((a, b) => a + b, 0) / (alpha * (alpha - 1));
  },
  examples: [
    { yTrue: [1, 0], yPred: [0.25, 0.75], loss: 2 },
    { yTrue: [1, 0], yPred: [0.5, 0.5], params: { alpha: 2 }, loss: 0.5 },
    { yTrue: [0.25, 0.75], yPred: [0.25, 0.75], loss: 0 },
  ],
  traits: { smooth: true, convex: true, nonNegative: true, zeroAtTarget: true, symmetric: true },
});

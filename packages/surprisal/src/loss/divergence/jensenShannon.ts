import { add, and, constant, equal, less, mul, type Node, not, or, sum, where } from "../../graph/index.ts";
import { naiveShares, shareParams } from "../classification/shares.ts";
import { defineLoss } from "../define.ts";
import { unit } from "../params.ts";
import { pairDefinition, readPair, tinyShare } from "./pairs.ts";
import { bregman } from "./relativeEntropy.ts";

const magnifying = 2 ** 60;

/**
 * β KL(p ‖ m) + (1 − β) KL(q ‖ m) with m = β p + (1 − β) q, at most log 2 for distributions. What the two divergences leave out of their
 * sums cancels: term by term nothing is negative. For β 0 or 1 it is 0 as the formula says, and not a limit of it after scaling.
 */
export const jensenShannon = defineLoss({
  ...pairDefinition,
  name: "jensenShannon",
  aliases: ["jsd", "jsDivergence", "jensenShannonDivergence", "jensenShannonDivergenceLoss", "jsLoss"],
  summary: "How far two distributions lie from their mixture: symmetric, and finite even where one is 0.",
  formula: String.raw`\ell = \beta \sum_c p_c \log \frac{p_c}{m_c} + (1 - \beta) \sum_c q_c \log \frac{q_c}{m_c}, \quad m = \beta p + (1 - \beta) q`,
  references: [
    {
      title: "Lin, Divergence Measures Based on the Shannon Entropy (1991)",
      url: "https://doi.org/10.1109/18.61115",
    },
  ],
  params: { ...shareParams, beta: unit(0.5, "the share of the targets in the mixture") },
  value(yTrue, yPred, { beta, ...kind }) {
    const { p, q, difference, sumsToOne } = readPair(yTrue, yPred, kind);
    // A share of a softmax that is too small for a number: its slope is infinite, and 0 for the logit.
    const onlyP = sumsToOne ? equal(q, 0) : less(q, 0);
    const present = and(less(0, p), not(onlyP));
    // Shares so small that halving them rounds are multiplied, and their costs, which grow in proportion, divided again.
    const isTiny = and(less(p, tinyShare), less(q, tinyShare));
    const unit = constant(1, p.dtype, p.shape);
    const grown = (x: Node) => mul(x, where(isTiny, magnifying, unit));
    const [a, b, gap] = [
      where(present, grown(p), 1),
      where(present, grown(q), 1),
      where(present, grown(difference), 0),
    ];
    const mixture = add(mul(beta, a), mul(1 - beta, b));
    const side = (share: number, of: Node, toMixture: number) =>
      share === 0 ? 0 : mul(share, bregman(of, mixture, mul(toMixture, gap)));
    const sides = add(side(beta, a, 1 - beta), side(1 - beta, b, -beta)) as Node;
    const both = mul(sides, where(isTiny, 1 / magnifying, unit));
    // Where p is 0 it is a multiple of q, with one slope for all such classes that does not differ by a rounding.
    const onlyQ = where(or(present, equal(q, 0)), 0, mul(beta === 1 ? 0 : (beta - 1) * Math.log1p(-beta), q));
    const alone = mul(beta === 0 ? 0 : -beta * Math.log(beta), where(onlyP, p, 0));
    return sum(add(both, add(onlyQ, alone)), [-1]);
  },
  textbook(p: readonly number[], x: readonly number[], { beta, ...kind }) {
    const q = naiveShares(x, kind);
    const m = q.map((qc, c) => beta * (p[c] as number) + (1 - beta) * qc);
    const kl = (a: readonly number[]) =>
      a.reduce((total, ac, c) => total + (ac === 0 ? 0 : ac * Math.log(ac / (m[c] as number))), 0);
    return beta * kl(p) + (1 - beta) * kl(q);
  },
  examples: [
    { yTrue: [1, 0], yPred: [0, 1], loss: Math.LN2 },
    { yTrue: [0.25, 0.75], yPred: [0.25, 0.75], loss: 0 },
  ],
  traits: { smooth: true, convex: true, nonNegative: true, zeroAtTarget: true, symmetric: true },
});

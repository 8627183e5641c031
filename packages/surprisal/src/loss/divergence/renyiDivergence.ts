import { naiveShares, shareParams } from "../classification/shares.ts";
import { defineLoss } from "../define.ts";
import type { Param } from "../params.ts";
import { pairDefinition, readPair } from "./pairs.ts";
import { renyi } from "./renyi.ts";

/** JSON has no infinity, so that one is a word. */
const order: Param<number | "Infinity"> = {
  kind: "number",
  default: 0.5,
  range: 'a number above 0, or "Infinity"',
  doc: 'the order; 1 is klDivergence, and the word "Infinity" stands for its limit',
  accepts: (x) => x === "Infinity" || (typeof x === "number" && x > 0 && x < Number.POSITIVE_INFINITY),
};

/**
 * log(Σ p^α q^(1 − α)) / (α − 1) over the last axis; α = 1 is KL(p ‖ q) and infinity the largest log(p/q). Like the formula it is below 0
 * where p or q sum to less than 1. Infinite where only q is 0 (α ≥ 1), or wherever one of them is (α < 1).
 */
export const renyiDivergence = defineLoss({
  ...pairDefinition,
  name: "renyiDivergence",
  aliases: ["renyi", "renyiAlpha", "alphaRenyi"],
  summary:
    "A family around Kullback and Leibler's divergence: the larger the order, the more the worst outcome counts.",
  formula: String.raw`\ell = \frac{1}{\alpha - 1} \log \sum_c p_c^\alpha q_c^{1 - \alpha}`,
  references: [
    { title: "Rényi, On Measures of Entropy and Information (1961)" },
    {
      title: "van Erven, Harremoës, Rényi Divergence and Kullback-Leibler Divergence (2014)",
      url: "https://doi.org/10.1109/TIT.2014.2320500",
    },
  ],
  params: { ...shareParams, alpha: order },
  value(yTrue, yPred, { alpha, ...kind }) {
    return renyi(readPair(yTrue, yPred, kind), Number(alpha));
  },
  textbook(p: readonly number[], x: readonly number[], { alpha, ...kind }) {
    const q = naiveShares(x, kind);
    const over = (f: (p: number, q: number) => number) => q.map((qc, c) => f(p[c] as number, qc));
    const sum = (terms: number[]) => terms.reduce((a, b) => a + b, 0);
    if (alpha === "Infinity") return Math.log(Math.max(...over((pc, qc) => pc / qc)));
    if (alpha === 1) return sum(over((pc, qc) => pc * Math.log(pc / qc)));
    return Math.log(sum(over((pc, qc) => pc ** alpha * qc ** (1 - alpha)))) / (alpha - 1);
  },
  examples: [
    { yTrue: [1, 0], yPred: [0.25, 0.75], loss: Math.log(4) },
    { yTrue: [0.5, 0.5], yPred: [0.25, 0.75], params: { alpha: "Infinity" }, loss: Math.LN2 },
    { yTrue: [1, 0], yPred: [0.5, 0.5], params: { alpha: 2 }, loss: Math.LN2 },
    { yTrue: [0.25, 0.75], yPred: [0.25, 0.75], loss: 0 },
  ],
  traits: { smooth: true, convex: true },
});

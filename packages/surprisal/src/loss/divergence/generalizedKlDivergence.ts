import { sum } from "../../graph/index.ts";
import { naiveShares } from "../classification/shares.ts";
import { defineLoss } from "../define.ts";
import { logits, rates } from "../domain.ts";
import { pairDefinition, readPair } from "./pairs.ts";
import { bregman } from "./relativeEntropy.ts";

/** Σ p log(p/q) − p + q over the last axis: like klDivergence for distributions, and at least 0 for any amounts from 0 up. */
export const generalizedKlDivergence = defineLoss({
  ...pairDefinition,
  name: "generalizedKlDivergence",
  aliases: ["generalizedKl", "convexKlDivergence", "iDivergence", "klBregman"],
  summary: "Kullback and Leibler's divergence for amounts that need not sum to 1.",
  formula: String.raw`\ell = \sum_c p_c \log \frac{p_c}{q_c} - p_c + q_c`,
  references: [
    {
      title: "Csiszár, Why Least Squares and Maximum Entropy? (1991)",
      url: "https://doi.org/10.1214/aos/1176348385",
    },
  ],
  yPred: ({ fromLogits }) => (fromLogits ? logits : rates),
  value(yTrue, yPred, kind) {
    const { p, q, difference } = readPair(yTrue, yPred, kind);
    return sum(bregman(p, q, difference), [-1]);
  },
  textbook(p: readonly number[], x: readonly number[], kind) {
    const q = naiveShares(x, kind);
    return p.reduce((total, pc, c) => {
      const qc = q[c] as number;
      return total + (pc === 0 ? 0 : pc * Math.log(pc / qc)) - pc + qc;
    }, 0);
  },
  compat: [
    {
      framework: "optax",
      name: "optax.losses.generalized_kl_divergence",
      differs: "Takes the logarithms of the predictions, first.",
    },
  ],
  examples: [
    { yTrue: [1, 0], yPred: [0.5, 0.5], loss: Math.LN2 },
    { yTrue: [0, 0], yPred: [0.25, 0.5], loss: 0.75 },
    { yTrue: [0.25, 0.75], yPred: [0.25, 0.75], loss: 0 },
  ],
  traits: { smooth: true, convex: true, nonNegative: true, zeroAtTarget: true, proper: true },
});

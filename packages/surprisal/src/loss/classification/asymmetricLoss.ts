import {
  add,
  equal,
  less,
  log,
  log1p,
  logSigmoid,
  maximum,
  type Node,
  neg,
  sigmoid,
  sub,
  sum,
  weighted,
  where,
} from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { logits, probabilities, unitInterval } from "../domain.ts";
import { flag, nonNegative, unit } from "../params.ts";
import { focused } from "./shares.ts";

/**
 * Σ over the last axis of y (1 − p)^gammaPos (−log p) + (1 − y) m^gammaNeg (−log(1 − m)), m = max(p − clip, 0), one number a row. `clip` is the only
 * thing that is cut off: a negative with p ≤ clip costs nothing and has no gradient, by definition.
 */
export const asymmetricLoss = defineLoss({
  name: "asymmetricLoss",
  aliases: ["asymmetric", "asl", "asymmetricLossMultiLabel", "asymmetricMultiLabelLoss"],
  task: "binary",
  summary: "For many labels of which few hold: easy negatives are played down more than easy positives.",
  formula: String.raw`\ell = -\sum_c y_c (1 - p_c)^{\gamma_+} \log p_c + (1 - y_c)\, m_c^{\gamma_-} \log (1 - m_c), \quad m_c = \max(p_c - k, 0)`,
  references: [
    {
      title: "Ridnik et al., Asymmetric Loss For Multi-Label Classification (2021)",
      url: "https://arxiv.org/abs/2009.14119",
    },
  ],
  axis: "class",
  oneClass: true,
  yTrue: unitInterval,
  yPred: ({ fromLogits }) => (fromLogits ? logits : probabilities),
  params: {
    fromLogits: flag(false, "whether yPred holds logits instead of probabilities"),
    gammaPos: nonNegative(1, "how strongly positives that are right already are played down; 0 for not at all"),
    gammaNeg: nonNegative(4, "how strongly negatives that are right already are played down; 0 for not at all"),
    clip: unit(0.05, "the probability k up to which a negative costs nothing"),
  },
  value(yTrue, yPred, { fromLogits, gammaPos, gammaNeg, clip }) {
    const [p, q] = fromLogits ? [sigmoid(yPred), sigmoid(neg(yPred))] : [yPred, sub(1, yPred)];
    const none = equal(yTrue, 0);
    const all = equal(yTrue, 1);
    const costOfYes = fromLogits ? neg(logSigmoid(yPred)) : neg(log(where(none, 1, p)));
    const costOfNo = fromLogits ? neg(logSigmoid(neg(yPred))) : neg(log1p(neg(where(all, 0, p))));
    const yes = gammaPos === 0 ? costOfYes : focused(where(none, 0.5, q), costOfYes, gammaPos);
    const kept = clip === 0 ? p : maximum(0, sub(p, clip));
    const cost = clip === 0 ? costOfNo : clippedCost(kept, q, clip);
    const no = gammaNeg === 0 ? cost : focused(where(all, 0.5, kept), cost, gammaNeg);
    return sum(add(weighted(yTrue, yes), weighted(sub(1, yTrue), no)), [-1]);
  },
  textbook(y: readonly number[], x: readonly number[], { fromLogits, gammaPos, gammaNeg, clip }) {
    return x.reduce((total, score, c) => {
      const p = fromLogits ? 1 / (1 + Math.exp(-score)) : score;
      const m = Math.max(p - clip, 0);
      const t = y[c] as number;
      return total - t * (1 - p) ** gammaPos * Math.log(p) - (1 - t) * m ** gammaNeg * Math.log(1 - m);
    }, 0);
  },
  examples: [
    { yTrue: [1, 0], yPred: [0.5, 0.05], loss: Math.LN2 / 2 },
    { yTrue: [0], yPred: [0], params: { fromLogits: true, gammaNeg: 2, clip: 0 }, loss: Math.LN2 / 4 },
    { yTrue: [0], yPred: [1], params: { gammaNeg: 0, clip: 0.25 }, loss: Math.log(4) },
  ],
  traits: { smooth: true, nonNegative: true },
});

/** −log(1 − m), m = max(p − clip, 0): of 1 − m = q + clip where m is large, since q has its digits there. */
function clippedCost(m: Node, q: Node, clip: number): Node {
  const small = less(m, 0.5);
  return neg(where(small, log1p(neg(where(small, m, 0))), log(where(small, 1, add(q, clip)))));
}

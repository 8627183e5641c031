import { add, less, log, logSoftmax, mul, type Node, neg, sub, sum, weighted, where } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { distribution } from "../domain.ts";
import { finite } from "../params.ts";
import { weightedCost } from "./rows.ts";
import { complements, naiveShares, shareDomain, shareParams, shares } from "./shares.ts";

/** CE(y, p) + epsilon (1 − Σ_c y_c p_c), one number a row: cross-entropy with the first term of its series changed (Poly-1). */
export const polyCrossentropy = defineLoss({
  name: "polyCrossentropy",
  aliases: ["poly1", "polyLoss", "poly1CrossEntropyLoss", "poly1CrossEntropy"],
  task: "multiclass",
  summary: "Cross-entropy with one more knob: how much weight examples get that are nearly right.",
  formula: String.raw`\ell = -\sum_c y_c \log p_c + \epsilon \Bigl(1 - \sum_c y_c p_c\Bigr)`,
  references: [
    {
      title: "Leng et al., PolyLoss: A Polynomial Expansion Perspective of Classification Loss Functions (2022)",
      url: "https://arxiv.org/abs/2204.12511",
    },
  ],
  axis: "class",
  yTrue: distribution,
  yPred: shareDomain,
  params: { ...shareParams, epsilon: finite(2, "the weight of the added term; negative values weaken it") },
  value(yTrue, yPred, { fromLogits, epsilon }) {
    const cost = weightedCost(yTrue, yPred, { fromLogits, fromLogProbabilities: false, normalize: undefined });
    if (epsilon === 0) return cost;
    if (epsilon < 0)
      return add(sum(weighted(yTrue, weakened(yPred, fromLogits, epsilon)), [-1]), surplus(yTrue, epsilon));
    // A softmax sums to 1, so that the missing share is a sum without a subtraction from 1.
    const missing = fromLogits
      ? sum(mul(sub(1, yTrue), shares(yPred, { fromLogits })), [-1])
      : sub(1, sum(mul(yTrue, yPred), [-1]));
    return add(cost, mul(epsilon, missing));
  },
  textbook(y: readonly number[], x: readonly number[], { epsilon, ...kind }) {
    const p = naiveShares(x, kind);
    const terms = p.map((share, c) => -(y[c] as number) * (Math.log(share) + epsilon * share));
    return epsilon + terms.reduce((a, b) => a + b, 0);
  },
  compat: [
    {
      framework: "optax",
      name: "optax.losses.poly_loss_cross_entropy",
      arguments: { epsilon: "epsilon" },
      options: { fromLogits: true },
    },
  ],
  examples: [
    { yTrue: [0, 1], yPred: [0.5, 0.5], loss: Math.LN2 + 1 },
    { yTrue: [1, 0], yPred: [1, 0], loss: 0 },
  ],
  traits: { smooth: true, convex: true },
});

/**
 * −log p + ε (1 − p) for ε < 0, where the two would cancel: with q = 1 − p it is (1 + ε) q + (−log(1 − q) − q), the last being
 * Σ qᵏ/k over k ≥ 2 where q is small.
 */
function weakened(yPred: Node, fromLogits: boolean, epsilon: number): Node {
  const q = complements(yPred, { fromLogits });
  const logarithm = fromLogits ? logSoftmax(yPred) : log(yPred);
  const near = less(q, 0.125);
  const small = where(near, q, 0);
  let series = mul(small, 0);
  for (let k = q.dtype === "float32" ? 9 : 18; k >= 2; k--) series = add(mul(series, small), 1 / k);
  const apart = sub(neg(where(near, 0, logarithm)), where(near, 0, q));
  return add(mul(1 + epsilon, q), where(near, mul(mul(small, small), series), apart));
}

/** ε (1 − Σ y): nothing for targets that sum to 1. */
const surplus = (yTrue: Node, epsilon: number): Node => mul(epsilon, sub(1, sum(yTrue, [-1])));

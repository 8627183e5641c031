import {
  add,
  constant,
  equal,
  log,
  logSoftmax,
  mul,
  type Node,
  neg,
  or,
  sub,
  sum,
  weighted,
  where,
  xlogy,
} from "../../graph/index.ts";
import { alongClasses, isKnownLabel, isLabel } from "../classes.ts";
import { defineLoss } from "../define.ts";
import { classIndex } from "../domain.ts";
import { nonNegative } from "../params.ts";
import { atLabel, naiveShares, shareDomain, shareParams, shares } from "./shares.ts";

/** −log p_y − beta H(p), one number a row; H = −Σ_c p_c log p_c is the entropy of the prediction. It may be below 0. */
export const confidencePenaltyCrossentropy = defineLoss({
  name: "confidencePenaltyCrossentropy",
  aliases: ["confidencePenalty", "entropyRegularizedCrossEntropy", "maximumEntropyCrossEntropy"],
  task: "multiclass",
  summary: "Cross-entropy that pays the model for staying uncertain, so that it does not become overconfident.",
  formula: String.raw`\ell = -\log p_y + \beta \sum_c p_c \log p_c`,
  references: [
    {
      title: "Pereyra et al., Regularizing Neural Networks by Penalizing Confident Output Distributions (2017)",
      url: "https://arxiv.org/abs/1701.06548",
    },
  ],
  axis: "class",
  yTrue: classIndex,
  yPred: shareDomain,
  params: { ...shareParams, beta: nonNegative(0.1, "the weight of the entropy") },
  value(yTrue, yPred, { fromLogits, beta }) {
    const cost = fromLogits
      ? penalised(yTrue, yPred, beta)
      : sub(mul(beta, sum(xlogy(yPred, yPred), [-1])), log(atLabel(yTrue, yPred)));
    return where(isKnownLabel(yTrue, yPred), cost, Number.NaN);
  },
  textbook([y]: readonly [number], x: readonly number[], { beta, ...kind }) {
    const p = naiveShares(x, kind);
    return p.reduce((total, share) => total + beta * share * Math.log(share), -Math.log(p[y] as number));
  },
  examples: [
    { yTrue: 1, yPred: [0.5, 0.5], params: { beta: 0.5 }, loss: Math.LN2 / 2 },
    { yTrue: 1, yPred: [0, 1], loss: 0 },
    { yTrue: 0, yPred: [0, 0], params: { fromLogits: true, beta: 1 }, loss: 0 },
  ],
  traits: { smooth: true, convex: true },
});

/**
 * With m = min(beta, 1), cross-entropy less m of the entropy is (1 − m) (−log p_y) + m Σ p_c (z_c − z_y): the logarithms of the sum, which would
 * cancel, are gone. Where the loss is infinite nothing cancels, and m is 0.
 */
function penalised(yTrue: Node, logits: Node, beta: number): Node {
  const p = shares(logits, { fromLogits: true });
  const logs = logSoftmax(logits);
  const cost = neg(atLabel(yTrue, logs));
  const infinite = equal(cost, Number.POSITIVE_INFINITY);
  const m = where(infinite, 0, constant(Math.min(beta, 1), cost.dtype, cost.shape));
  const aside = or(isLabel(yTrue, logits), alongClasses(infinite, logits));
  const lead = where(aside, 0, sub(logits, alongClasses(atLabel(yTrue, logits), logits)));
  const entropy = neg(sum(weighted(p, logs), [-1]));
  return sub(add(weighted(sub(1, m), cost), mul(m, sum(weighted(p, lead), [-1]))), weighted(sub(beta, m), entropy));
}

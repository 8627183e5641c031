import {
  add,
  and,
  argmax,
  broadcastTo,
  equal,
  iota,
  less,
  log1p,
  logSumExp,
  max,
  neg,
  softmax,
  softplus,
  sub,
  sum,
  weighted,
  where,
} from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { unitInterval } from "../domain.ts";

/**
 * −Σ over the tokens marked by 1 in yTrue of log(1 − p), p = softmax(yPred); one number a row. A mark between 0 and 1 weighs its token.
 * A token with more than half of the mass costs by its lead over the others' sum, so that nothing underflows.
 */
export const unlikelihood = defineLoss({
  name: "unlikelihood",
  aliases: ["unlikelihoodLoss"],
  task: "language",
  summary: "What it costs a language model to give probability to tokens it should not say.",
  formula: String.raw`\ell = -\sum_c y_c \log\Bigl(1 - \frac{e^{z_c}}{\sum_k e^{z_k}}\Bigr)`,
  references: [
    {
      title: "Welleck et al., Neural Text Generation with Unlikelihood Training (2020)",
      url: "https://arxiv.org/abs/1908.04319",
    },
  ],
  axis: "class",
  yTrue: unitInterval,
  value(yTrue, yPred) {
    const isTop = equal(iota(-1, yPred.shape), broadcastTo(argmax(yPred, { keepDims: true }), yPred.shape));
    const share = softmax(yPred);
    // A token with more than half of the mass: log(1 + e^t) with t its logit above the others' log-sum.
    const isSure = and(isTop, less(0.5, share));
    const rest = where(isTop, Number.NEGATIVE_INFINITY, yPred);
    const isAlone = equal(max(rest, { keepDims: true }), Number.NEGATIVE_INFINITY);
    const others = logSumExp(where(isAlone, 0, rest), { keepDims: true });
    const lead = sub(where(isSure, yPred, 0), where(isSure, broadcastTo(others, yPred.shape), 0));
    const above = where(isAlone, Number.POSITIVE_INFINITY, lead);
    const sure = softplus(above);
    const unsure = neg(log1p(neg(where(isSure, 0, share))));
    return sum(add(weighted(where(isSure, yTrue, 0), sure), weighted(where(isSure, 0, yTrue), unsure)), [-1]);
  },
  textbook(y: readonly number[], z: readonly number[]) {
    const total = z.reduce((sum, x) => sum + Math.exp(x), 0);
    return z.reduce((cost, x, c) => cost - (y[c] as number) * Math.log(1 - Math.exp(x) / total), 0);
  },
  examples: [
    { yTrue: [1, 0], yPred: [0, 0], loss: Math.LN2 },
    { yTrue: [0, 0], yPred: [3, 1], loss: 0 },
    { yTrue: [1, 0], yPred: [800, 0], loss: 800 },
  ],
  traits: { smooth: true, nonNegative: true },
});

import { add, equal, log, mul, neg, sum, where } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { distribution } from "../domain.ts";
import { finite, nonNegative } from "../params.ts";
import { weightedCost } from "./rows.ts";
import { naiveShares, shareDomain, shareParams, shares } from "./shares.ts";

/** alpha CE(y, p) + beta Σ_c p_c (−log y_c), one number a row; log 0 of a target is read as `logZero`. */
export const symmetricCrossentropy = defineLoss({
  name: "symmetricCrossentropy",
  aliases: ["symmetricCrossEntropyLoss", "sce", "sceLoss", "sl"],
  task: "multiclass",
  summary: "Cross-entropy in both directions, for labels some of which are wrong.",
  formula: String.raw`\ell = -\alpha \sum_c y_c \log p_c - \beta \sum_c p_c \log y_c, \quad \log 0 := A`,
  references: [
    {
      title: "Wang et al., Symmetric Cross Entropy for Robust Learning with Noisy Labels (2019)",
      url: "https://arxiv.org/abs/1908.06112",
    },
  ],
  axis: "class",
  yTrue: distribution,
  yPred: shareDomain,
  params: {
    ...shareParams,
    alpha: nonNegative(0.1, "the weight of cross-entropy"),
    beta: nonNegative(1, "the weight of the reverse cross-entropy"),
    logZero: finite(-4, "what the logarithm of a target of 0 is taken to be"),
  },
  value(yTrue, yPred, { fromLogits, alpha, beta, logZero }) {
    const none = equal(yTrue, 0);
    const price = where(none, -logZero, neg(log(where(none, 1, yTrue))));
    const forward = weightedCost(yTrue, yPred, { fromLogits, fromLogProbabilities: false, normalize: undefined });
    return add(mul(alpha, forward), mul(beta, sum(mul(price, shares(yPred, { fromLogits })), [-1])));
  },
  textbook(y: readonly number[], x: readonly number[], { alpha, beta, logZero, ...kind }) {
    return naiveShares(x, kind).reduce((total, p, c) => {
      const t = y[c] as number;
      return total - alpha * t * Math.log(p) - beta * p * (t === 0 ? logZero : Math.log(t));
    }, 0);
  },
  examples: [
    { yTrue: [0, 1], yPred: [0.5, 0.5], params: { alpha: 1 }, loss: Math.LN2 + 2 },
    { yTrue: [1, 0], yPred: [1, 0], loss: 0 },
  ],
  traits: { smooth: true, convex: true },
});

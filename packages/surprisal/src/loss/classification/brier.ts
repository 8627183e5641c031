import { square, sum } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { distribution } from "../domain.ts";
import { naiveShares, shareDomain, shareErrors, shareParams } from "./shares.ts";

/** Σ_c (p_c − y_c)², one number a row. */
export const brier = defineLoss({
  name: "brier",
  aliases: ["brierScore", "brierLoss", "quadraticScore"],
  task: "multiclass",
  summary: "The squared distance of the probabilities from the truth: honest like cross-entropy, but bounded by 2.",
  formula: String.raw`\ell = \sum_c (p_c - y_c)^2`,
  references: [{ title: "Brier, Verification of forecasts expressed in terms of probability (1950)" }],
  axis: "class",
  yTrue: distribution,
  yPred: shareDomain,
  params: shareParams,
  value: (yTrue, yPred, kind) => sum(square(shareErrors(yTrue, yPred, kind)), [-1]),
  textbook: (y: readonly number[], x: readonly number[], kind) =>
    naiveShares(x, kind).reduce((total, p, c) => total + (p - (y[c] as number)) ** 2, 0),
  compat: [
    {
      framework: "scikit-learn",
      name: "sklearn.metrics.brier_score_loss",
      differs: "Targets are labels there, and for two classes the score is halved unless scale_by_half=False.",
    },
  ],
  examples: [
    { yTrue: [0, 1], yPred: [0.5, 0.5], loss: 0.5 },
    { yTrue: [1, 0], yPred: [0, 1], loss: 2 },
    { yTrue: [1, 0], yPred: [0, 0], params: { fromLogits: true }, loss: 0.5 },
  ],
  traits: { smooth: true, convex: true, nonNegative: true, zeroAtTarget: true, symmetric: true, proper: true },
});

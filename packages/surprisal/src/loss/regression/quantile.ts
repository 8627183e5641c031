import { mul, sub } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { real } from "../domain.ts";
import { unit } from "../params.ts";
import { bySide } from "./weigh.ts";

/** tau d where d = yTrue − yPred ≥ 0, else (tau − 1) d; averaged over the last axis. The slope at d = 0 is −tau. */
export const quantile = defineLoss({
  name: "quantile",
  aliases: ["pinball", "pinballLoss", "quantileLoss", "checkLoss"],
  task: "regression",
  summary: "Estimates the quantile tau: predictions too low cost tau each unit, too high ones 1 - tau.",
  formula: String.raw`\ell = \max\bigl(\tau (y - \hat y),\; (\tau - 1)(y - \hat y)\bigr)`,
  references: [{ title: "Koenker, Bassett, Regression Quantiles (1978)", url: "https://doi.org/10.2307/1913643" }],
  yTrue: real,
  harmless: 0,
  params: { tau: unit(0.5, "the share of targets that should lie below the prediction") },
  value(yTrue, yPred, { tau }) {
    const residual = sub(yPred, yTrue);
    return mul(residual, bySide(residual, -tau, 1 - tau));
  },
  textbook: (y: number, p: number, { tau }) => Math.max(tau * (y - p), (tau - 1) * (y - p)),
  compat: [
    { framework: "scikit-learn", name: "sklearn.metrics.mean_pinball_loss", arguments: { alpha: "tau" } },
    {
      framework: "scikit-learn",
      name: 'sklearn.ensemble.HistGradientBoostingRegressor(loss="quantile")',
      arguments: { quantile: "tau" },
    },
  ],
  examples: [
    { yTrue: 3, yPred: 1, params: { tau: 0.75 }, loss: 1.5 },
    { yTrue: 1, yPred: 3, params: { tau: 0.75 }, loss: 0.5 },
  ],
  traits: { convex: true, nonNegative: true, zeroAtTarget: true, symmetric: true, lipschitz: 0.5 },
  kinks: { of: "residual", at: [0] },
});

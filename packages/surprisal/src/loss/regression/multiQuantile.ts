import { ShapeError } from "../../base/errors.ts";
import { broadcastTo, constant, lessEqual, mean, mul, neg, reshape, sub, where } from "../../graph/index.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import { logits, real } from "../domain.ts";
import type { Param } from "../params.ts";

const taus: Param<readonly number[]> = {
  kind: "vector",
  default: [0.1, 0.5, 0.9],
  range: "a list of numbers from 0 to 1",
  doc: "the quantiles that the outputs estimate, in order",
  accepts: (value) =>
    Array.isArray(value) && value.length > 0 && value.every((tau) => typeof tau === "number" && tau >= 0 && tau <= 1),
};

/** The mean over several quantiles tau of tau d where d = yTrue − yPred ≥ 0, else (tau − 1) d; one number a target. */
export const multiQuantile = defineArrayLoss({
  name: "multiQuantile",
  aliases: ["quantiles", "multiPinball", "multiQuantileLoss"],
  task: "regression",
  summary: "Several quantiles of one target at once: a forecast with its interval.",
  formula: String.raw`\ell = \frac1Q \sum_q \max\bigl(\tau_q (y - \hat y_q),\; (\tau_q - 1)(y - \hat y_q)\bigr)`,
  references: [{ title: "Koenker, Bassett, Regression Quantiles (1978)", url: "https://doi.org/10.2307/1913643" }],
  yTrue: { axes: "N", domain: real, doc: "the targets" },
  yPred: { axes: "N Q", domain: logits, doc: "an estimate of each quantile", harmless: 0 },
  losses: "N",
  params: { taus },
  value(yTrue, yPred, { taus: shares }) {
    const [rows, quantiles] = yPred.shape as [number, number];
    if (quantiles !== shares.length) throw mismatch(quantiles, shares.length);
    const tau = broadcastTo(reshape(constant([...shares], yPred.dtype, [quantiles]), [1, quantiles]), yPred.shape);
    const residual = sub(yPred, broadcastTo(reshape(yTrue, [rows, 1]), yPred.shape));
    return mean(mul(residual, where(lessEqual(residual, 0), neg(tau), sub(1, tau))), [-1]);
  },
  textbook: (y: number[], x: number[][], { taus: shares }) =>
    x.map((row, n) => {
      const d = row.map((estimate) => (y[n] as number) - estimate);
      const costs = d.map((gap, q) => Math.max((shares[q] as number) * gap, ((shares[q] as number) - 1) * gap));
      return costs.reduce((a, b) => a + b, 0) / costs.length;
    }),
  examples: [
    { yTrue: [2], yPred: [[0, 2, 4]], options: { taus: [0.25, 0.5, 0.75] }, loss: (0.5 + 0 + 0.5) / 3 },
    { yTrue: [1], yPred: [[3]], options: { taus: [0.5] }, loss: 1 },
  ],
  traits: { convex: true, nonNegative: true },
});

function mismatch(outputs: number, wanted: number): ShapeError {
  return new ShapeError("loss/quantiles", {
    received: `multiQuantile was given ${outputs} estimates a target`,
    expected: `with ${wanted} taus it takes ${wanted}`,
    hint: "Give the last layer one unit a quantile, or pass as many taus.",
  });
}

import { defineArrayLoss } from "../defineArrays.ts";
import { logits } from "../domain.ts";
import { positive } from "../params.ts";
import { counts, negativeBinomialCost } from "./counts.ts";
import { zeroInflated } from "./zeroInflation.ts";

/**
 * −log(π [y = 0] + (1 − π) NB(y)), where NB has the mean m = e^logMean and the variance m + dispersion · m², π = σ(zeroLogit): one number
 * for each count.
 */
export const zeroInflatedNegativeBinomialNll = defineArrayLoss({
  name: "zeroInflatedNegativeBinomialNll",
  aliases: ["zinb", "zinbNll", "zeroInflatedNegativeBinomial"],
  task: "count",
  summary: "For counts that spread wider than a Poisson distribution and have more zeros still.",
  formula: String.raw`\ell = -\log \bigl(\pi\, [y = 0] + (1 - \pi) \operatorname{NB}(y;\, e^z, \alpha)\bigr), \quad \pi = \sigma(c)`,
  references: [
    {
      title:
        "Greene, Accounting for Excess Zeros and Sample Selection in Poisson and Negative Binomial Regression Models (1994)",
    },
  ],
  yTrue: { axes: "...", domain: counts, doc: "the counts" },
  yPred: {
    logMean: { axes: "...", domain: logits, doc: "the logarithm of the mean" },
    zeroLogit: {
      axes: "...",
      domain: logits,
      doc: "the logit of the probability of a zero that is no matter of the mean",
    },
  },
  losses: "...",
  params: { dispersion: positive(0.5, "how much wider than Poisson: the variance is mean + dispersion · mean²") },
  value: (yTrue, { logMean, zeroLogit }, { dispersion }) =>
    zeroInflated(yTrue, zeroLogit, logMean, (y, z) => negativeBinomialCost(y, z, dispersion)),
  textbook: (y: number[][], { logMean, zeroLogit }: Record<"logMean" | "zeroLogit", number[][]>, { dispersion }) =>
    y.flatMap((row, r) =>
      row.map((count, c) => {
        const odds = dispersion * Math.exp(logMean[r]?.[c] as number);
        const share = 1 / (1 + Math.exp(-(zeroLogit[r]?.[c] as number)));
        let probability = (1 + odds) ** (-1 / dispersion);
        for (let k = 0; k < count; k++) probability *= (((1 / dispersion + k) / (k + 1)) * odds) / (1 + odds);
        return -Math.log((count === 0 ? share : 0) + (1 - share) * probability);
      }),
    ),
  examples: [
    { yTrue: [1], yPred: { logMean: [0], zeroLogit: [0] }, options: { dispersion: 1 }, loss: 3 * Math.LN2 },
    { yTrue: [0], yPred: { logMean: [0], zeroLogit: [0] }, options: { dispersion: 1 }, loss: -Math.log(0.75) },
  ],
  traits: { smooth: true, nonNegative: true },
});

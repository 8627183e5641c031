import { defineArrayLoss } from "../defineArrays.ts";
import { logits } from "../domain.ts";
import { counts, poissonCost } from "./counts.ts";
import { zeroInflated } from "./zeroInflation.ts";

/** −log(π [y = 0] + (1 − π) e^(−λ) λ^y / y!), λ = e^logRate, π = σ(zeroLogit): one number for each count. */
export const zeroInflatedPoissonNll = defineArrayLoss({
  name: "zeroInflatedPoissonNll",
  aliases: ["zip", "zipNll", "zeroInflatedPoisson"],
  task: "count",
  summary: "For counts with more zeros than a Poisson distribution has: a rate, and how likely a zero is anyway.",
  formula: String.raw`\ell = -\log \Bigl(\pi\, [y = 0] + (1 - \pi) \frac{\lambda^y e^{-\lambda}}{y!}\Bigr), \quad \lambda = e^z, \ \pi = \sigma(c)`,
  references: [
    {
      title: "Lambert, Zero-Inflated Poisson Regression, with an Application to Defects in Manufacturing (1992)",
      url: "https://doi.org/10.2307/1269547",
    },
  ],
  yTrue: { axes: "...", domain: counts, doc: "the counts" },
  yPred: {
    logRate: { axes: "...", domain: logits, doc: "the logarithm of the rate" },
    zeroLogit: {
      axes: "...",
      domain: logits,
      doc: "the logit of the probability of a zero that is no matter of the rate",
    },
  },
  losses: "...",
  value: (yTrue, { logRate, zeroLogit }) => zeroInflated(yTrue, zeroLogit, logRate, poissonCost),
  textbook: (y: number[][], { logRate, zeroLogit }: Record<"logRate" | "zeroLogit", number[][]>) =>
    y.flatMap((row, r) =>
      row.map((count, c) => {
        const rate = Math.exp(logRate[r]?.[c] as number);
        const share = 1 / (1 + Math.exp(-(zeroLogit[r]?.[c] as number)));
        const probability = Math.exp(-rate + count * Math.log(rate) - naiveLogFactorial(count));
        return -Math.log((count === 0 ? share : 0) + (1 - share) * probability);
      }),
    ),
  examples: [
    { yTrue: [1], yPred: { logRate: [0], zeroLogit: [0] }, loss: 1 + Math.LN2 },
    { yTrue: [0], yPred: { logRate: [0], zeroLogit: [0] }, loss: -Math.log((1 + Math.exp(-1)) / 2) },
  ],
  traits: { smooth: true, nonNegative: true },
});

function naiveLogFactorial(n: number): number {
  return Array.from({ length: n }, (_, k) => Math.log(k + 1)).reduce((a, b) => a + b, 0);
}

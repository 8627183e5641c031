import { add, mul, square, sum } from "../../graph/index.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import { logits } from "../domain.ts";
import { excessOverExp } from "../special.ts";

/**
 * KL(N(mean, e^s) ‖ N(0, 1)) = ½ Σ (mean² + e^s − 1 − s), s = logVariance, over the last axis; takes no targets. e^s − 1 − s is formed without
 * a difference, so that what is left near the standard normal distribution keeps its digits.
 */
export const gaussianKl = defineArrayLoss({
  name: "gaussianKl",
  aliases: ["vaeKl", "klToStandardNormal", "gaussianKlDivergence"],
  task: "distribution",
  summary:
    "How far a normal distribution for each row is from the standard one: the other half of a variational autoencoder's loss.",
  formula: String.raw`\ell = \tfrac12 \sum_d \bigl(\mu_d^2 + e^{s_d} - s_d - 1\bigr), \quad s = \log \sigma^2`,
  references: [
    { title: "Kingma, Welling, Auto-Encoding Variational Bayes (2013)", url: "https://arxiv.org/abs/1312.6114" },
  ],
  yPred: {
    mean: { axes: "... D", domain: logits, doc: "the mean in each dimension", harmless: 0 },
    logVariance: { axes: "... D", domain: logits, doc: "the logarithm of the variance in each dimension", harmless: 0 },
  },
  losses: "...",
  value: (_, { mean, logVariance }) => mul(0.5, sum(add(square(mean), excessOverExp(logVariance)), [-1])),
  textbook: (_, { mean, logVariance }: Record<"mean" | "logVariance", number[][]>) =>
    mean.map((row, r) =>
      row.reduce((total, m, d) => {
        const s = logVariance[r]?.[d] as number;
        return total + (m * m + Math.exp(s) - s - 1) / 2;
      }, 0),
    ),
  examples: [
    { yTrue: undefined, yPred: { mean: [[0, 0]], logVariance: [[0, 0]] }, loss: 0 },
    { yTrue: undefined, yPred: { mean: [[3, 4]], logVariance: [[0, 0]] }, loss: 12.5 },
  ],
  traits: { smooth: true, convex: true, nonNegative: true },
});

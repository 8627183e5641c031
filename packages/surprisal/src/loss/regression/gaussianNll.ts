import { add, div, log, mul, type Node, square, sub } from "../../graph/index.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import { logits, rates, real } from "../domain.ts";
import { flag } from "../params.ts";
import { timesExp } from "../special.ts";

const halfLogTwoPi = Math.log(2 * Math.PI) / 2;

/**
 * −log of a normal density: (s + (mean − y)² e^−s)/2 with s = logVariance, averaged over the last axis. The logarithm of the variance is
 * predicted, and not the variance, so that every output
 * of a network is allowed and no variance needs a floor; a variance may be given in its place.
 */
export const gaussianNll = defineArrayLoss({
  name: "gaussianNll",
  aliases: ["gaussianNegativeLogLikelihood", "gaussianNLLLoss", "normalNll", "heteroscedastic"],
  task: "regression",
  summary: "A mean and a variance for each target: the model says how sure it is.",
  formula: String.raw`\ell = \tfrac12 \bigl(s + (\mu - y)^2 e^{-s}\bigr), \quad s = \log \sigma^2`,
  references: [
    {
      title: "Nix, Weigend, Estimating the Mean and Variance of the Target Probability Distribution (1994)",
      url: "https://doi.org/10.1109/ICNN.1994.374138",
    },
  ],
  yTrue: { axes: "...", domain: real, doc: "the targets" },
  yPred: {
    mean: { axes: "...", domain: logits, doc: "the mean of the predicted distribution" },
    logVariance: { axes: "...", domain: logits, doc: "the logarithm of its variance", orElse: "variance" },
    variance: { axes: "...", domain: rates, doc: "its variance, above 0", orElse: "logVariance" },
  },
  losses: "...",
  average: true,
  params: { full: flag(false, "whether log(2 pi)/2 is added, which makes it a density") },
  value(yTrue, { mean, logVariance, variance }, { full }) {
    const off = sub(mean, yTrue);
    const cost =
      variance === undefined
        ? mul(0.5, add(logVariance as Node, square(timesExp(off, mul(-0.5, logVariance as Node)))))
        : mul(0.5, add(log(variance), div(square(off), variance)));
    return full ? add(cost, halfLogTwoPi) : cost;
  },
  textbook: (y: number[][], { mean, logVariance, variance }: Record<string, number[][]>, { full }) =>
    y.map((row, r) => {
      const costs = row.map((target, c) => {
        const v = variance?.[r]?.[c] ?? Math.exp(logVariance?.[r]?.[c] as number);
        const density = Math.exp(-(((mean?.[r]?.[c] as number) - target) ** 2) / (2 * v)) / Math.sqrt(v);
        return -Math.log(density) + (full ? Math.log(2 * Math.PI) / 2 : 0);
      });
      return costs.reduce((a, b) => a + b, 0) / costs.length;
    }),
  compat: [
    {
      framework: "pytorch",
      name: "torch.nn.GaussianNLLLoss",
      arguments: { full: "full" },
      differs:
        "Takes the variance (variance here), which is raised to eps (1e-6) without a gradient; here nothing is raised.",
    },
  ],
  examples: [
    { yTrue: [[1]], yPred: { mean: [[1]], logVariance: [[0]] }, loss: 0 },
    { yTrue: [[1]], yPred: { mean: [[3]], logVariance: [[0]] }, loss: 2 },
  ],
  traits: { smooth: true },
});

import { add, div, equal, erf, exp, less, mul, type Node, or, sub, where } from "../../graph/index.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import { logits, real } from "../domain.ts";
import { bell, naiveNormalCdf } from "../normal.ts";
import { magnitude } from "../special.ts";
import { naiveScale, scales } from "./scales.ts";
import { farUnits } from "./weigh.ts";

/**
 * The continuous ranked probability score of a normal distribution: ∫ (Φ((x − mean)/std) − [x ≥ y])² dx, which is
 * e erf(w/√2) + std (2 φ(w) − 1/√π) with e = y − mean and w = e/std; averaged over the last axis.
 */
export const crpsGaussian = defineArrayLoss({
  name: "crpsGaussian",
  aliases: ["gaussianCrps", "normalCrps", "crps"],
  task: "regression",
  summary:
    "A mean and a standard deviation for each target, judged in the target's own units; milder to outliers than a likelihood.",
  formula: String.raw`\ell = \sigma \Bigl(w \bigl(2 \Phi(w) - 1\bigr) + 2 \varphi(w) - \frac1{\sqrt\pi}\Bigr), \quad w = \frac{y - \mu}\sigma`,
  references: [
    {
      title: "Gneiting, Raftery, Strictly Proper Scoring Rules, Prediction, and Estimation (2007)",
      url: "https://doi.org/10.1198/016214506000001437",
    },
  ],
  yTrue: { axes: "...", domain: real, doc: "the targets" },
  yPred: {
    mean: { axes: "...", domain: logits, doc: "the mean of the predicted distribution" },
    logStd: { axes: "...", domain: logits, doc: "the logarithm of its standard deviation", orElse: "std" },
    std: { axes: "...", domain: scales, doc: "its standard deviation, above 0", orElse: "logStd" },
  },
  losses: "...",
  average: true,
  value(yTrue, { mean, logStd, std: given }) {
    const std = given ?? exp(logStd as Node);
    const off = sub(yTrue, mean);
    // Beyond it erf is ±1 and the bell 0, whatever more the quotient grows.
    const isFar = less(farUnits, magnitude(div(off, std)));
    const near = where(isFar, 0, off);
    const w = div(near, where(or(isFar, equal(std, 0)), 1, std));
    const sharp = mul(1 / Math.sqrt(Math.PI), sub(mul(Math.SQRT2, where(isFar, 0, bell(w))), 1));
    const straight = magnitude(where(isFar, off, 0));
    return add(add(straight, mul(near, erf(mul(Math.SQRT1_2, w)))), mul(std, sharp));
  },
  textbook: (y: number[][], { mean, std, logStd }: Record<"mean" | "std" | "logStd", number[][]>) =>
    y.map((row, r) => {
      const costs = row.map((target, c) => {
        const s = naiveScale({ logScale: logStd, scale: std }, r, c);
        const w = (target - (mean[r]?.[c] as number)) / s;
        const density = Math.exp((-w * w) / 2) / Math.sqrt(2 * Math.PI);
        return s * (w * (2 * naiveNormalCdf(w) - 1) + 2 * density - 1 / Math.sqrt(Math.PI));
      });
      return costs.reduce((a, b) => a + b, 0) / costs.length;
    }),
  examples: [
    { yTrue: [[0]], yPred: { mean: [[0]], std: [[1]] }, loss: (Math.SQRT2 - 1) / Math.sqrt(Math.PI) },
    { yTrue: [[100]], yPred: { mean: [[0]], std: [[1]] }, loss: 100 - 1 / Math.sqrt(Math.PI) },
  ],
  traits: { smooth: true, nonNegative: true },
});

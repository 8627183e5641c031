import { less, logSoftmax, logSumExp, mul, sub, where } from "../../graph/index.ts";
import { alongClasses } from "../classes.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import { logits, real } from "../domain.ts";
import { halfLogTwoPi } from "../gammaFunction.ts";
import { magnitude } from "../special.ts";
import { calmed, inUnits, logOf, naiveScale, scaleArrays } from "./scales.ts";

const farthest = { float32: 2 ** 64, float64: 2 ** 512 } as const;

/**
 * −log Σ_k softmax(logits)_k N(y; mean_k, scale_k²), for one number y and M normal distributions on the last axis; a sum of exponentials that is
 * formed from logarithms, so that it holds however far y is from all of them.
 */
export const mixtureGaussianNll = defineArrayLoss({
  name: "mixtureGaussianNll",
  aliases: ["mixtureDensity", "mdn", "gaussianMixtureNll", "mixtureDensityNetwork"],
  task: "regression",
  summary: "Several normal distributions with shares for each target: for what may come out in more than one way.",
  formula: String.raw`\ell = -\log \sum_k \operatorname{softmax}(z)_k\, \mathcal N(y;\, \mu_k, \sigma_k^2)`,
  references: [{ title: "Bishop, Mixture Density Networks (1994)" }],
  yTrue: { axes: "...", domain: real, doc: "the targets" },
  yPred: {
    logits: { axes: "... M", domain: logits, doc: "how likely each distribution is, before a softmax" },
    mean: { axes: "... M", domain: logits, doc: "their means" },
    ...scaleArrays("... M", "their standard deviations"),
  },
  losses: "...",
  value(yTrue, { logits: shares, mean, ...scales }) {
    const off = sub(mean, alongClasses(yTrue, mean));
    // So far from a distribution that the square is beyond all numbers.
    const isFar = less(farthest[off.dtype as "float32" | "float64"], magnitude(inUnits(off, scales)));
    const units = inUnits(where(isFar, 0, off), calmed(scales, isFar));
    const logs = sub(sub(logSoftmax(shares), logOf(scales)), mul(mul(0.5, units), units));
    return sub(halfLogTwoPi, logSumExp(where(isFar, Number.NEGATIVE_INFINITY, logs)));
  },
  textbook: (y: number[], x: Record<"logits" | "mean" | "scale" | "logScale", number[][]>) =>
    y.map((target, r) => {
      const share = (x.logits[r] as number[]).map(Math.exp);
      const total = share.reduce((a, b) => a + b, 0);
      const density = share.reduce((sum, p, k) => {
        const scale = naiveScale(x, r, k);
        const units = (target - (x.mean[r]?.[k] as number)) / scale;
        return sum + ((p / total) * Math.exp(-(units ** 2) / 2)) / (scale * Math.sqrt(2 * Math.PI));
      }, 0);
      return -Math.log(density);
    }),
  examples: [
    { yTrue: [1], yPred: { logits: [[5]], mean: [[1]], scale: [[1]] }, loss: halfLogTwoPi },
    { yTrue: [0], yPred: { logits: [[0, 0]], mean: [[1, -1]], scale: [[1, 1]] }, loss: halfLogTwoPi + 0.5 },
  ],
});

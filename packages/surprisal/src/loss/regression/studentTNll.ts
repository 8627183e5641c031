import { add, div, less, log, log1p, mul, square, sub, where } from "../../graph/index.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import { logits, real } from "../domain.ts";
import { halfLogTwoPi, stirlingError } from "../gammaFunction.ts";
import { positive } from "../params.ts";
import { magnitude } from "../special.ts";
import { calmed, inUnits, logOf, naiveScale, scaleArrays } from "./scales.ts";
import { farUnits } from "./weigh.ts";

/** ½ log(df π) + log Γ(df/2) − log Γ((df + 1)/2), from what Stirling's formula leaves of each log Γ: their large parts are gone. */
function constantOf(df: number): number {
  return halfLogTwoPi + (0.5 - (df / 2) * Math.log1p(1 / df)) + stirlingError(df / 2) - stirlingError((df + 1) / 2);
}

/**
 * −log of a Student t density about `location`, with `scale` and df degrees of freedom, averaged over the last axis:
 * log scale + (df + 1)/2 · log(1 + e²/df) and a constant, e = (location − y)/scale.
 */
export const studentTNll = defineArrayLoss({
  name: "studentTNll",
  aliases: ["studentT", "studentTNegativeLogLikelihood", "tNll"],
  task: "regression",
  summary: "A location and a scale for each target, with tails so heavy that outliers hardly move them.",
  formula: String.raw`\ell = \log \sigma + \frac{\nu + 1}2 \log\Bigl(1 + \frac{(\mu - y)^2}{\nu \sigma^2}\Bigr) + \log \frac{\sqrt{\nu \pi}\, \Gamma(\nu / 2)}{\Gamma((\nu + 1)/2)}`,
  references: [
    {
      title: "Lange, Little, Taylor, Robust Statistical Modeling Using the t Distribution (1989)",
      url: "https://doi.org/10.1080/01621459.1989.10478852",
    },
  ],
  yTrue: { axes: "...", domain: real, doc: "the targets" },
  yPred: {
    location: { axes: "...", domain: logits, doc: "the centre of the predicted distribution" },
    ...scaleArrays("...", "its scale"),
  },
  losses: "...",
  average: true,
  params: { df: positive(4, "the degrees of freedom: 1 is a Cauchy distribution, many are a normal one") },
  value(yTrue, { location, ...scales }, { df }) {
    const off = sub(location, yTrue);
    const logScale = logOf(scales);
    const isFar = less(farUnits, magnitude(inUnits(off, scales)));
    const near = log1p(square(div(inUnits(where(isFar, 0, off), calmed(scales, isFar)), Math.sqrt(df))));
    // From logarithms, because the quotient may be beyond all numbers.
    const size = where(isFar, magnitude(off), 1);
    const far = sub(mul(2, sub(log(size), where(isFar, logScale, 0))), Math.log(df));
    return add(add(logScale, mul((df + 1) / 2, where(isFar, far, near))), constantOf(df));
  },
  textbook(y: number[][], { location, ...scales }: Record<"location" | "scale" | "logScale", number[][]>, { df }) {
    // Γ(x + ½)/Γ(x) by its series far out, moved there by Γ(x + 1) = x Γ(x).
    let logRatio = 0;
    let x = df / 2;
    for (; x < 1000; x++) logRatio += Math.log(x / (x + 0.5));
    logRatio += Math.log(x) / 2 + Math.log1p(-1 / (8 * x) + 1 / (128 * x * x) + 5 / (1024 * x ** 3));
    return y.map((row, r) => {
      const costs = row.map((target, c) => {
        const s = naiveScale(scales, r, c);
        const e = ((location[r]?.[c] as number) - target) / s;
        return Math.log(s) + ((df + 1) / 2) * Math.log(1 + (e * e) / df) + Math.log(df * Math.PI) / 2 - logRatio;
      });
      return costs.reduce((a, b) => a + b, 0) / costs.length;
    });
  },
  examples: [
    { yTrue: [[1]], yPred: { location: [[1]], scale: [[1]] }, options: { df: 1 }, loss: Math.log(Math.PI) },
    { yTrue: [[1]], yPred: { location: [[3]], scale: [[2]] }, options: { df: 1 }, loss: Math.log(4 * Math.PI) },
  ],
  traits: { smooth: true },
});

import { add, div, expm1, less, log, log1p, mul, type Node, neg, pow, square, sub, where } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { real } from "../domain.ts";
import { finiteOrMinusInfinity, positive } from "../params.ts";
import { magnitude } from "../special.ts";
import { farUnits } from "./weigh.ts";

/**
 * |α − 2|/α ((u²/|α − 2| + 1)^(α/2) − 1), u = (yPred − yTrue)/c, averaged over the last axis, and its limits: u²/2 at α = 2,
 * log(u²/2 + 1) at 0, 1 − e^(−u²/2) at −∞. Convex for α ≥ 1.
 */
export const barron = defineLoss({
  name: "barron",
  aliases: ["generalRobustLoss", "adaptiveRobustLoss", "generalAdaptiveRobustLoss"],
  task: "regression",
  summary:
    "One family from squared error (2) over pseudo-Huber (1), Cauchy (0) and Geman-McClure (-2) to Welsch (-Infinity).",
  formula: String.raw`\ell = \frac{|\alpha - 2|}{\alpha} \Biggl(\biggl(\frac{(e / c)^2}{|\alpha - 2|} + 1\biggr)^{\alpha / 2} - 1\Biggr), \quad e = \hat y - y`,
  references: [
    {
      title: "Barron, A General and Adaptive Robust Loss Function (2019)",
      url: "https://doi.org/10.1109/CVPR.2019.00446",
    },
  ],
  yTrue: real,
  harmless: 0,
  params: {
    alpha: finiteOrMinusInfinity(1, "the shape: the smaller, the less large residuals pull"),
    c: positive(1, "the residual up to which the loss is about half a square"),
  },
  value(yTrue, yPred, { alpha, c }) {
    const units = div(sub(yPred, yTrue), c);
    if (alpha === "-Infinity") return neg(expm1(mul(-0.5, square(units))));
    if (alpha === 2) return mul(0.5, square(units));
    const b = Math.abs(alpha - 2);
    const size = magnitude(units);
    if (alpha === 0) return mul(2, logRoot(size, b));
    if (Math.abs(alpha) < 1) return mul(b / alpha, expm1(mul(alpha, logRoot(size, b))));
    // A power of a large number is more exact than the exponential of its logarithm, which has the number's digits behind the point only.
    const isNear = less(size, Math.sqrt(b));
    const isFar = less(farUnits * Math.sqrt(b), size);
    const near = expm1(mul(alpha, logRoot(where(isNear, size, 0), b)));
    const base = add(1, div(square(where(isFar, 0, where(isNear, 0, size))), b));
    const far = mul(b ** (-alpha / 2), pow(where(isFar, size, 1), alpha));
    const power = where(isFar, far, pow(base, alpha / 2));
    return mul(b / alpha, add(near, sub(power, 1)));
  },
  textbook(y: number, p: number, { alpha, c }) {
    const u = ((p - y) / c) ** 2;
    if (alpha === "-Infinity") return 1 - Math.exp(-u / 2);
    if (alpha === 2 || alpha === 0) return alpha === 2 ? u / 2 : Math.log(u / 2 + 1);
    const b = Math.abs(alpha - 2);
    return (b / alpha) * ((u / b + 1) ** (alpha / 2) - 1);
  },
  examples: [
    { yTrue: 1, yPred: 1, loss: 0 },
    { yTrue: 0, yPred: 3, params: { alpha: 2 }, loss: 4.5 },
    { yTrue: 0, yPred: 4, params: { alpha: 0, c: 2 }, loss: Math.log(3) },
    { yTrue: 0, yPred: 4, params: { alpha: -2 }, loss: 1.6 },
    { yTrue: 0, yPred: 1, params: { alpha: "-Infinity" }, loss: -Math.expm1(-0.5) },
  ],
  traits: { smooth: true, convex: true, nonNegative: true, zeroAtTarget: true, symmetric: true, lipschitz: 1 },
});

/** log √(1 + size²/b). */
function logRoot(size: Node, b: number): Node {
  const isFar = less(farUnits * Math.sqrt(b), size);
  const near = mul(0.5, log1p(div(square(where(isFar, 0, size)), b)));
  return where(isFar, sub(log(where(isFar, size, 1)), 0.5 * Math.log(b)), near);
}

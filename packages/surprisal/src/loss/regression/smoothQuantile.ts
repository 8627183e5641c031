import { add, div, expm1, less, lessEqual, log1p, mul, neg, softplus, sub, where } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { real } from "../domain.ts";
import { positive, unit } from "../params.ts";
import { magnitude } from "../special.ts";
import { bySide } from "./weigh.ts";

/** tau d + s softplus(−d/s), d = yTrue − yPred, averaged over the last axis: the quantile loss with a rounded corner. */
export const smoothQuantile = defineLoss({
  name: "smoothQuantile",
  aliases: ["smoothPinball"],
  task: "regression",
  summary: "The quantile loss with its corner rounded, for methods that need a second derivative.",
  formula: String.raw`\ell = \tau d + s \log (1 + e^{-d / s}), \quad d = y - \hat y`,
  references: [
    { title: "Zheng, Gradient descent algorithms for quantile regression with smooth approximation (2011)" },
  ],
  yTrue: real,
  harmless: 0,
  params: {
    tau: unit(0.5, "the share of targets that should lie below the prediction"),
    smoothing: positive(0.1, "how far the rounding of the corner reaches"),
  },
  value(yTrue, yPred, { tau, smoothing }) {
    const residual = sub(yPred, yTrue);
    const units = div(residual, smoothing);
    const isNear = less(magnitude(units), 1);
    // Near the corner softplus x = log 2 + x/2 + log cosh(x/2), whose slope keeps its digits as it passes through 0 …
    const half = mul(0.5, where(isNear, units, 0));
    const logCosh = log1p(mul(-0.5, mul(expm1(half), expm1(neg(half)))));
    const near = add(mul(0.5 - tau, residual), mul(smoothing, add(Math.LN2, logCosh)));
    // … and away from it softplus x = x + softplus(−x): one of the two lines, and what is left of the corner.
    const away = where(isNear, -1, where(lessEqual(residual, 0), units, neg(units)));
    const far = add(mul(residual, bySide(residual, -tau, 1 - tau)), mul(smoothing, softplus(away)));
    return where(isNear, near, far);
  },
  textbook: (y: number, p: number, { tau, smoothing: s }) => tau * (y - p) + s * Math.log(1 + Math.exp((p - y) / s)),
  examples: [
    { yTrue: 1, yPred: 1, params: { smoothing: 1 }, loss: Math.LN2 },
    { yTrue: 1000, yPred: 0, params: { tau: 0.75 }, loss: 750 },
  ],
  traits: { smooth: true, convex: true, nonNegative: true, symmetric: true, lipschitz: 0.5 },
});

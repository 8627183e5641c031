import { div, less, log, log1p, mul, square, sub, where } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { real } from "../domain.ts";
import { positive } from "../params.ts";
import { magnitude } from "../special.ts";
import { farUnits } from "./weigh.ts";

/** log(1 + (e/c)²/2), e = yPred − yTrue, averaged over the last axis. Not convex. */
export const cauchy = defineLoss({
  name: "cauchy",
  aliases: ["cauchyLoss", "lorentzian"],
  task: "regression",
  summary: "Grows like a logarithm: large residuals pull less the larger they are.",
  formula: String.raw`\ell = \log \Bigl(1 + \tfrac12 (e / c)^2\Bigr), \quad e = \hat y - y`,
  yTrue: real,
  harmless: 0,
  params: { c: positive(1, "the scale of an ordinary residual") },
  value(yTrue, yPred, { c }) {
    const units = div(sub(yPred, yTrue), c);
    const size = magnitude(units);
    const isFar = less(farUnits, size);
    const near = log1p(mul(0.5, square(where(isFar, 0, units))));
    const far = sub(mul(2, log(where(isFar, size, 1))), Math.LN2);
    return where(isFar, far, near);
  },
  textbook: (y: number, p: number, { c }) => Math.log(1 + ((p - y) / c) ** 2 / 2),
  examples: [
    { yTrue: 1, yPred: 1, loss: 0 },
    { yTrue: 0, yPred: 4, params: { c: 2 }, loss: Math.log(3) },
  ],
  traits: { smooth: true, nonNegative: true, zeroAtTarget: true, symmetric: true },
});

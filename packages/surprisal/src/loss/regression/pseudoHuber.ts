import { add, div, expm1, less, log1p, mul, sqrt, square, sub, where } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { real } from "../domain.ts";
import { positive } from "../params.ts";
import { magnitude } from "../special.ts";
import { farUnits } from "./weigh.ts";

/** delta² (√(1 + (e/delta)²) − 1), e = yPred − yTrue, averaged over the last axis. */
export const pseudoHuber = defineLoss({
  name: "pseudoHuber",
  aliases: ["pseudoHuberLoss"],
  task: "regression",
  summary: "Like half the square for small residuals and a line for large ones, smooth throughout.",
  formula: String.raw`\ell = \delta^2 \Bigl(\sqrt{1 + (e / \delta)^2} - 1\Bigr), \quad e = \hat y - y`,
  references: [
    { title: "Charbonnier et al., Deterministic edge-preserving regularization in computed imaging (1997)" },
  ],
  yTrue: real,
  harmless: 0,
  params: { delta: positive(1, "the residual around which the parabola becomes a line") },
  value(yTrue, yPred, { delta }) {
    const units = div(sub(yPred, yTrue), delta);
    const size = magnitude(units);
    const isNear = less(size, 2);
    const isFar = less(farUnits, size);
    // √(1 + u²) − 1 without the subtraction, where that would cost digits; the slope is right as well.
    const near = expm1(mul(0.5, log1p(square(where(isNear, units, 0)))));
    const root = sqrt(add(1, square(where(isFar, 0, where(isNear, 0, units)))));
    return mul(delta * delta, add(near, add(sub(root, 1), where(isFar, sub(size, 1), 0))));
  },
  textbook: (y: number, p: number, { delta }) => delta ** 2 * (Math.sqrt(1 + ((p - y) / delta) ** 2) - 1),
  examples: [
    { yTrue: 1, yPred: 1, loss: 0 },
    { yTrue: 0, yPred: 3, params: { delta: 4 }, loss: 4 },
  ],
  traits: { smooth: true, convex: true, nonNegative: true, zeroAtTarget: true, symmetric: true, lipschitz: 1 },
});

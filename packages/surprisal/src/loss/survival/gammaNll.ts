import { add, and, lessEqual, log, mul, neg, sub, where } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { amounts } from "../domain.ts";
import { halfLogTwoPi, stirlingError } from "../gammaFunction.ts";
import { positive } from "../params.ts";
import { excessOverLog1p, timesExp } from "../special.ts";

/** log Γ(k) − k log k + k. */
const rest = (shape: number) => halfLogTwoPi - Math.log(shape) / 2 + stirlingError(shape);
/** log Γ(k) − k log k, exactly 0 at 1. */
const constantOf = (shape: number) => (shape === 1 ? 0 : rest(shape) - shape);

/**
 * Negative log-density of an amount above 0 under a gamma distribution of mean e^z, z = yPred, and a fixed shape (its variance is mean²/shape);
 * averaged over the last axis. With ρ = y e^(−z) it is shape (ρ − 1 − log ρ) + log y and a constant, which keeps its digits where y is
 * near the mean, however large the shape.
 */
export const gammaNll = defineLoss({
  name: "gammaNll",
  aliases: ["gammaLoss", "gammaNllLoss"],
  task: "regression",
  summary: "For amounts above 0 whose spread is a fixed share of their size, from the logarithm of the mean.",
  formula: String.raw`\ell = k\, (z + y e^{-z}) + \log \Gamma(k) - k \log k - (k - 1) \log y`,
  references: [{ title: "McCullagh, Nelder, Generalized Linear Models (1989)" }],
  yTrue: amounts,
  params: { shape: positive(1, "the shape k: the mean squared over the variance; 1 is the exponential distribution") },
  value(yTrue, yPred, { shape }) {
    const ratio = timesExp(yTrue, neg(yPred));
    const near = and(lessEqual(0.5, ratio), lessEqual(ratio, 2));
    const logOfY = log(yTrue);
    const close = mul(shape, excessOverLog1p(sub(where(near, ratio, 1), 1)));
    const apart = mul(shape, add(where(near, 0, yPred), where(near, 0, ratio)));
    const constants = where(near, add(logOfY, rest(shape)), sub(constantOf(shape), mul(shape - 1, logOfY)));
    return add(add(close, apart), constants);
  },
  textbook(y: number, z: number, { shape }) {
    // Γ(k) = Γ(k + 100) / (k (k + 1) … (k + 99)), and Stirling's formula that far out.
    const far = shape + 100;
    let logGamma =
      (far - 0.5) * Math.log(far) - far + Math.log(2 * Math.PI) / 2 + 1 / (12 * far) - 1 / (360 * far ** 3);
    for (let i = 0; i < 100; i++) logGamma -= Math.log(shape + i);
    return shape * (z + y * Math.exp(-z)) + logGamma - shape * Math.log(shape) - (shape - 1) * Math.log(y);
  },
  examples: [
    { yTrue: 1, yPred: 0, loss: 1 },
    { yTrue: 3, yPred: 0, loss: 3 },
    { yTrue: 1, yPred: 0, params: { shape: 2 }, loss: 2 - 2 * Math.LN2 },
  ],
  traits: { smooth: true, convex: true },
});

import { add, div, lessEqual, log, log1p, mul, square, sub, where } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { fromMinusOne, nonNegative } from "../domain.ts";
import { magnitude } from "../special.ts";

/** (log(1 + yPred) − log(1 + yTrue))², averaged over the last axis. Nothing is clipped: a prediction of −1 costs infinitely much. */
export const meanSquaredLogarithmicError = defineLoss({
  name: "meanSquaredLogarithmicError",
  aliases: ["msle", "squaredLogarithmicError", "squaredLogError"],
  task: "regression",
  summary: "The squared difference of logarithms: what counts is the ratio, for amounts of very different sizes.",
  formula: String.raw`\ell = \bigl(\log (1 + \hat y) - \log (1 + y)\bigr)^2`,
  yTrue: nonNegative,
  yPred: fromMinusOne,
  value(yTrue, yPred) {
    const base = add(1, yTrue);
    const difference = sub(yPred, yTrue);
    const isNear = lessEqual(magnitude(difference), mul(0.5, base));
    // The logarithm of the ratio: the difference of two logarithms would lose the digits of a ratio near 1.
    const near = log1p(div(where(isNear, difference, 0), base));
    const far = log(where(isNear, 1, div(add(1, yPred), base)));
    return square(add(near, far));
  },
  textbook: (y: number, p: number) => (Math.log(1 + p) - Math.log(1 + y)) ** 2,
  compat: [
    {
      framework: "keras",
      name: "keras.losses.MeanSquaredLogarithmicError",
      differs: "Numbers below 1e-7 are raised to it there, so that negative predictions have no gradient.",
    },
    { framework: "scikit-learn", name: "sklearn.metrics.mean_squared_log_error" },
  ],
  examples: [
    { yTrue: 3, yPred: 3, loss: 0 },
    { yTrue: 0, yPred: 1, loss: Math.LN2 ** 2 },
  ],
  traits: { smooth: true, nonNegative: true, zeroAtTarget: true, symmetric: true },
});

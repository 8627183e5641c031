import { abs, add, and, div, equal, less, lessEqual, mul, not, or, sub, where } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { real } from "../domain.ts";
import { magnitude } from "../special.ts";

/** 200 |yPred − yTrue| / (|yTrue| + |yPred|), averaged over the last axis; 0 where both are 0, and never above 200. */
export const symmetricMeanAbsolutePercentageError = defineLoss({
  name: "symmetricMeanAbsolutePercentageError",
  aliases: ["smape", "symmetricMape"],
  task: "regression",
  summary: "The size of each residual in percent of the mean size of target and prediction.",
  formula: String.raw`\ell = 200 \, \frac{|\hat y - y|}{|y| + |\hat y|}`,
  references: [{ title: "Makridakis, Accuracy measures: theoretical and practical concerns (1993)" }],
  yTrue: real,
  harmless: 0,
  value(yTrue, yPred) {
    const size = abs(yTrue);
    const predicted = magnitude(yPred);
    const apart = less(mul(yTrue, where(less(yPred, 0), -1, where(less(0, yPred), 1, yPred))), 0);
    const both = and(equal(yTrue, 0), equal(yPred, 0));
    const high = and(not(or(apart, both)), lessEqual(mul(3, size), predicted));
    const other = or(apart, or(high, both));
    // A ratio near 1 is 1 − 2 |y|/(|y| + |ŷ|), whose slope does not cancel; with different signs it is 1 throughout.
    const over = sub(1, div(mul(2, size), add(size, where(other, where(high, predicted, 1), 1))));
    const near = div(magnitude(where(other, 0, sub(yPred, yTrue))), where(other, 1, add(size, predicted)));
    return mul(200, where(apart, 1, where(both, 0, where(high, over, near))));
  },
  textbook: (y: number, p: number) => (200 * Math.abs(p - y)) / (Math.abs(y) + Math.abs(p)),
  examples: [
    { yTrue: 1, yPred: 3, loss: 100 },
    { yTrue: 0, yPred: 0, loss: 0 },
    { yTrue: 1, yPred: -7, loss: 200 },
  ],
  traits: { nonNegative: true, symmetric: true },
  kinks: { of: "residual", at: [0, -0.75] },
});

import { add, broadcastTo, div, equal, max, mul, neg, square, sub, sum, where } from "../../graph/index.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import { binaryUnit } from "../special.ts";
import { naiveShares, overlapParams, pixels, sharesOf } from "./overlap.ts";

/**
 * 1 − 2 Σ_c w_c Σ p y / Σ_c w_c Σ (p + y), one number a sample, with w_c one over the square of the class's size: rare classes count as much as
 * frequent ones. A class that is absent takes the largest weight of those present.
 */
export const generalizedDice = defineArrayLoss({
  name: "generalizedDice",
  aliases: ["generalizedDiceLoss", "generalisedDice"],
  task: "segmentation",
  summary: "Dice of all classes at once, each weighed by one over its squared size.",
  formula: String.raw`\ell = 1 - 2 \frac{\sum_c w_c \sum p y}{\sum_c w_c \sum (p + y)}, \quad w_c = \Bigl(\sum y_c\Bigr)^{-2}`,
  references: [
    {
      title:
        "Sudre et al., Generalised Dice Overlap as a Deep Learning Loss Function for Highly Unbalanced Segmentations (2017)",
      url: "https://arxiv.org/abs/1707.03237",
    },
  ],
  ...pixels,
  losses: "N",
  params: { fromLogits: overlapParams.fromLogits, activation: overlapParams.activation },
  value(yTrue, yPred, params) {
    const { p, rest } = sharesOf(yPred, params);
    const size = sum(yTrue, [1]);
    const absent = equal(size, 0);
    // The unit of sizes does not matter: one like the smallest, so that no square is too small for a number.
    const smallest = neg(max(where(absent, Number.NEGATIVE_INFINITY, neg(size)), { keepDims: true }));
    const isEmpty = equal(smallest, Number.POSITIVE_INFINITY);
    const unit = broadcastTo(binaryUnit(where(isEmpty, 1, smallest)), size.shape);
    const known = div(1, square(where(absent, 1, div(size, unit))));
    const largest = broadcastTo(max(where(absent, 0, known), { keepDims: true }), size.shape);
    const weight = where(absent, largest, known);
    const wrong = sum(add(mul(yTrue, rest), mul(p, sub(1, yTrue))), [1]);
    const whole = sum(mul(weight, add(sum(p, [1]), size)), [-1]);
    const none = equal(whole, 0);
    return where(none, 0, div(sum(mul(weight, wrong), [-1]), where(none, 1, whole)));
  },
  textbook: (y: number[][][], x: number[][][], params) =>
    naiveShares(x, params).map((p, n) => {
      const sample = y[n] as number[][];
      const classes = (sample[0] as number[]).map((_, c) => c);
      const of = (f: (target: number, share: number) => number, c: number) =>
        sample.reduce((total, row, i) => total + f(row[c] as number, p[i]?.[c] as number), 0);
      const sizes = classes.map((c) => of((t) => t, c));
      const weights = sizes.map((s) =>
        s === 0 ? Math.max(...sizes.filter((o) => o > 0).map((o) => o ** -2)) : s ** -2,
      );
      const sum = (f: (target: number, share: number) => number) =>
        classes.reduce((total, c) => total + (weights[c] as number) * of(f, c), 0);
      return 1 - (2 * sum((t, s) => t * s)) / sum((t, s) => t + s);
    }),
  examples: [
    {
      yTrue: [
        [
          [1, 0],
          [0, 1],
        ],
      ],
      yPred: [
        [
          [1, 0],
          [0, 1],
        ],
      ],
      loss: 0,
    },
    {
      yTrue: [
        [
          [1, 0],
          [0, 1],
        ],
      ],
      yPred: [
        [
          [0, 1],
          [1, 0],
        ],
      ],
      loss: 1,
    },
  ],
  traits: { smooth: true, nonNegative: true },
});

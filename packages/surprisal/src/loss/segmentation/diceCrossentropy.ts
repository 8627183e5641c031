import { add, logSoftmax, mean, mul, neg, sum, weighted } from "../../graph/index.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import { logits } from "../domain.ts";
import { nonNegative } from "../params.ts";
import { diceParts, naiveDice, naiveGroups, naiveShares, pixels, shareOfWrong, sharesOf } from "./overlap.ts";

const asLogits = { fromLogits: true, activation: "softmax" } as const;

/** diceWeight · Dice (the mean over the classes of a sample) + crossentropyWeight · the mean cross-entropy of its pixels; one number a sample, from logits. */
export const diceCrossentropy = defineArrayLoss({
  name: "diceCrossentropy",
  aliases: ["diceCe", "comboLoss"],
  task: "segmentation",
  summary: "Dice for the shape of masks and cross-entropy for every pixel, together.",
  formula: String.raw`\ell = w_d\, \mathrm{Dice} + w_c\, \overline{-\sum_c y_c \log p_c}`,
  references: [
    {
      title: "Isensee et al., nnU-Net: Self-adapting Framework for U-Net-Based Medical Image Segmentation (2018)",
      url: "https://arxiv.org/abs/1809.10486",
    },
  ],
  yTrue: pixels.yTrue,
  yPred: { axes: "N P C", domain: logits, doc: "logits of the same shape" },
  losses: "N",
  params: {
    diceWeight: nonNegative(1, "the weight of Dice"),
    crossentropyWeight: nonNegative(1, "the weight of cross-entropy"),
    smooth: nonNegative(0, "added above and below in Dice"),
  },
  value(yTrue, yPred, { diceWeight, crossentropyWeight, smooth }) {
    const { p, rest } = sharesOf(yPred, asLogits);
    const total = (x: typeof p) => sum(x, [1]);
    const overlap = mean(shareOfWrong(diceParts(yTrue, p, rest, total), smooth), [-1]);
    const cost = mean(neg(sum(weighted(yTrue, logSoftmax(yPred)), [-1])), [-1]);
    return add(mul(diceWeight, overlap), mul(crossentropyWeight, cost));
  },
  textbook(y: number[][][], x: number[][][], { diceWeight, crossentropyWeight, smooth: s }) {
    const p = naiveShares(x, asLogits);
    const overlaps = naiveGroups(y, p, "sampleClass", (a, b) => naiveDice(a, b, s));
    return y.map((sample, n) => {
      const costs = sample.map(
        (row, i) => -row.reduce((total, t, c) => total + t * Math.log(p[n]?.[i]?.[c] as number), 0),
      );
      const mean = costs.reduce((a, b) => a + b, 0) / costs.length;
      return diceWeight * (overlaps[n] as number) + crossentropyWeight * mean;
    });
  },
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
          [0, 0],
          [0, 0],
        ],
      ],
      loss: 0.5 + Math.LN2,
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
          [0, 0],
          [0, 0],
        ],
      ],
      options: { crossentropyWeight: 0 },
      loss: 0.5,
    },
  ],
  traits: { smooth: true, nonNegative: true },
});

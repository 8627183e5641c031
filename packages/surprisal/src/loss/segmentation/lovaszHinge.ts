import { equal, maximum, mul, sub } from "../../graph/index.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import { bit, logits } from "../domain.ts";
import { lovaszExtension, naiveLovasz } from "./lovasz.ts";

/** The Lovász extension of the Jaccard loss at the hinge errors max(0, 1 − z (2y − 1)), one number a sample, from logits. Compares all pairs of pixels. */
export const lovaszHinge = defineArrayLoss({
  name: "lovaszHinge",
  aliases: ["binaryLovasz"],
  task: "segmentation",
  summary: "Optimises intersection over union of a binary mask directly, with a hinge.",
  formula: String.raw`\ell = \overline{\Delta_J}\bigl(\max(0, 1 - z (2y - 1))\bigr)`,
  references: [
    {
      title: "Berman, Rannen Triki, Blaschko, The Lovász-Softmax Loss (2018)",
      url: "https://arxiv.org/abs/1705.08790",
    },
  ],
  yTrue: { axes: "N P", domain: bit, doc: "the mask, the pixels of a sample on one axis" },
  yPred: { axes: "N P", domain: logits, doc: "logits of the same shape" },
  losses: "N",
  value(yTrue, yPred) {
    const errors = sub(1, mul(yPred, sub(mul(2, yTrue), 1)));
    return lovaszExtension(maximum(0, errors), equal(yTrue, 1));
  },
  textbook: (y: number[][], z: number[][]) =>
    y.map((row, n) => {
      const errors = row.map((t, i) => Math.max(0, 1 - (z[n]?.[i] as number) * (2 * t - 1)));
      return naiveLovasz(errors, row);
    }),
  examples: [
    { yTrue: [[1, 0]], yPred: [[2, -3]], loss: 0 },
    { yTrue: [[1, 0]], yPred: [[-1, -3]], loss: 2 },
  ],
  traits: { nonNegative: true },
});

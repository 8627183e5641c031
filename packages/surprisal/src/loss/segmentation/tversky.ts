import type { Node } from "../../graph/index.ts";
import { add, mul, sub } from "../../graph/index.ts";
import { nonNegative } from "../params.ts";
import { defineOverlap, naiveSum, type Parts, type Total } from "./overlap.ts";

export const tverskyParams = {
  alpha: nonNegative(0.5, "the weight of what is predicted and is not there"),
  beta: nonNegative(0.5, "the weight of what is there and is not predicted"),
};
export interface TverskyWeights {
  readonly alpha: number;
  readonly beta: number;
}

/** α FP + β FN, and that with TP. */
export function tverskyParts(y: Node, p: Node, rest: Node, total: Total, { alpha, beta }: TverskyWeights): Parts {
  const wrong = add(mul(alpha, total(mul(p, sub(1, y)))), mul(beta, total(mul(rest, y))));
  return { wrong, whole: add(total(mul(p, y)), wrong) };
}

/** 1 − the Tversky index in textbook form. */
export function naiveTversky(
  y: readonly number[],
  p: readonly number[],
  { alpha, beta, smooth: s }: TverskyWeights & { readonly smooth: number },
): number {
  const both = naiveSum(p, y);
  const weighed = both + alpha * (naiveSum(p) - both) + beta * (naiveSum(y) - both) + s;
  return weighed === 0 ? 0 : 1 - (both + s) / weighed;
}

/** 1 − (TP + smooth) / (TP + α FP + β FN + smooth), of soft counts. Dice with α = β = 1/2, Jaccard with 1. */
export const tversky = defineOverlap({
  name: "tversky",
  aliases: ["tverskyLoss"],
  summary: "Dice with separate weights for what is too much and what is missing.",
  formula: String.raw`\ell = 1 - \frac{\mathrm{TP} + s}{\mathrm{TP} + \alpha\, \mathrm{FP} + \beta\, \mathrm{FN} + s}`,
  references: [
    {
      title:
        "Salehi, Erdogmus, Gholipour, Tversky Loss Function for Image Segmentation Using 3D Fully Convolutional Deep Networks (2017)",
      url: "https://arxiv.org/abs/1706.05721",
    },
  ],
  compat: [
    {
      framework: "keras",
      name: "keras.losses.Tversky",
      arguments: { alpha: "beta", beta: "alpha" },
      options: { per: "batch" },
      differs: "alpha weighs what is missing there, and beta what is too much; 1e-7 is added below.",
    },
    {
      framework: "optax",
      name: "optax.losses.dice_loss",
      arguments: { alpha: "alpha", beta: "beta", smooth: "smooth" },
      options: { fromLogits: true, smooth: 1 },
      differs: "One class goes through a sigmoid there (activation here). Dice's own smooth counts half as much.",
    },
  ],
  params: tverskyParams,
  parts: tverskyParts,
  naive: naiveTversky,
  apart: 1,
  traits: { smooth: true, nonNegative: true },
});

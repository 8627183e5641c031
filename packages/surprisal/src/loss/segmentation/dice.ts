import { defineOverlap, diceParts, naiveDice } from "./overlap.ts";

/** 1 − (2 Σ p y + smooth) / (Σ p + Σ y + smooth): one minus the F1 score of soft predictions. An empty mask that is predicted empty costs nothing. */
export const dice = defineOverlap({
  name: "dice",
  aliases: ["diceLoss", "softDice", "f1Loss"],
  summary: "By how much a predicted mask misses the true one; small masks count as much as large ones.",
  formula: String.raw`\ell = 1 - \frac{2 \sum p y + s}{\sum p + \sum y + s}`,
  references: [
    {
      title:
        "Milletari, Navab, Ahmadi, V-Net: Fully Convolutional Neural Networks for Volumetric Medical Image Segmentation (2016)",
      url: "https://arxiv.org/abs/1606.04797",
    },
  ],
  compat: [
    {
      framework: "keras",
      name: "keras.losses.Dice",
      options: { per: "batch" },
      differs: "1e-7 is added below there, so that an empty mask that is predicted empty costs 1; here it costs 0.",
    },
  ],
  params: {},
  parts: diceParts,
  naive: (y, p, { smooth }) => naiveDice(y, p, smooth),
  apart: 1,
  traits: { smooth: true, nonNegative: true },
});

import { add, mul, square, sub } from "../../graph/index.ts";
import { defineOverlap, naiveSum } from "./overlap.ts";

/** 1 − (2 Σ p y + smooth) / (Σ p² + Σ y² + smooth), which is Σ (p − y)² over that: with squares below, as V-Net has it. */
export const squaredDice = defineOverlap({
  name: "squaredDice",
  aliases: ["vNetDice", "diceSquared"],
  summary: "Dice with squares in the denominator: less pull towards 0 and 1.",
  formula: String.raw`\ell = 1 - \frac{2 \sum p y + s}{\sum p^2 + \sum y^2 + s}`,
  references: [
    {
      title:
        "Milletari, Navab, Ahmadi, V-Net: Fully Convolutional Neural Networks for Volumetric Medical Image Segmentation (2016)",
      url: "https://arxiv.org/abs/1606.04797",
    },
  ],
  params: {},
  parts(y, p, rest, total) {
    // p − y as p (1 − y) − y (1 − p): with its digits where p is near 1.
    const error = sub(mul(p, sub(1, y)), mul(y, rest));
    return { wrong: total(square(error)), whole: total(add(square(p), square(y))) };
  },
  naive(y, p, { smooth: s }) {
    const whole = naiveSum(p, p) + naiveSum(y, y) + s;
    return whole === 0 ? 0 : 1 - (2 * naiveSum(p, y) + s) / whole;
  },
  apart: 1,
  traits: { smooth: true, nonNegative: true },
});

import { add, exp, log, mul, neg } from "../../graph/index.ts";
import { defineOverlap, diceParts, naiveDice } from "./overlap.ts";

/** log cosh of the Dice loss. Written as the textbook has it: stabilisation makes it exact near 0. */
export const logCoshDice = defineOverlap({
  name: "logCoshDice",
  aliases: ["lcDice"],
  summary: "Dice, flattened where the masks agree.",
  formula: String.raw`\ell = \log \cosh \mathrm{Dice}`,
  references: [
    {
      title: "Jadon, A Survey of Loss Functions for Semantic Segmentation (2020)",
      url: "https://arxiv.org/abs/2006.14822",
    },
  ],
  params: {},
  parts: diceParts,
  finish: (share) => log(mul(0.5, add(exp(share), exp(neg(share))))),
  naive: (y, p, { smooth }) => Math.log(Math.cosh(naiveDice(y, p, smooth))),
  apart: Math.log(Math.cosh(1)),
  traits: { smooth: true, nonNegative: true },
});

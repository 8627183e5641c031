import { neg, sigmoid, square } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { marginOf, overSigns, plainMargin } from "./signs.ts";

/** 1 / (1 + e^m)², m = yTrue · yPred, averaged over the last axis: bounded, so that wrong labels count little. Not convex. */
export const savageLoss = defineLoss({
  name: "savageLoss",
  aliases: ["savage"],
  summary: "The squared probability of the wrong class, at most 1 however wrong a score is.",
  formula: String.raw`\ell = \frac{1}{(1 + e^{y f})^2}, \quad y \in \{-1, 1\}`,
  references: [{ title: "Masnadi-Shirazi, Vasconcelos, On the Design of Loss Functions for Classification (2008)" }],
  ...overSigns,
  value: (yTrue, yPred) => square(sigmoid(neg(marginOf(yTrue, yPred)))),
  textbook: (y: number, f: number) => 1 / (1 + Math.exp(plainMargin(y, f))) ** 2,
  examples: [{ yTrue: 1, yPred: 0, loss: 0.25 }],
  traits: { smooth: true, nonNegative: true },
});

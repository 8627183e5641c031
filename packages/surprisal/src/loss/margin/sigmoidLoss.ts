import { neg, sigmoid } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { marginOf, overSigns, plainMargin } from "./signs.ts";

/** 1 / (1 + e^m), m = yTrue · yPred, averaged over the last axis. Not convex. */
export const sigmoidLoss = defineLoss({
  name: "sigmoidLoss",
  aliases: ["sigmoidMargin"],
  summary: "The probability of the wrong class: a smooth count of errors.",
  formula: String.raw`\ell = \frac{1}{1 + e^{y f}}, \quad y \in \{-1, 1\}`,
  ...overSigns,
  value: (yTrue, yPred) => sigmoid(neg(marginOf(yTrue, yPred))),
  textbook: (y: number, f: number) => 1 / (1 + Math.exp(plainMargin(y, f))),
  examples: [{ yTrue: 1, yPred: 0, loss: 0.5 }],
  traits: { smooth: true, nonNegative: true },
});

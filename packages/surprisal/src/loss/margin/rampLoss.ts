import { maximum, minimum, sub } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { marginOf, overSigns, plainMargin } from "./signs.ts";

/** min(max(0, 1 − m), 2), m = yTrue · yPred, averaged over the last axis; the slope is −1 at m = −1 and 0 at m = 1. */
export const rampLoss = defineLoss({
  name: "rampLoss",
  aliases: ["ramp", "truncatedHinge"],
  summary: "The hinge, but never more than 2: a wrong label cannot pull for ever.",
  formula: String.raw`\ell = \min\bigl(\max(0, 1 - y f),\, 2\bigr), \quad y \in \{-1, 1\}`,
  references: [{ title: "Collobert, Sinz, Weston, Bottou, Trading Convexity for Scalability (2006)" }],
  ...overSigns,
  // The first operand takes the gradient at a tie.
  value: (yTrue, yPred) => minimum(maximum(0, sub(1, marginOf(yTrue, yPred))), 2),
  textbook: (y: number, f: number) => Math.min(2, Math.max(0, 1 - plainMargin(y, f))),
  examples: [
    { yTrue: 1, yPred: 0.25, loss: 0.75 },
    { yTrue: 1, yPred: -9, loss: 2 },
  ],
  traits: { nonNegative: true },
  kinks: { of: "margin", at: [-1, 1] },
});

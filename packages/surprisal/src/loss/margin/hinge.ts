import { InvalidArgumentError } from "../../base/errors.ts";
import { equal, maximum, mul, sub, where } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { sign } from "../domain.ts";

/** max(0, 1 − yTrue · yPred), averaged over the last axis; derivative 0 at the kink. Labels 0 and 1 are read as −1 and 1. */
export const hinge = defineLoss({
  name: "hinge",
  aliases: ["hingeLoss"],
  task: "binary",
  summary: "Nothing for a score on the right side of the margin, linear on the other: a support vector machine.",
  formula: String.raw`\ell = \max(0, 1 - y f), \quad y \in \{-1, 1\}`,
  references: [{ title: "Cortes, Vapnik, Support-vector networks (1995)", url: "https://doi.org/10.1007/BF00994018" }],
  yTrue: sign,
  harmless: 0,
  checkTargets(yTrue) {
    const seen = new Set(Array.from(yTrue));
    if (!(seen.has(0) && seen.has(-1))) return;
    throw new InvalidArgumentError("loss/mixed-signs", {
      received: "yTrue holds both -1 and 0",
      expected: "two classes are coded as -1 and 1, or as 0 and 1",
      hint: "Use one of the two codes throughout.",
    });
  },
  value(yTrue, yPred) {
    const label = where(equal(yTrue, 0), -1, yTrue);
    // The constant comes first and so takes the gradient at a tie.
    return maximum(0, sub(1, mul(label, yPred)));
  },
  textbook: (y: number, f: number) => Math.max(0, 1 - (y === 0 ? -1 : y) * f),
  examples: [
    { yTrue: 1, yPred: 0.25, loss: 0.75 },
    { yTrue: -1, yPred: 2, loss: 3 },
    { yTrue: 0, yPred: -3, loss: 0 },
  ],
  traits: { convex: true, nonNegative: true, lipschitz: 1 },
  kinks: { of: "margin", at: [1] },
});

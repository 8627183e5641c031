/** What the losses of a margin share: labels of −1 and 1, and 0 read as −1. */
import { InvalidArgumentError } from "../../base/errors.ts";
import { equal, mul, type Node, where } from "../../graph/index.ts";
import { sign } from "../domain.ts";

/** The parts of a definition that all of them have. */
export const overSigns = { task: "binary", yTrue: sign, harmless: 0, checkTargets: checkSigns } as const;

/** yTrue · yPred. */
export function marginOf(yTrue: Node, yPred: Node): Node {
  return mul(where(equal(yTrue, 0), -1, yTrue), yPred);
}

/** The margin of one label and one score, for the textbook forms. */
export const plainMargin = (y: number, f: number): number => (y === 0 ? -1 : y) * f;

/** @throws InvalidArgumentError when both codes are used at once. */
function checkSigns(yTrue: ArrayLike<number>): void {
  const seen = new Set(Array.from(yTrue));
  if (!(seen.has(0) && seen.has(-1))) return;
  throw new InvalidArgumentError("loss/mixed-signs", {
    received: "yTrue holds both -1 and 0",
    expected: "two classes are coded as -1 and 1, or as 0 and 1",
    hint: "Use one of the two codes throughout.",
  });
}

/** What the losses of tokens share: index labels over a vocabulary, logits, and a label (of padding) that is left out. */
import { classIndex } from "../domain.ts";
import { integer } from "../params.ts";

export const tokenParams = {
  ignoreClass: integer("the label whose rows are left out, as of padding; it need not be a class"),
};

/** The parts of a definition that they have. */
export const overTokens = {
  task: "language",
  axis: "class",
  yTrue: classIndex,
  ignored: ({ ignoreClass }: { readonly ignoreClass: number | undefined }) => ignoreClass,
} as const;

/** −log softmax(z)_y in textbook form. */
export function plainCost(y: number, z: readonly number[]): number {
  return Math.log(z.reduce((total, x) => total + Math.exp(x), 0)) - (z[y] as number);
}

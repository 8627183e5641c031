/** Distances between rows, with derivative 0 (not NaN) where two rows are the same. */
import { add, constant, equal, type Node, pow, sqrt, square, sub, sum, where } from "../../graph/index.ts";
import { logits } from "../domain.ts";
import { magnitude } from "../special.ts";

/** ‖a − b‖² over the last axis. */
export const squaredDistance = (a: Node, b: Node): Node => sum(square(sub(a, b)), [-1]);

/** x^exponent for x ≥ 0, with derivative 0 at 0. */
function rootOf(x: Node, exponent: number): Node {
  const none = equal(x, 0);
  const some = where(none, 1, x);
  const root = exponent === 0.5 ? sqrt(some) : pow(some, constant(exponent, x.dtype, x.shape));
  return where(none, 0, root);
}

/** The p-norm of a − b + eps over the last axis. */
export function distance(a: Node, b: Node, p = 2, eps = 0): Node {
  const difference = eps === 0 ? sub(a, b) : add(sub(a, b), eps);
  if (p === 2) return rootOf(sum(square(difference), [-1]), 0.5);
  if (p === 1) return sum(magnitude(difference), [-1]);
  return rootOf(sum(rootOf(magnitude(difference), p), [-1]), 1 / p);
}

/** An embedding for each row. */
export const embedding = (doc: string) => ({ axes: "N D", domain: logits, doc, harmless: 0 }) as const;
/** What losses of triplets take. */
export const tripletParts = {
  anchor: embedding("the embeddings that others are compared with"),
  positive: embedding("embeddings of what belongs to the anchors"),
  negative: embedding("embeddings of what does not"),
};
/** What losses of pairs take. */
export const pairParts = {
  first: embedding("embeddings"),
  second: embedding("the embeddings that they are paired with, row by row"),
};

/** ‖a − b‖ in textbook form. */
export function naiveDistance(a: readonly number[], b: readonly number[], p = 2, eps = 0): number {
  return a.reduce((total, x, i) => total + Math.abs(x - (b[i] as number) + eps) ** p, 0) ** (1 / p);
}
/** ⟨a, b⟩ in textbook form. */
export const naiveDot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((total, x, i) => total + x * (b[i] as number), 0);
/** The cosine in textbook form. */
export const naiveCosine = (a: readonly number[], b: readonly number[]): number =>
  naiveDot(a, b) / Math.sqrt(naiveDot(a, a) * naiveDot(b, b));

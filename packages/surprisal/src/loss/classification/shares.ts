/** What losses of class probabilities share: p and 1 − p, each with its digits, from logits or from probabilities. */
import {
  broadcastTo,
  constant,
  div,
  equal,
  expm1,
  logSoftmax,
  mul,
  type Node,
  neg,
  pow,
  softmax,
  square,
  stopGradient,
  sub,
  sum,
  where,
} from "../../graph/index.ts";
import { isLabel } from "../classes.ts";
import { type Domain, logits, probabilities, rates } from "../domain.ts";
import { flag, optionalFlag } from "../params.ts";

export const shareParams = { fromLogits: flag(false, "whether yPred holds logits instead of probabilities") };
export const normalizeParam = optionalFlag(
  "whether each row of probabilities is first divided by its sum; false takes numbers above 1 as they are",
);

export interface ShareKind {
  readonly fromLogits: boolean;
  readonly normalize?: boolean | undefined;
}

export function shareDomain({ fromLogits, normalize }: ShareKind): Domain {
  if (fromLogits) return logits;
  return normalize === undefined ? probabilities : rates;
}

/** p. */
export function shares(yPred: Node, { fromLogits, normalize }: ShareKind): Node {
  if (fromLogits) return softmax(yPred);
  return normalize ? div(yPred, broadcastTo(sum(yPred, [-1], { keepDims: true }), yPred.shape)) : yPred;
}

/** 1 − p: of a softmax by way of its logarithm, since 1 − softmax would lose the digits of a share near 1. */
export function complements(yPred: Node, kind: ShareKind): Node {
  return kind.fromLogits ? neg(expm1(logSoftmax(yPred))) : sub(1, shares(yPred, kind));
}

/** p − y, with its digits where y is 1 and p is near it. */
export function shareErrors(yTrue: Node, yPred: Node, kind: ShareKind): Node {
  if (!kind.fromLogits) return sub(shares(yPred, kind), yTrue);
  return where(equal(yTrue, 1), neg(complements(yPred, kind)), sub(softmax(yPred), yTrue));
}

/** The number of the labelled class, one a row. */
export const atLabel = (labels: Node, values: Node): Node => sum(where(isLabel(labels, values), values, 0), [-1]);

/** p of a row in textbook form, for the oracles. */
export function naiveShares(x: readonly number[], { fromLogits, normalize }: ShareKind): number[] {
  const p = fromLogits ? x.map(Math.exp) : [...x];
  const total = fromLogits || normalize ? p.reduce((a, b) => a + b, 0) : 1;
  return p.map((value) => value / total);
}

/**
 * off^gamma · cost. Where nothing is off, value and slope are 0; a power below 1 would have an infinite slope there. Where the cost is infinite, off
 * does not move any more, and its slope 0 must not meet the cost.
 */
export function focused(off: Node, cost: Node, gamma: number): Node {
  const right = equal(off, 0);
  const moving = where(equal(cost, Number.POSITIVE_INFINITY), stopGradient(off), off);
  return mul(raised(where(right, 1, moving), gamma), where(right, 0, cost));
}

/** x to a constant power: by products for 1, 2, 3 and 4, which round less than logarithms do. */
export function raised(x: Node, exponent: number): Node {
  if (exponent === 1) return x;
  if (exponent === 2) return square(x);
  if (exponent === 3) return mul(square(x), x);
  return exponent === 4 ? square(square(x)) : pow(x, constant(exponent, x.dtype, x.shape));
}

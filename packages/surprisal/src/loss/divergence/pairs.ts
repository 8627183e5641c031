/** What divergences read: p = yTrue and q from yPred, their difference, and 1/q, each with its digits. */
import {
  and,
  argmax,
  constant,
  div,
  equal,
  exp,
  iota,
  less,
  lessEqual,
  log,
  logSoftmax,
  max,
  mul,
  type Node,
  not,
  softmax,
  sqrt,
  stopGradient,
  sub,
  sum,
  where,
} from "../../graph/index.ts";
import { shareDomain, shareParams } from "../classification/shares.ts";
import { distribution } from "../domain.ts";

/** What the definitions of divergences between rows have in common. */
export const pairDefinition = {
  task: "distribution",
  axis: "class",
  yTrue: distribution,
  yPred: shareDomain,
  params: shareParams,
} as const;

/** Below it 1/q, or its square, may be too large for a float32. */
export const tinyShare = 2 ** -120;

/** Between ratios of this size log(a/b) is better than log a − log b; beyond, the quotient or its slope may not be a number. */
export const comparableRatio = 2 ** 60;

export interface Pair {
  readonly p: Node;
  readonly q: Node;
  /** q − p. */
  readonly difference: Node;
  /** Whether q is a softmax, and sums to 1 but for its rounding. */
  readonly sumsToOne: boolean;
  /** log q where `at` (bool) holds, else 0; also of shares that are too small for a float. */
  readonly logQ: (at: Node) => Node;
  /** 1/q where `at` (bool) holds, else some other number. */
  readonly inverse: (at: Node) => Node;
  /** bool: q is truly 0, and not only too small for a float. */
  readonly impossible: Node;
  /** √q where `at` (bool) holds, else 1; also of shares that are too small for a float. */
  readonly root: (at: Node) => Node;
  /** bool: a share so small that powers of it come from its logarithm. Never so for probabilities, which are what they are. */
  readonly tiny: Node;
}

export function readPair(p: Node, yPred: Node, { fromLogits }: { readonly fromLogits: boolean }): Pair {
  if (!fromLogits) {
    return {
      p,
      q: yPred,
      difference: sub(yPred, p),
      sumsToOne: false,
      logQ: (at) => log(where(at, yPred, 1)),
      inverse: (at) => div(1, where(at, yPred, 1)),
      impossible: equal(yPred, 0),
      root: (at) => sqrt(where(at, yPred, 1)),
      tiny: less(yPred, 0),
    };
  }
  const q = softmax(yPred);
  const logs = logSoftmax(yPred);
  const tiny = less(q, tinyShare);
  return {
    p,
    q,
    difference: shareDifference(p, q),
    sumsToOne: true,
    logQ: (at) => where(at, logs, 0),
    inverse: (at) => inverseShare(yPred, at),
    impossible: equal(yPred, Number.NEGATIVE_INFINITY),
    root: (at) => where(tiny, exp(mul(0.5, where(at, logs, 0))), sqrt(where(and(at, not(tiny)), q, 1))),
    tiny,
  };
}

/** q − p for a q that sums to 1. Where both are large it is (1 − p) − (1 − q), and 1 − q is the sum of the other shares. */
export function shareDifference(p: Node, q: Node): Node {
  const isTop = equal(iota(-1, q.shape), argmax(q, { keepDims: true }));
  const others = sum(where(isTop, 0, q), [-1], { keepDims: true });
  const large = and(isTop, and(lessEqual(0.5, p), lessEqual(0.5, q)));
  return where(large, sub(sub(1, p), others), sub(q, p));
}

/**
 * 1 / softmax z = exp(t − z) Σ exp(z − t). Its slope is of its own size; that of a quotient, 1/q², overflows early. The value does not
 * depend on t, which therefore is held constant.
 */
function inverseShare(z: Node, at: Node): Node {
  const top = stopGradient(max(z, { keepDims: true }));
  const total = sum(exp(sub(z, top)), [-1], { keepDims: true });
  return mul(exp(where(at, sub(top, z), 0)), total);
}

/** bool: a and b are above 0 and within a factor of each other. */
export function within(factor: number, a: Node, b: Node): Node {
  return and(and(less(0, a), less(0, b)), and(lessEqual(mul(1 / factor, a), b), lessEqual(mul(1 / factor, b), a)));
}

/** Infinite where p is 0 and q is not, but is too small for a float; else 0. What is larger shows in the terms themselves. */
export function lostOutcomes({ p, q, impossible }: Pair): Node {
  return where(
    and(equal(q, 0), and(not(impossible), equal(p, 0))),
    Number.POSITIVE_INFINITY,
    constant(0, p.dtype, p.shape),
  );
}

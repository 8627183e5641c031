/** Differences of cumulative distributions, for losses over ordered classes. */
import { abs, add, less, type Node, neg, pad, slice, sub, sum, where } from "../../graph/index.ts";
import type { Pair } from "./pairs.ts";

/** Sums of x up to each position of the last axis, in log₂ n additions of the whole; each is a balanced sum. */
export function prefixSums(x: Node): Node {
  const last = x.shape.length - 1;
  const length = x.shape[last] as number;
  let sums = x;
  for (let step = 1; step < length; step *= 2) {
    sums = add(sums, pad(upTo(sums, length - step), along(x, step), along(x, 0)));
  }
  return sums;
}

const along = (x: Node, at: number): number[] => x.shape.map((_, d) => (d === x.shape.length - 1 ? at : 0));
/** The first positions of the last axis. */
const upTo = (x: Node, length: number): Node => slice(x, along(x, 0), [...x.shape.slice(0, -1), length]);

/**
 * Q − P, cumulative, at the cuts between the classes: one fewer than there are classes. What lies after a cut says it as well as what
 * lies before when q is known to sum to 1, and says it without cancellation where that is less.
 */
export function atCuts({ p, difference, sumsToOne }: Pair): Node {
  const cuts = Math.max((p.shape.at(-1) ?? 0) - 1, 0);
  const before = prefixSums(difference);
  if (!sumsToOne) return upTo(before, cuts);
  const last = p.shape.length - 1;
  const missing = sum(pad(neg(p), along(p, 1), along(p, 0), 1), [last], { keepDims: true });
  const after = suffixSums(difference);
  const size = abs(difference);
  const lessAfter = less(suffixSums(size), prefixSums(size));
  return upTo(where(lessAfter, sub(missing, after), before), cuts);
}

/** Sums of x after each position of the last axis. */
function suffixSums(x: Node): Node {
  const length = x.shape.at(-1) as number;
  const next = slice(x, along(x, 1), [...x.shape.slice(0, -1), length - 1]);
  let sums = pad(next, along(x, 0), along(x, 1));
  for (let step = 1; step < length; step *= 2) {
    const rest = slice(sums, along(x, step), [...x.shape.slice(0, -1), length - step]);
    sums = add(sums, pad(rest, along(x, 0), along(x, step)));
  }
  return sums;
}

export function naiveCuts(p: readonly number[], q: readonly number[]): number[] {
  return q.slice(1).map((_, cut) => {
    const before = (x: readonly number[]) => x.slice(0, cut + 1).reduce((a, b) => a + b, 0);
    return before(q) - before(p);
  });
}

/** Rényi's divergences, of which Bhattacharyya's is one. */
import {
  add,
  and,
  constant,
  div,
  less,
  log,
  log1p,
  logSumExp,
  max,
  mul,
  type Node,
  not,
  or,
  pad,
  reshape,
  sub,
  sum,
  where,
  xlogy,
} from "../../graph/index.ts";
import { type Pair, within } from "./pairs.ts";
import { farSlopes, nearTerms, powersOf } from "./powers.ts";
import { relativeEntropy } from "./relativeEntropy.ts";

/** Beyond e to this, a sum of powers may be too large or too small for a float32. */
const tail = 69;

/**
 * log(Σ p^α q^(1 − α)) / (α − 1) over the last axis, α > 0; for α = 1 its limit for distributions, KL(p ‖ q), and for infinity the
 * largest log(p/q).
 */
export function renyi(pair: Pair, alpha: number): Node {
  const { p, q } = pair;
  if (alpha === 1) {
    const { terms, difference } = relativeEntropy(p, q, pair.difference);
    return sub(sum(terms, [-1]), sum(difference, [-1]));
  }
  if (alpha < 1) return ofPowers(pair, alpha);
  // What q thinks impossible makes the whole infinite; the other outcomes have no say then.
  const infinite = and(less(0, p), pair.impossible);
  const finite = withoutRows(pair, less(0, sum(where(infinite, constant(1, p.dtype, p.shape), 0), [-1])));
  const value = alpha === Number.POSITIVE_INFINITY ? largestLogRatio(finite) : ofPowers(finite, alpha);
  return sub(value, sum(xlogy(where(infinite, p, 0), where(infinite, q, 1)), [-1]));
}

function largestLogRatio({ p, q, difference, logQ }: Pair): Node {
  const near = within(2, p, q);
  const apart = and(less(0, p), not(near));
  const alike = log1p(div(where(near, difference, 0), where(near, p, 1)));
  const ratio = sub(sub(log(where(apart, p, 1)), logQ(apart)), alike);
  return max(where(or(near, apart), ratio, Number.NEGATIVE_INFINITY));
}

function ofPowers(pair: Pair, alpha: number): Node {
  const logSum = logOfSum(pair, alpha);
  const inTail = or(less(logSum, -tail), less(tail, logSum));
  const value = logOfPowers(withoutRows(pair, inTail), alpha);
  return div(where(inTail, where(inTail, logSum, 0), value), alpha - 1);
}

/** The logarithm of the sum from logarithms: right in any range, but not to the last digit near 0. 0 where the sum is empty. */
function logOfSum({ p, impossible, logQ }: Pair, alpha: number): Node {
  const both = and(less(0, p), not(impossible));
  const logs = add(mul(alpha, log(where(both, p, 1))), mul(1 - alpha, logQ(both)));
  const some = less(0, sum(where(both, constant(1, p.dtype, p.shape), 0), [-1], { keepDims: true }));
  return logSumExp(where(some, where(both, logs, Number.NEGATIVE_INFINITY), 0));
}

/** log Σ p^α q^(1 − α), near 0 from the sum less 1. */
function logOfPowers(pair: Pair, alpha: number): Node {
  const { p, difference } = pair;
  const powers = powersOf(pair, alpha);
  const { near, power } = powers;
  const beyond = mul(alpha, nearTerms(pair, near, alpha));
  const gap = where(near, difference, 0);
  const total = sum(add(where(near, add(p, mul(alpha - 1, sub(beyond, gap))), 0), power), [-1]);
  // The differences go in a sum of their own: for distributions they add up to 0, and among the terms they would hide them.
  const scaled = sub(sum(sub(beyond, farSlopes(pair, powers, alpha, "p")), [-1]), sum(gap, [-1]));
  const lessOne = add(mul(alpha - 1, scaled), sumLessOne(p));
  const close = and(less(-0.5, lessOne), less(lessOne, 0.5));
  return where(close, log1p(where(close, lessOne, 0)), log(where(close, 1, total)));
}

/** Σ p − 1 over the last axis; 1 goes first, so that the partial sums get smaller. */
function sumLessOne(p: Node): Node {
  const before = p.shape.map((_, d) => (d === p.shape.length - 1 ? 1 : 0));
  const none = p.shape.map(() => 0);
  return sum(pad(p, before, none, -1), [-1]);
}

/** The pair with q = p in some rows. */
function withoutRows(pair: Pair, rows: Node): Pair {
  const left = reshape(rows, [...rows.shape, 1]);
  const kept = (at: Node) => and(at, not(left));
  return {
    ...pair,
    q: where(left, pair.p, pair.q),
    difference: where(left, 0, pair.difference),
    logQ: (at) => pair.logQ(kept(at)),
    inverse: (at) => pair.inverse(kept(at)),
    impossible: kept(pair.impossible),
    tiny: kept(pair.tiny),
  };
}

/** The Lovász extension of the Jaccard loss: exact at corners, piecewise linear between. */
import {
  add,
  and,
  broadcastTo,
  cast,
  div,
  equal,
  iota,
  less,
  mul,
  type Node,
  or,
  reshape,
  stopGradient,
  sub,
  sum,
  where,
} from "../../graph/index.ts";

/**
 * Σ over pixels in order of decreasing error of error · (growth of the Jaccard loss when that pixel is wrong, too), for each row of [rows, pixels].
 * There is no sorting: every pair of pixels is compared, which costs pixels² a row. Pixels of equal error keep their order.
 */
export function lovaszExtension(errors: Node, isForeground: Node): Node {
  const [rows, pixels] = errors.shape as [number, number];
  const cube = [rows, pixels, pixels];
  const held = stopGradient(errors);
  const own = broadcastTo(reshape(held, [rows, pixels, 1]), cube);
  const other = broadcastTo(reshape(held, [rows, 1, pixels]), cube);
  const earlier = less(iota(2, cube), iota(1, cube));
  const before = or(less(own, other), and(equal(own, other), earlier));
  const flag = cast(isForeground, errors.dtype);
  const among = (x: Node): Node => sum(where(before, broadcastTo(reshape(x, [rows, 1, pixels]), cube), 0), [-1]);
  const size = broadcastTo(sum(flag, [-1], { keepDims: true }), errors.shape);
  // What is left of the foreground, and the union, before this pixel is wrong, too.
  const left = sub(size, among(flag));
  const union = add(size, among(sub(1, flag)));
  // J = 1 − left/union grows by 1/union with a pixel of the foreground, by left/(union (union + 1)) with another one; the first of nothing by 1.
  const nothing = equal(union, 0);
  const some = where(nothing, 1, union);
  const growth = div(where(isForeground, 1, where(nothing, 1, div(left, add(some, 1)))), some);
  return sum(mul(errors, growth), [-1]);
}

/** The same in textbook form, by sorting. */
export function naiveLovasz(errors: readonly number[], foreground: readonly number[]): number {
  const order = errors.map((_, i) => i).sort((i, j) => (errors[j] as number) - (errors[i] as number) || i - j);
  const size = foreground.reduce((a, b) => a + b, 0);
  let [left, union, previous, total] = [size, size, 0, 0];
  for (const i of order) {
    const flag = foreground[i] as number;
    left -= flag;
    union += 1 - flag;
    const jaccard = 1 - left / union;
    total += (errors[i] as number) * (jaccard - previous);
    previous = jaccard;
  }
  return total;
}

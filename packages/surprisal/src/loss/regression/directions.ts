/** Vectors by their direction alone, and the angle between two: the digits stay where they are parallel or opposite. */
import {
  abs,
  add,
  and,
  broadcastTo,
  div,
  equal,
  less,
  max,
  mul,
  type Node,
  not,
  reshape,
  sqrt,
  square,
  stopGradient,
  sub,
  sum,
  where,
} from "../../graph/index.ts";

/** The cosine of the angle between rows, as `from + rest`; from is −1, 0 or 1, and rest has its digits. */
export interface Cosine {
  readonly from: Node;
  readonly rest: Node;
  /** bool: whether neither is the zero vector, which has no direction. */
  readonly known: Node;
}

/**
 * ⟨u, v⟩ of the unit vectors u and v along the last axis. Where they are nearly parallel it is 1 − ‖u − v‖²/2, where nearly opposite
 * ‖u + v‖²/2 − 1: the slope is then made of their small difference, and not of u less its equal share of v.
 */
export function cosine(a: Node, b: Node): Cosine {
  const [x, y] = [scaled(a), scaled(b)];
  const [xLength, yLength] = [lengthOf(x), lengthOf(y)];
  const product = div(sum(mul(x, y), [-1], { keepDims: true }), mul(xLength, yLength));
  const constant = stopGradient(product);
  const from = where(less(0.5, constant), 1, where(less(constant, -0.5), -1, mul(0, constant)));
  const isNear = not(equal(from, 0));
  const unit = (v: Node, length: Node) => div(v, broadcastTo(length, v.shape));
  const apart = sub(mul(unit(x, xLength), broadcastTo(from, x.shape)), unit(y, yLength));
  const squares = sum(square(where(isNear, apart, 0)), [-1], { keepDims: true });
  const rest = add(mul(mul(-0.5, from), squares), where(isNear, 0, product));
  const rows = a.shape.slice(0, -1);
  return { from: reshape(from, rows), rest: reshape(rest, rows), known: and(nonZero(a), nonZero(b)) };
}

const nonZero = (x: Node): Node => not(equal(max(abs(x)), 0));

/** x over its largest entry: that changes no direction, and no square overflows. The zero vector stays. */
function scaled(x: Node): Node {
  const top = stopGradient(max(abs(x), { keepDims: true }));
  return div(x, broadcastTo(where(equal(top, 0), 1, top), x.shape));
}

/** ‖x‖; 1 for the zero vector, which no digits depend on. */
function lengthOf(x: Node): Node {
  const squares = sum(square(x), [-1], { keepDims: true });
  return sqrt(where(equal(squares, 0), 1, squares));
}

/** Sums over all paths through a lattice, in logarithms: what the losses of sequences share. */
import {
  broadcastTo,
  concat,
  constant,
  equal,
  logSumExp,
  max,
  type Node,
  pad,
  reshape,
  slice,
  transpose,
  where,
} from "../../graph/index.ts";

const nowhere = Number.NEGATIVE_INFINITY;

/** log Σ e^x over the last axis; −Infinity, without a gradient, where all are −Infinity: no path leads there. */
export function logSumOfPaths(x: Node): Node {
  const none = equal(max(x), nowhere);
  const open = broadcastTo(reshape(none, [...none.shape, 1]), x.shape);
  return where(none, nowhere, logSumExp(where(open, 0, x)));
}

/** log(Σ e^x) of arrays of one shape. */
export function logAdd(...ways: readonly Node[]): Node {
  const column = (x: Node): Node => reshape(x, [...x.shape, 1]);
  const first = ways[0] as Node;
  return logSumOfPaths(concat(ways.map(column), first.shape.length));
}

/** Each row moved on by some places along the last axis; −Infinity comes in. */
export function moved(x: Node, by: number): Node {
  const [rows, width] = x.shape as [number, number];
  if (by >= width) return constant(nowhere, x.dtype, x.shape);
  return pad(slice(x, [0, 0], [rows, width - by]), [0, by], [0, 0], nowhere);
}

/**
 * The antidiagonals of [N, A, B]: the d-th, [N, B], holds x[n, d − b, b], and −Infinity beyond the edge. A path that moves on along A or B comes from the
 * antidiagonal before, in place or one place on, so that a lattice is worked through in A + B steps.
 */
export function antidiagonals(x: Node): Node[] {
  const [n, a, b] = x.shape as [number, number, number];
  const width = a + b;
  // Rows of length A + B, read as rows of A + B − 1: each one starts a place later.
  const padded = pad(transpose(x, [0, 2, 1]), [0, 0, 0], [0, 0, b], nowhere);
  const skewed = reshape(slice(reshape(padded, [n, b * width]), [0, 0], [n, b * (width - 1)]), [n, b, width - 1]);
  return Array.from({ length: width - 1 }, (_, d) => reshape(slice(skewed, [0, 0, d], [n, b, 1]), [n, b]));
}

/** One step in time of [N, T, …]. */
export function stepOf(x: Node, t: number): Node {
  const [n, , ...rest] = x.shape as [number, number, ...number[]];
  const start = x.shape.map((_, axis) => (axis === 1 ? t : 0));
  return reshape(slice(x, start, [n, 1, ...rest]), [n, ...rest]);
}

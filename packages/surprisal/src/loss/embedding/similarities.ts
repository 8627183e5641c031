/** Similarities of every row with every other one, [N, N]: losses within a batch are made of them. */
import {
  and,
  broadcastTo,
  cast,
  concat,
  constant,
  div,
  equal,
  iota,
  logSumExp,
  matmul,
  maximum,
  type Node,
  not,
  reshape,
  sqrt,
  square,
  sum,
  where,
} from "../../graph/index.ts";
import { classIndex, logits } from "../domain.ts";

/** Rows of length 1; the zero vector stays, without a gradient. */
export function unitRows(x: Node): Node {
  const squares = sum(square(x), [-1], { keepDims: true });
  return div(x, broadcastTo(sqrt(where(equal(squares, 0), 1, squares)), x.shape));
}

/** ⟨a_i, b_j⟩. */
export const products = (a: Node, b: Node): Node => matmul(a, b, { transposeB: true });
/** Cosines of the angles between rows. */
export const cosines = (a: Node, b: Node): Node => products(unitRows(a), unitRows(b));

/** Where row and column are the same. */
export const diagonal = (matrix: Node): Node => equal(iota(0, matrix.shape), iota(1, matrix.shape));

/** Pairs of rows by their labels [N]. */
export function pairsOf(labels: Node): { readonly positive: Node; readonly negative: Node; readonly self: Node } {
  const n = labels.shape[0] as number;
  const same = equal(broadcastTo(reshape(labels, [n, 1]), [n, n]), broadcastTo(reshape(labels, [1, n]), [n, n]));
  const self = diagonal(same);
  return { positive: and(same, not(self)), negative: not(same), self };
}

/** How many are true in each row, at least 1; a division by it leaves a sum of nothing 0. */
export const countOf = (condition: Node, like: Node): Node => maximum(sum(cast(condition, like.dtype), [-1]), 1);

/** Whether any is true in each row. */
export const anyOf = (condition: Node, like: Node): Node => not(equal(sum(cast(condition, like.dtype), [-1]), 0));

/** log(1 + Σ e^x) over the chosen entries of each row; 0 where there are none. */
export function logOnePlus(chosen: Node, x: Node): Node {
  const [rows] = x.shape as [number];
  const zero = constant(0, x.dtype, [rows, 1]);
  return logSumExp(concat([zero, where(chosen, x, Number.NEGATIVE_INFINITY)], 1));
}

/** log Σ e^x over the chosen entries of each row; 0, and no gradient, where there are none. */
export function logSumOf(chosen: Node, x: Node): Node {
  const some = anyOf(chosen, x);
  const open = broadcastTo(reshape(some, [x.shape[0] as number, 1]), x.shape);
  return where(
    some,
    logSumExp(where(chosen, x, where(open, Number.NEGATIVE_INFINITY, constant(0, x.dtype, x.shape)))),
    0,
  );
}

/** Embeddings with a label each. */
export const labelled = {
  yTrue: { axes: "N", domain: classIndex, doc: "the group that each row belongs to; any whole numbers from 0" },
  yPred: { axes: "N D", domain: logits, doc: "embeddings, one row a sample", harmless: 1 },
} as const;

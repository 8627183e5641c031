/** decompose: replaces composite ops by their parts, and reductions by the two forms that kernels have. */

import { sizeOf } from "../../base/shape.ts";
import { build, type Node, ops, rewrite } from "../../graph/index.ts";

/** Ops with a decomposition that the target does not render itself. */
const composites = (node: Node): Node | undefined => node.op.decompose?.(build, node);

/**
 * Sums run along the last axis or down the leading ones. Other axes are moved to the end first; a sum over everything goes
 * along the rows, then over the row sums; leading axes with nothing after them are a row.
 */
const sums = (node: Node): Node | undefined => {
  if (node.op !== ops.sum) return undefined;
  const x = node.inputs[0] as Node;
  const rank = x.shape.length;
  const axes: readonly number[] = node.attrs.axes;
  const active = axes.filter((axis) => x.shape[axis] !== 1);
  if (active.length === 0) return build.reshape(x, node.shape);
  if (active.length < axes.length) return build.reshape(build.sum(x, active, { keepDims: true }), node.shape);

  const trailing = axes.every((axis, i) => axis === rank - axes.length + i);
  if (trailing && axes.length === 1) return undefined;
  if (trailing) {
    const rowSums = build.sum(x, [rank - 1], { keepDims: true });
    return build.sum(rowSums, axes.slice(0, -1), { keepDims: true });
  }
  const leading = axes.every((axis, i) => axis === i);
  if (leading && sizeOf(x.shape.slice(axes.length)) === 1) {
    return build.reshape(build.sum(build.reshape(x, [1, sizeOf(x.shape)]), [1], { keepDims: true }), node.shape);
  }
  if (leading && rank === 2) return undefined;
  if (leading) {
    const rest = x.shape.slice(axes.length);
    const flat = build.reshape(x, [sizeOf(x.shape.slice(0, axes.length)), sizeOf(rest)]);
    return build.reshape(build.sum(flat, [0], { keepDims: true }), node.shape);
  }
  const kept = x.shape.map((_, d) => d).filter((d) => !axes.includes(d));
  const moved = build.transpose(x, [...kept, ...axes]);
  const flat = build.reshape(moved, [
    ...kept.map((d) => x.shape[d] as number),
    sizeOf(axes.map((d) => x.shape[d] as number)),
  ]);
  return build.reshape(build.sum(flat, [kept.length], { keepDims: true }), node.shape);
};

/** The largest of one element is that element, at position 0. */
const single = (node: Node): Node | undefined => {
  if (node.op !== ops.max && node.op !== ops.argmax) return undefined;
  const x = node.inputs[0] as Node;
  if (x.shape.at(-1) !== 1) return undefined;
  return node.op === ops.max ? x : build.constant(0, "int32", node.shape);
};

/** Indexed reads and writes go by whole rows in memory, so a view that moves elements is copied first. */
const rowsInMemory = (node: Node): Node | undefined => {
  if (node.op !== ops.gather && node.op !== ops.scatterAdd) return undefined;
  const moves = (x: Node): boolean => (x.op === ops.reshape ? moves(x.inputs[0] as Node) : x.op.kind === "view");
  if (!node.inputs.some(moves)) return undefined;
  const [first, second] = node.inputs.map((x) => (moves(x) ? build.stopGradient(x) : x)) as [Node, Node];
  return node.op === ops.gather ? build.gather(first, second) : build.scatterAdd(first, second, node.attrs.rows);
};

export function decompose(outputs: readonly Node[]): Node[] {
  return rewrite(outputs, [composites, sums, single, rowsInMemory]);
}

/** Reductions. All keep the reduced axes as 1; the builders drop them on request. */

import { ShapeError } from "../../base/errors.ts";
import { type Shape, sizeOf, stridesOf } from "../../base/shape.ts";
import type { Node, OpRecord } from "../node.ts";
import { CompensatedSum, type NoAttributes, rowShape, rowsOf } from "./record.ts";

export interface SumAttributes {
  /** Ascending positions of the axes that are summed. */
  readonly axes: readonly number[];
}

function keptShape(shape: Shape, axes: readonly number[]): Shape {
  return shape.map((dim, d) => (axes.includes(d) ? 1 : dim));
}

export const sum: OpRecord<SumAttributes> = {
  name: "sum",
  kind: "reduction",
  infer: ([x], { axes }) => ({ dtype: (x as Node).dtype, shape: keptShape((x as Node).shape, axes) }),
  evaluate(node, [x]) {
    const from = (node.inputs[0] as Node).shape;
    const into = stridesOf(node.shape).map((stride, d) => (node.attrs.axes.includes(d) ? 0 : stride));
    const sums = Array.from({ length: sizeOf(node.shape) }, () => new CompensatedSum());
    const index = new Array<number>(from.length).fill(0);
    for (const value of x as Float64Array) {
      let at = 0;
      for (let d = 0; d < index.length; d++) at += (index[d] as number) * (into[d] as number);
      sums[at]?.add(value);
      for (let d = from.length - 1; d >= 0; d--) {
        if (++(index[d] as number) < (from[d] as number)) break;
        index[d] = 0;
      }
    }
    return Float64Array.from(sums, (s) => s.value);
  },
  gradient: (b, { inputs: [x] }, g) => [b.broadcastTo(g, (x as Node).shape)],
};

function lastAxis(name: string, x: Node): Shape {
  if ((x.shape.at(-1) ?? 0) === 0) {
    throw new ShapeError("graph/empty-axis", {
      received: `${name} was given an empty last axis`,
      expected: "there is no largest element of nothing",
      hint: "Check the number of classes.",
    });
  }
  return rowShape(x.shape);
}

/** Position of the row's largest element: the first among equals, and NaN counts as largest. */
function largest(row: Float64Array): number {
  let at = 0;
  for (let i = 1; i < row.length; i++) {
    const value = row[i] as number;
    const best = row[at] as number;
    if (value > best || (Number.isNaN(value) && !Number.isNaN(best))) at = i;
  }
  return at;
}

function evaluateRows(node: Node, x: Float64Array, f: (row: Float64Array) => number): Float64Array {
  const { rows, columns } = rowsOf((node.inputs[0] as Node).shape);
  return Float64Array.from({ length: rows }, (_, r) => f(x.subarray(r * columns, (r + 1) * columns)));
}

/** The largest element of the last axis. The first of equal ones takes the gradient. */
export const max: OpRecord<NoAttributes> = {
  name: "max",
  kind: "reduction",
  infer: ([x]) => ({ dtype: (x as Node).dtype, shape: lastAxis("max", x as Node) }),
  evaluate: (node, [x]) => evaluateRows(node, x as Float64Array, (row) => row[largest(row)] as number),
  gradient(b, { inputs: [x] }, g) {
    const shape = (x as Node).shape;
    const first = b.equal(b.iota(shape.length - 1, shape), b.argmax(x as Node, { keepDims: true }));
    return [b.where(first, b.broadcastTo(g, shape), 0)];
  },
};

/** The position of `max` along the last axis, int32. */
export const argmax: OpRecord<NoAttributes> = {
  name: "argmax",
  kind: "reduction",
  infer: ([x]) => ({ dtype: "int32", shape: lastAxis("argmax", x as Node) }),
  evaluate: (node, [x]) => evaluateRows(node, x as Float64Array, largest),
  gradient: () => [undefined],
};

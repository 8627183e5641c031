/** assemble: kernels of ops that read or write by position: gather, scatterAdd, concat, pad. */
import { type Shape, sizeOf, stridesOf } from "../../base/shape.ts";
import { type Node, ops } from "../../graph/index.ts";
import { literal } from "../expressions.ts";
import type { Expression, Kernel, KernelBuffer, NestKernel } from "../kernel.ts";
import type { Placement } from "./bodies.ts";
import { coalesce } from "./coalesce.ts";
import type { View } from "./views.ts";

export function assemble(node: Node, viewOf: (node: Node) => View, placement: Placement): Kernel[] {
  const out = placement.bufferOf(node);
  const rowsOf = (x: Node) => {
    const { base, offset, strides } = viewOf(x);
    const rowMajor = stridesOf(x.shape);
    if (!x.shape.every((dim, d) => dim === 1 || strides[d] === rowMajor[d]))
      throw new Error(`${node.op.name} was left an operand that does not lie row by row`);
    return { buffer: placement.bufferOf(base), offset };
  };
  if (node.op === ops.gather) {
    const [x, indices] = node.inputs as [Node, Node];
    return [
      {
        family: "gather",
        name: "gather",
        ops: ["gather"],
        source: rowsOf(x).buffer,
        sourceOffset: rowsOf(x).offset,
        sourceRows: x.shape[0] as number,
        indices: rowsOf(indices).buffer,
        indicesOffset: rowsOf(indices).offset,
        count: sizeOf(indices.shape),
        width: sizeOf(x.shape.slice(1)),
        out,
      },
    ];
  }
  if (node.op === ops.scatterAdd) {
    const [indices, updates] = node.inputs as [Node, Node];
    return [
      {
        family: "scatterAdd",
        name: "scatterAdd",
        ops: ["scatterAdd"],
        indices: rowsOf(indices).buffer,
        indicesOffset: rowsOf(indices).offset,
        updates: rowsOf(updates).buffer,
        updatesOffset: rowsOf(updates).offset,
        count: sizeOf(indices.shape),
        width: sizeOf(node.shape.slice(1)),
        rows: node.shape[0] as number,
        out,
      },
    ];
  }
  if (node.op === ops.pad) {
    const source = node.inputs[0] as Node;
    const fill = write(node.shape, stridesOf(node.shape), 0, literal(node.attrs.value, node.dtype), out, "pad");
    return [fill, block(source, node, node.attrs.before, out, viewOf, placement, node.attrs.steps)];
  }
  let start = 0;
  return node.inputs.map((part) => {
    const at = node.shape.map((_, d) => (d === node.attrs.axis ? start : 0));
    start += part.shape[node.attrs.axis] as number;
    return block(part, node, at, out, viewOf, placement);
  });
}

/** Copies an operand into a block of the result, its elements `steps` apart. */
function block(
  source: Node,
  into: Node,
  at: readonly number[],
  out: KernelBuffer,
  viewOf: (node: Node) => View,
  placement: Placement,
  steps?: readonly number[],
): NestKernel {
  const { base, offset, strides } = viewOf(source);
  const value: Expression = {
    kind: "load",
    access: { buffer: placement.bufferOf(base), offset, strides },
    dtype: source.dtype,
  };
  const target = stridesOf(into.shape);
  const start = at.reduce((sum, n, d) => sum + n * (target[d] as number), 0);
  const apart = target.map((stride, d) => stride * (steps?.[d] ?? 1));
  return write(source.shape, apart, start, value, out, into.op.name);
}

function write(
  space: Shape,
  strides: readonly number[],
  offset: number,
  value: Expression,
  out: KernelBuffer,
  name: string,
): NestKernel {
  const store = { access: { buffer: out, offset, strides }, value };
  return coalesce({
    family: "map",
    name,
    ops: [name],
    space,
    phases: [{ stores: [store], reductions: [], columnSums: [], rowStores: [] }],
  });
}

/** views: ops that only move elements become strides over what they read, and no code. */
import { type Shape, stridesOf } from "../../base/shape.ts";
import { type Node, ops } from "../../graph/index.ts";

/** A node's elements as elements of another node that lies in memory, row-major. */
export interface View {
  readonly base: Node;
  readonly offset: number;
  readonly strides: readonly number[];
}

/**
 * Strides that read `shape` row-major where `from` is read with `strides`, or undefined if no strides do (a copy is needed).
 * Works through runs of axes with equal products, as NumPy's no-copy reshape does.
 */
export function reshapeStrides(from: Shape, strides: readonly number[], shape: Shape): number[] | undefined {
  const source = from.map((dim, d) => ({ dim, stride: strides[d] as number })).filter(({ dim }) => dim !== 1);
  const out = new Array<number>(shape.length).fill(0);
  let s = source.length - 1;
  let d = shape.length - 1;
  while (d >= 0) {
    if (shape[d] === 1) {
      d--;
      continue;
    }
    let run = source[s]?.dim;
    if (run === undefined) return undefined;
    let lowest = s;
    let need = shape[d] as number;
    let first = d;
    while (run !== need) {
      if (run < need) {
        const next = source[--lowest];
        if (next === undefined) return undefined;
        // Axes that join must be contiguous with each other.
        const inner = source[lowest + 1] as { dim: number; stride: number };
        if (next.stride !== inner.dim * inner.stride) return undefined;
        run *= next.dim;
      } else {
        if (--first < 0) return undefined;
        need *= shape[first] as number;
      }
    }
    let stride = (source[s] as { stride: number }).stride;
    for (let j = d; j >= first; j--) {
      out[j] = shape[j] === 1 ? 0 : stride;
      stride *= shape[j] as number;
    }
    d = first - 1;
    s = lowest - 1;
  }
  return out;
}

/** Resolves chains of view ops. A reshape that strides cannot express is its own base: it gets copied. */
export function viewResolver(): (node: Node) => View {
  const known = new Map<Node, View>();
  const resolve = (node: Node): View => {
    const found = known.get(node);
    if (found !== undefined) return found;
    const made = compose(node);
    known.set(node, made);
    return made;
  };
  const compose = (node: Node): View => {
    const own: View = { base: node, offset: 0, strides: stridesOf(node.shape) };
    if (node.op.kind !== "view") return own;
    const input = node.inputs[0] as Node;
    const inner = resolve(input);
    if (node.op === ops.reshape) {
      const strides = reshapeStrides(input.shape, inner.strides, node.shape);
      return strides === undefined ? own : { ...inner, strides };
    }
    if (node.op === ops.transpose) {
      return { ...inner, strides: node.attrs.permutation.map((axis: number) => inner.strides[axis] as number) };
    }
    if (node.op === ops.slice) {
      const offset = node.attrs.starts.reduce(
        (at: number, n: number, d: number) => at + n * (inner.strides[d] as number),
        inner.offset,
      );
      const strides = inner.strides.map((stride, d) => stride * (node.attrs.steps?.[d] ?? 1));
      return { base: inner.base, offset, strides };
    }
    const added = node.shape.length - input.shape.length;
    return {
      ...inner,
      strides: node.shape.map((_, d) =>
        d < added || input.shape[d - added] === 1 ? 0 : (inner.strides[d - added] as number),
      ),
    };
  };
  return resolve;
}

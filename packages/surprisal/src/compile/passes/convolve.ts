/** convolve: convolutions and their gradients become products whose operands are read through tables of offsets. */
import { sizeOf } from "../../base/shape.ts";
import type { Node, Walk } from "../../graph/index.ts";
import type { ConvolutionKernel, KernelBuffer, Store } from "../kernel.ts";
import type { TargetProperties } from "../target.ts";
import type { View } from "./views.ts";

/** What a convolution asks of the pass that calls it. */
export interface Tables {
  bufferOf(node: Node): KernelBuffer;
  /** A constant int32 buffer of a walk's offsets; equal walks are one buffer. */
  table(walk: Walk): KernelBuffer;
  workspace(dtype: "float32" | "float64", elements: number): KernelBuffer;
}

/**
 * Rows and vectors of a tile: eight chains keep the arithmetic busy, and what one k of them needs stands in fourteen registers,
 * which every target has. The rows are a whole number of vectors, so that a column of the left operand is packed by vectors.
 */
export const tileRows = 4;
const tileVectors = 2;

/** How a convolution is cut, in elements; what is chosen here changes the speed and never the bits. */
export interface ConvolutionLayout {
  /** Columns of a tile, and how many such panels there are. */
  readonly width: number;
  readonly panels: number;
  /** How many k are walked at a time, and how often; the last may be fewer. */
  readonly stretch: number;
  readonly stretches: number;
  /** Where the workspace's parts begin: the right operand's panels, the left one's tile, the sums, one tile; and its end. */
  readonly left: number;
  readonly sums: number;
  readonly tile: number;
  readonly end: number;
}

export function convolutionLayout(
  { m, n, k, dtype }: Pick<ConvolutionKernel, "m" | "n" | "k" | "dtype">,
  { panel, lanes }: TargetProperties,
): ConvolutionLayout {
  const vectors = n <= lanes[dtype] ? 1 : tileVectors;
  const width = vectors * lanes[dtype];
  const panels = Math.ceil(n / width);
  const stretch = Math.ceil(k / Math.max(1, Math.round(k / panel)));
  const stretches = Math.max(1, Math.ceil(k / stretch));
  const left = panels * width * stretch;
  const sums = left + tileRows * stretch;
  // Chains that go on in a later stretch wait in memory, tile by tile.
  const tile = sums + (stretches > 1 ? Math.ceil(m / tileRows) * panels * tileRows * width : 0);
  return { width, panels, stretch, stretches, left, sums, tile, end: tile + tileRows * width };
}

/** The kernel of a node that has index maps instead of strides, or undefined for any other. */
export function convolve(
  node: Node,
  named: { readonly name: string; readonly ops: readonly string[] },
  viewOf: (node: Node) => View,
  stores: readonly Store[],
  target: TargetProperties,
  tables: Tables,
): ConvolutionKernel | undefined {
  const maps = node.op.indexMaps?.(
    node,
    viewOf(node.inputs[0] as Node).strides,
    viewOf(node.inputs[1] as Node).strides,
  );
  if (maps === undefined) return undefined;
  const [m, n] = node.shape as [number, number];
  const k = sizeOf(maps.inner.sizes);
  const dtype = node.dtype as "float32" | "float64";
  const operand = (input: Node) => {
    const { base, offset } = viewOf(input);
    return { buffer: tables.bufferOf(base), offset };
  };
  const [a, b] = node.inputs as [Node, Node];
  return {
    family: "convolution",
    ...named,
    m,
    n,
    k,
    dtype,
    a: { ...operand(a), rows: tables.table(maps.rows), inner: tables.table(maps.inner) },
    b: { ...operand(b), inner: tables.table(maps.right), columnStride: maps.columnStride },
    stores,
    workspace: tables.workspace(dtype, convolutionLayout({ m, n, k, dtype }, target).end),
  };
}

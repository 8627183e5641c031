/**
 * rowBlocks: a region of rows as kernels: one set for the first block, and a loop over the others, which are all of one length. Blocks are as long
 * as their temporaries may take; sums and chains go on from block to block, so their length shows in no bit.
 */
import type { DType } from "../../base/dtype.ts";
import { sizeOf } from "../../base/shape.ts";
import type { Node } from "../../graph/index.ts";
import { type Counter, columnBlock, type Kernel, type KernelBuffer, type NestKernel } from "../kernel.ts";
import type { TargetProperties } from "../target.ts";
import type { RowRegion } from "./fuse.ts";
import { plan } from "./plan.ts";
import { inPieces, moved } from "./products.ts";
import { rowBody } from "./rowBody.ts";

/** What kernels of a region are built with. */
export interface RowContext {
  readonly target: TargetProperties;
  /** Where a node of the graph around the region lies. */
  bufferOf(node: Node): KernelBuffer;
  make(dtype: DType, elements: number): KernelBuffer;
  /** Kernels of a graph of which some nodes have their place. */
  build(outputs: readonly Node[], placed: ReadonlyMap<Node, KernelBuffer>): Kernel[];
}

/** Which rows a set of kernels works on: from `start` on, in a loop `step` further each round. */
interface Block {
  readonly rows: number;
  readonly start: number;
  readonly step: number;
  readonly counter?: Counter;
}

export interface RowKernels {
  readonly kernels: readonly Kernel[];
  /** Rows of a block, and how many blocks. */
  readonly rows: number;
  readonly blocks: number;
}

export function rowKernels(region: RowRegion, context: RowContext): RowKernels {
  const rows = blockRows(region, context);
  const blocks = Math.ceil(region.rows / rows);
  const first = region.rows - (blocks - 1) * rows;
  const sums = new Map<KernelBuffer, KernelBuffer>();
  const kernels = blockKernels(region, { rows: first, start: 0, step: 0 }, context, sums);
  if (blocks > 1) {
    const counter: Counter = { rounds: blocks - 1 };
    const body = blockKernels(region, { rows, start: first, step: rows, counter }, context, sums);
    const names = [...new Set(body.flatMap(({ ops }) => ops))];
    kernels.push({ family: "loop", name: `blocks of ${rows} rows`, ops: names, counter, body });
  }
  return { kernels, rows, blocks };
}

/** How many rows' temporaries fit into the workspace. Their bytes grow with the rows in a straight line. */
function blockRows(region: RowRegion, context: RowContext): number {
  if (region.rows === 1) return 1;
  const bytes = (rows: number): number => {
    const outside = new Map<Node, KernelBuffer>();
    const trial: RowContext = {
      ...context,
      bufferOf(node) {
        const binding = { id: outside.size, dtype: node.dtype, elements: sizeOf(node.shape) };
        const buffer = outside.get(node) ?? { ...binding, place: { kind: "bound", binding } };
        outside.set(node, buffer);
        return buffer;
      },
    };
    const kernels = blockKernels(region, { rows, start: 0, step: 0 }, trial, new Map());
    return plan({ kernels, buffers: [] }).bytes;
  };
  const [few, many] = [bytes(8), bytes(24)];
  const each = (many - few) / 16;
  const most = Math.max(1, Math.floor((context.target.workspace - (few - 8 * each)) / each));
  if (most >= region.rows) return region.rows;
  const even = Math.ceil(region.rows / Math.ceil(region.rows / most));
  // Whole tiles of a product.
  const tile = 8;
  return most < tile ? even : Math.min(most - (most % tile), Math.ceil(even / tile) * tile);
}

function blockKernels(
  region: RowRegion,
  block: Block,
  { target, bufferOf, make, build }: RowContext,
  sums: Map<KernelBuffer, KernelBuffer>,
): Kernel[] {
  const { start, step, counter } = block;
  const body = rowBody(region, block.rows);
  const placed = new Map<Node, KernelBuffer>();
  const part = (node: Node): KernelBuffer => {
    const width = sizeOf(node.shape.slice(1));
    return moved(bufferOf(node), start * width, step * width, counter);
  };
  for (const [node, inner] of body.rowInputs) placed.set(inner, part(node));
  for (const [node, inner] of body.sharedInputs) placed.set(inner, bufferOf(node));
  for (const node of region.results) placed.set(body.outputs.get(node) as Node, part(node));
  const totals = new Set<KernelBuffer>();
  for (const node of region.totals) {
    placed.set(body.outputs.get(node) as Node, bufferOf(node));
    totals.add(bufferOf(node));
  }
  const isFirst = start === 0;
  const sumOf = (into: KernelBuffer, columns: number): KernelBuffer => {
    const known = sums.get(into) ?? make(into.dtype, columns);
    sums.set(into, known);
    return known;
  };
  const running = (kernel: NestKernel): NestKernel => ({
    ...kernel,
    phases: kernel.phases.map((phase) => ({
      ...phase,
      columnSums: phase.columnSums.map(({ value, into }) => ({
        value,
        into,
        running: {
          ...{ rows: region.rows, start, step },
          ...(counter && { counter }),
          ...(region.rows > columnBlock && { block: sumOf(into.buffer, kernel.space.at(-1) as number) }),
        },
      })),
    })),
  });
  return build([...body.outputs.values()], placed).flatMap((kernel): Kernel[] => {
    if (kernel.family === "map" || kernel.family === "row") return [running(kernel)];
    if (kernel.family !== "contraction") return [kernel];
    const [store] = kernel.stores;
    const goesOn = !isFirst && store !== undefined && totals.has(store.access.buffer);
    return inPieces({ ...kernel, ...(goesOn && { accumulate: store.access }) }, target, make);
  });
}

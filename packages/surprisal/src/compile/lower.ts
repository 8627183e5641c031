/**
 * lower: from a program to kernels, as an ordered list of passes. Each pass is one file; `onPass` lets tests verify the graph
 * between them and `explain` show what each did.
 */
import type { DType } from "../base/dtype.ts";
import { offsetsOf, sizeOf } from "../base/shape.ts";
import { build, countNodes, type Node, ops, stabilise } from "../graph/index.ts";
import type { DeviceBuffer, Program, ProgramReport } from "./device.ts";
import type { ContractionKernel, Kernel, KernelBuffer, KernelProgram, NestKernel, Store } from "./kernel.ts";
import { elementBytes, isProduct, rowBlock } from "./kernel.ts";
import { assemble } from "./passes/assemble.ts";
import { epilogueStores, nestPhases, type Placement } from "./passes/bodies.ts";
import { coalesce } from "./passes/coalesce.ts";
import { convolve, type Tables } from "./passes/convolve.ts";
import { decompose } from "./passes/decompose.ts";
import { type Fusion, fuse, type RowRegion, type Unit } from "./passes/fuse.ts";
import { productShape } from "./passes/productShape.ts";
import { rowKernels } from "./passes/rowBlocks.ts";
import { findRowRegion } from "./passes/rowRegion.ts";
import { schedule } from "./passes/schedule.ts";
import { cleanUp, simplify } from "./passes/simplify.ts";
import { type Sizes, tile, tilingOf } from "./passes/tile.ts";
import { turn } from "./passes/turn.ts";
import type { TargetProperties } from "./target.ts";

export interface PassResult {
  readonly name: string;
  readonly outputs: readonly Node[];
  readonly notes: readonly string[];
}

/** The passes that rewrite the graph, in order. */
const graphPasses: readonly { name: string; run(outputs: readonly Node[], note: (text: string) => void): Node[] }[] = [
  { name: "stabilise", run: (outputs, note) => stabilise(outputs, (rule) => note(rule.identity)) },
  { name: "simplify", run: (outputs) => simplify(outputs) },
  { name: "decompose", run: (outputs) => decompose(outputs) },
  { name: "clean up", run: (outputs) => cleanUp(outputs) },
  { name: "product shape", run: (outputs) => productShape(outputs) },
];

export interface Lowered {
  readonly program: KernelProgram;
  readonly passes: ProgramReport["passes"];
}

/**
 * Lowers a program to kernels for a target of these properties.
 * @param onPass is told the graph after each pass that rewrites it.
 */
export function lower(program: Program, target: TargetProperties, onPass?: (pass: PassResult) => void): Lowered {
  let nodes: Node[] = program.outputs.map(({ node, into }) => build.cast(node, into.dtype));
  const passes: { name: string; count: number; notes: readonly string[] }[] = [];
  for (const pass of graphPasses) {
    const notes: string[] = [];
    nodes = pass.run(nodes, (text) => notes.push(text));
    passes.push({ name: pass.name, count: countNodes(nodes), notes });
    onPass?.({ name: pass.name, outputs: nodes, notes });
  }
  const outputs = ownNodes(nodes).map((node, i) => ({
    node,
    into: (program.outputs[i] as { into: DeviceBuffer }).into,
  }));
  const ends = outputs.map(({ node }) => node);
  let whole: Fusion | undefined;
  const fused = () => {
    whole ??= fuse(ends);
    return whole;
  };
  const region = findRowRegion(
    ends,
    fused,
    target.workspace,
    (product) => elementBytes(product.dtype) * tilingOf(sizes(product), target).workspace.elements,
  );
  const fusion = region === undefined ? fused() : fuse(ends, region);
  const builder = new KernelBuilder(fusion, { outputs, bindings: program.bindings }, target);
  const kernels = builder.build();
  passes.push({ name: "fuse", count: kernels.kernels.length, notes: builder.notes });
  return { program: kernels, passes };
}

/** What the cut of a matrix product depends on, if its operands lie as their shapes say. */
function sizes(product: Node): Sizes {
  const [m, n] = product.shape as [number, number];
  const strides = (operand: Node, transposed: boolean) => {
    const [rowStride, columnStride] = [operand.shape[1] as number, 1];
    return transposed ? { rowStride: columnStride, columnStride: rowStride } : { rowStride, columnStride };
  };
  const [a, b] = product.inputs as [Node, Node];
  const { transposeA, transposeB } = product.attrs as { transposeA: boolean; transposeB: boolean };
  const k = a.shape[transposeA ? 0 : 1] as number;
  const dtype = product.dtype as "float32" | "float64";
  return { m, n, k, dtype, a: strides(a, transposeA), b: strides(b, transposeB) };
}

/**
 * Each output as a node of its own that some unit computes: inputs, constants, views and repeats are copied. A reshape is
 * the same memory, so what it reshapes takes its place.
 */
function ownNodes(nodes: readonly Node[]): Node[] {
  const taken = new Set<Node>();
  return nodes.map((node) => {
    let own = node;
    while (own.op === ops.reshape) own = own.inputs[0] as Node;
    while (own.op.kind === "source" || own.op.kind === "view" || taken.has(own)) own = build.stopGradient(own);
    taken.add(own);
    return own;
  });
}

class KernelBuilder {
  /** What is worth telling of how kernels were made. */
  readonly notes: string[] = [];
  readonly #buffers: KernelBuffer[];
  readonly #ofNode = new Map<Node, KernelBuffer>();
  readonly #ofDevice = new Map<DeviceBuffer, KernelBuffer>();
  readonly #ofTable = new Map<string, KernelBuffer>();
  readonly #stored = new Set<Node>();
  readonly #fusion: Fusion;
  readonly #ends: { outputs: readonly { node: Node; into: DeviceBuffer }[]; bindings: ReadonlyMap<Node, DeviceBuffer> };
  readonly #target: TargetProperties;

  constructor(
    fusion: Fusion,
    ends: { outputs: readonly { node: Node; into: DeviceBuffer }[]; bindings: ReadonlyMap<Node, DeviceBuffer> },
    target: TargetProperties,
    buffers: KernelBuffer[] = [],
  ) {
    this.#buffers = buffers;
    this.#fusion = fusion;
    this.#ends = ends;
    this.#target = target;
  }

  build(): KernelProgram {
    const { order, direct, copies } = schedule(this.#fusion, this.#ends);
    for (const unit of this.#fusion.units) for (const base of unit.reads) this.#stored.add(base);
    for (const { node } of this.#ends.outputs) this.#stored.add(node);
    for (const [node, into] of direct) this.#ofNode.set(node, this.#deviceBuffer(into));
    const kernels = order.flatMap((unit) => this.#kernels(unit));
    for (const { node, into } of copies) kernels.push(this.#copy(node, into));
    return { kernels: kernels.filter(isWork), buffers: this.#buffers };
  }

  #rows(region: RowRegion): readonly Kernel[] {
    const { kernels, rows, blocks } = rowKernels(region, {
      target: this.#target,
      bufferOf: (node) => this.#bufferOf(node),
      make: (dtype, elements) => this.#make(dtype, elements, { kind: "temporary" }),
      build: (outputs, placed) => {
        const inner = new KernelBuilder(
          fuse(outputs),
          { outputs: [], bindings: new Map() },
          this.#target,
          this.#buffers,
        );
        for (const [node, buffer] of placed) inner.#ofNode.set(node, buffer);
        for (const node of outputs) inner.#stored.add(node);
        return [...inner.build().kernels];
      },
    });
    if (blocks > 1) this.notes.push(`${region.rows} rows in ${blocks} blocks of ${rows}`);
    return kernels;
  }

  readonly #placement: Placement = {
    bufferOf: (node) => this.#bufferOf(node),
    isStored: (node) => this.#stored.has(node),
    temporary: ({ dtype }, elements) => this.#make(dtype, elements, { kind: "temporary" }),
  };

  readonly #tables: Tables = {
    bufferOf: (node) => this.#bufferOf(node),
    workspace: (dtype, elements) => this.#make(dtype, elements, { kind: "temporary" }),
    table: (walk) => {
      const key = `${walk.sizes.join()}|${walk.strides.join()}`;
      const known = this.#ofTable.get(key);
      if (known !== undefined) return known;
      const values = offsetsOf(walk.sizes, walk.strides);
      const made = this.#make("int32", values.length, { kind: "constant", values });
      this.#ofTable.set(key, made);
      return made;
    },
  };

  #make(dtype: DType, elements: number, place: KernelBuffer["place"]): KernelBuffer {
    const buffer: KernelBuffer = { id: this.#buffers.length, dtype, elements, place };
    this.#buffers.push(buffer);
    return buffer;
  }

  #deviceBuffer(binding: DeviceBuffer): KernelBuffer {
    const known = this.#ofDevice.get(binding);
    if (known !== undefined) return known;
    const made = this.#make(binding.dtype, sizeOf(binding.shape), { kind: "bound", binding });
    this.#ofDevice.set(binding, made);
    return made;
  }

  #bufferOf(node: Node): KernelBuffer {
    const known = this.#ofNode.get(node);
    if (known !== undefined) return known;
    const binding = this.#ends.bindings.get(node);
    const made =
      binding !== undefined
        ? this.#deviceBuffer(binding)
        : node.op === ops.constant
          ? this.#make(node.dtype, sizeOf(node.shape), { kind: "constant", values: node.attrs.values })
          : this.#make(node.dtype, sizeOf(node.shape), { kind: "temporary" });
    this.#ofNode.set(node, made);
    return made;
  }

  #kernels(unit: Unit): Kernel[] {
    const named = { ops: [...unit.nodes].sort((a, b) => a.id - b.id).map((node) => node.op.name) };
    if (unit.region !== undefined) return [...this.#rows(unit.region)];
    if (unit.kind === "nest") return [this.#nest(unit, named.ops)];
    const [first] = unit.nodes as Set<Node> & Iterable<Node>;
    if (unit.kind === "contraction") return [this.#product(unit, first as Node, named.ops)];
    return assemble(first as Node, this.#fusion.viewOf, this.#placement);
  }

  #nest(unit: Unit, names: readonly string[]): NestKernel {
    const phases = nestPhases(unit, this.#fusion, this.#placement);
    const isRow = phases.some(
      (phase) => phase.reductions.length + phase.rowStores.length + phase.columnSums.length > 0,
    );
    const columns = unit.space.at(-1) ?? 1;
    const sums = Math.max(...phases.map((phase) => phase.reductions.filter((r) => r.kind === "sum").length));
    const long = columns > rowBlock && sums > 0;
    return coalesce({
      family: isRow ? "row" : "map",
      name: shortName(names),
      ops: names,
      space: unit.space,
      phases,
      ...(long && { blockSums: this.#make("float64", sums * Math.ceil(columns / rowBlock), { kind: "temporary" }) }),
    });
  }

  #product(unit: Unit, product: Node, names: readonly string[]): Kernel {
    const stores = epilogueStores(unit, product, this.#fusion, this.#placement);
    const named = { name: shortName(names), ops: names };
    const throughTables = convolve(product, named, this.#fusion.viewOf, stores, this.#target, this.#tables);
    return throughTables ?? this.#contraction(product, named, stores);
  }

  #contraction(
    product: Node,
    named: { readonly name: string; readonly ops: readonly string[] },
    stores: readonly Store[],
  ): ContractionKernel {
    const [a, b] = product.inputs as [Node, Node];
    const { transposeA, transposeB } = product.attrs as { transposeA: boolean; transposeB: boolean };
    const matrix = (operand: Node, transposed: boolean) => {
      const { base, offset, strides } = this.#fusion.viewOf(operand);
      const [row, column] = (transposed ? [...strides].reverse() : strides) as [number, number];
      return { buffer: this.#bufferOf(base), offset, rowStride: row, columnStride: column };
    };
    const [m, n] = product.shape as [number, number];
    const k = (transposeA ? a.shape[0] : a.shape[1]) as number;
    const dtype = product.dtype as "float32" | "float64";
    return tile(
      turn({
        family: "contraction",
        ...named,
        m,
        n,
        k,
        dtype,
        a: matrix(a, transposeA),
        b: matrix(b, transposeB),
        stores,
      }),
      this.#target,
      (elements) => this.#make(dtype, elements, { kind: "temporary" }),
    );
  }

  #copy(node: Node, into: DeviceBuffer): NestKernel {
    const length = sizeOf(node.shape);
    const access = (buffer: KernelBuffer) => ({ buffer, offset: 0, strides: [1] });
    const value = { kind: "load" as const, access: access(this.#bufferOf(node)), dtype: node.dtype };
    const store = { access: access(this.#deviceBuffer(into)), value };
    return {
      family: "map",
      name: "copy",
      ops: ["copy"],
      space: [length],
      phases: [{ stores: [store], reductions: [], columnSums: [], rowStores: [] }],
    };
  }
}

/** The first few different ops, and how many there are besides. */
function shortName(names: readonly string[]): string {
  const different = [...new Set(names)];
  const shown = different.slice(0, 5).join("·");
  return names.length > 5 ? `${shown} +${names.length - Math.min(5, different.length)}` : shown;
}

const isWork = (kernel: Kernel): boolean =>
  kernel.family === "map" ? sizeOf(kernel.space) > 0 : isProduct(kernel) ? kernel.m * kernel.n > 0 : true;

/** Loop nests as vector code: outer axes are counted loops, the innermost is walked by vectors with a partial one at the end. */
import { sizeOf } from "../../../base/shape.ts";
import { apply } from "../../../compile/expressions.ts";
import {
  type Access,
  type ColumnSum,
  type Expression,
  elementBytes,
  type KernelBuffer,
  type NestKernel,
  type Phase,
  type RowReduction,
  rowBlock,
  rowLanes,
} from "../../../compile/kernel.ts";
import type { FunctionWriter, Local } from "../assembler.ts";
import { ColumnSums } from "./columns.ts";
import { type Level, levelFinder, visitOnce } from "./levels.ts";
import { Accumulator } from "./reductions.ts";
import { countUses, type Lanes, needsWideLanes, type Surroundings, storeLanes, VectorWriter } from "./vectors.ts";
import type { Windows } from "./windows.ts";

type AddressOf = (buffer: KernelBuffer) => number;

/** Memory holds booleans as numbers. */
const stored = (value: Expression): Expression => (value.dtype === "bool" ? apply("cast", "int32", value) : value);

interface Body {
  readonly stores: readonly { access: Access; value: Expression }[];
  readonly reductions: readonly RowReduction[];
  readonly columnSums: readonly ColumnSum[];
}

export function emitNest(f: FunctionWriter, kernel: NestKernel, addressOf: AddressOf, windows: Windows): void {
  new NestEmitter(f, kernel, addressOf, windows).emit();
}

class NestEmitter {
  readonly #f: FunctionWriter;
  readonly #kernel: NestKernel;
  readonly #addressOf: AddressOf;
  readonly #windows: Windows;
  readonly #lanes: Lanes;
  readonly #uses: ReadonlyMap<Expression, number>;
  readonly #level = levelFinder();
  /** A counter for each outer axis. */
  readonly #counters: Local[] = [];
  /** Byte offsets of the current row, by how the row's start moves. */
  readonly #rowOffsets = new Map<string, Local>();
  readonly #reduced = new Map<RowReduction, Local>();
  /** First element of the current vector; and the same in bytes of four and eight. */
  readonly #column: Local;
  readonly #column4: Local;
  readonly #column8: Local;
  readonly #phases: readonly (Phase & Body)[];
  readonly #columnSums: ColumnSums;

  constructor(f: FunctionWriter, kernel: NestKernel, addressOf: AddressOf, windows: Windows) {
    this.#f = f;
    this.#kernel = kernel;
    this.#addressOf = addressOf;
    this.#windows = windows;
    this.#phases = kernel.phases.map((phase) => ({
      ...phase,
      stores: phase.stores.map(({ access, value }) => ({ access, value: stored(value) })),
      rowStores: phase.rowStores.map(({ access, value }) => ({ access, value: stored(value) })),
    }));
    const roots = this.#phases.flatMap((phase) => this.#roots(phase));
    this.#lanes = needsWideLanes(roots) ? 2 : 4;
    this.#uses = countUses(roots);
    this.#column = f.local("i32");
    this.#column4 = f.local("i32");
    this.#column8 = f.local("i32");
    const outer = kernel.space.slice(0, -1);
    const rowStrides = outer.map((_, d) => sizeOf(outer.slice(d + 1)));
    this.#columnSums = new ColumnSums(f, addressOf, windows, this.#columns, outer.length, () =>
      this.#pushAffine(rowStrides),
    );
  }

  #roots(phase: Phase): Expression[] {
    return [
      ...phase.stores.map((s) => s.value),
      ...phase.rowStores.map((s) => s.value),
      ...phase.reductions.map((r) => r.source),
      ...phase.columnSums.map((c) => c.value),
    ];
  }

  get #columns(): number {
    return this.#kernel.space.at(-1) as number;
  }

  emit(): void {
    const f = this.#f;
    const outer = this.#kernel.space.slice(0, -1);
    const writer = new VectorWriter(f, this.#around(0, this.#lanes), this.#uses);
    for (const phase of this.#phases) {
      for (const sum of phase.columnSums) this.#columnSums.clear(sum);
      for (const root of this.#elementRoots(phase)) this.#hoist(root, 0, writer);
    }
    const nest = (d: number): void => {
      if (d === outer.length) {
        this.#row(writer);
        return;
      }
      const counter = f.local("i32");
      this.#counters.push(counter);
      f.repeat(outer[d] as number, counter, 1, () => nest(d + 1));
    };
    nest(0);
    for (const phase of this.#phases) for (const sum of phase.columnSums) this.#columnSums.finish(sum);
  }

  #elementRoots(phase: Body): Expression[] {
    return [
      ...phase.stores.map((s) => s.value),
      ...phase.reductions.map((r) => r.source),
      ...phase.columnSums.map((c) => c.value),
    ];
  }

  /** Computes the largest subexpressions of a level ahead of the loop inside. */
  #hoist(e: Expression, level: Level, writer: VectorWriter, seen = new Set<Expression>()): void {
    if (e.kind === "constant" || seen.has(e)) return;
    seen.add(e);
    if (this.#level(e) <= level) writer.hold(e);
    else if (e.kind === "op") for (const arg of e.args) this.#hoist(arg, level, writer, seen);
  }

  #row(kernelWriter: VectorWriter): void {
    const f = this.#f;
    this.#startRow();
    const around = this.#around(0, this.#lanes);
    const rowWriter = new VectorWriter(f, around, this.#uses, kernelWriter);
    for (const phase of this.#phases) {
      for (const root of this.#elementRoots(phase)) this.#hoist(root, 1, rowWriter);
      this.#pass(phase, rowWriter);
      const values = phase.rowStores.map(({ access, value }) => ({ access, local: rowWriter.hold(value) }));
      for (const { access, local } of values)
        storeLanes(f, this.#around(0, 1), { ...access, strides: [...access.strides.slice(0, -1), 0] }, local, 1);
      for (const sum of phase.columnSums) this.#columnSums.endRow(sum);
    }
    rowWriter.release();
    for (const local of this.#reduced.values()) f.release(local);
    this.#reduced.clear();
  }

  /** Offsets of this row for every way the accesses stride over the outer axes. */
  #startRow(): void {
    const f = this.#f;
    this.#rowOffsets.clear();
    const add = (access: Access): void => {
      const key = this.#rowKey(access);
      if (this.#rowOffsets.has(key)) return;
      const bytes = elementBytes(access.buffer.dtype);
      const strides = access.strides.slice(0, -1).map((stride) => stride * bytes);
      // Where rows do not move either, an access does with its window at most.
      if (strides.every((stride) => stride === 0)) return;
      const local = f.local("i32");
      this.#pushAffine(strides);
      this.#windows.add(access.buffer);
      f.set(local);
      this.#rowOffsets.set(key, local);
    };
    visitOnce(
      this.#phases.flatMap((phase) => this.#roots(phase)),
      (e) => e.kind === "load" && add(e.access),
    );
    for (const phase of this.#phases) {
      for (const { access } of [...phase.stores, ...phase.rowStores]) add(access);
    }
  }

  /** The same for accesses whose rows start equally far from their buffers. */
  #rowKey({ buffer, strides }: Access): string {
    const bytes = elementBytes(buffer.dtype);
    const outer = strides.slice(0, -1).map((stride) => stride * bytes);
    return `${outer.join()}@${this.#windows.offsetOf(buffer)?.index ?? ""}`;
  }

  /** Σ counter · factor over the outer axes. */
  #pushAffine(factors: readonly number[]): void {
    const f = this.#f;
    let terms = 0;
    factors.forEach((factor, d) => {
      if (factor === 0) return;
      f.get(this.#counters[d] as Local);
      if (factor !== 1) {
        f.i32(factor);
        f.op("i32.mul");
      }
      if (terms++ > 0) f.op("i32.add");
    });
    if (terms === 0) f.i32(0);
  }

  #around(shift: number, active: number): Surroundings {
    const f = this.#f;
    return {
      lanes: this.#lanes,
      active,
      addressOf: this.#addressOf,
      pushAddress: (access) => {
        const bytes = elementBytes(access.buffer.dtype);
        const step = access.strides.at(-1) ?? 0;
        const row = this.#rowOffsets.get(this.#rowKey(access)) ?? this.#windows.offsetOf(access.buffer);
        if (row !== undefined) f.get(row);
        if (step !== 0) {
          if (step === 1) f.get(bytes === 8 ? this.#column8 : this.#column4);
          else {
            f.get(this.#column);
            f.i32(step * bytes);
            f.op("i32.mul");
          }
          if (row !== undefined) f.op("i32.add");
        } else if (row === undefined) f.i32(0);
        return this.#addressOf(access.buffer) + (access.offset + shift * step) * bytes;
      },
      pushIndex: (offset, strides) => {
        const step = strides.at(-1) ?? 0;
        this.#pushAffine(strides.slice(0, -1));
        f.i32(offset + shift * step);
        f.op("i32.add");
        if (step === 0) return;
        f.get(this.#column);
        f.i32(step);
        f.op("i32.mul");
        f.op("i32.add");
      },
      reduced: (reduction) => this.#reduced.get(reduction) as Local,
      accumulator: () => {
        throw new Error("a nest has no accumulator");
      },
    };
  }

  #setColumn(): void {
    const f = this.#f;
    f.get(this.#column);
    f.i32(2);
    f.op("i32.shl");
    f.set(this.#column4);
    if (this.#lanes === 2) {
      f.get(this.#column);
      f.i32(3);
      f.op("i32.shl");
      f.set(this.#column8);
    }
  }

  /** One walk along the row. */
  #pass(phase: Body, rowWriter: VectorWriter): void {
    const f = this.#f;
    if (phase.stores.length + phase.reductions.length + phase.columnSums.length === 0) return;
    const unroll = phase.reductions.length > 0 ? rowLanes / this.#lanes : 1;
    const accumulators = phase.reductions.map((r) => new Accumulator(f, r, this.#lanes, unroll));
    const columns = this.#columns;
    f.i32(0);
    f.set(this.#column);
    const blocks =
      this.#kernel.blockSums === undefined || phase.reductions.length === 0 ? 0 : Math.floor(columns / rowBlock);
    const sums = accumulators.filter((a) => a.reduction.kind === "sum");
    if (blocks === 0) {
      for (const a of accumulators) a.clear();
      this.#walk(columns, unroll, phase, accumulators, rowWriter);
    } else {
      const total = Math.ceil(columns / rowBlock);
      const base = this.#addressOf(this.#kernel.blockSums as KernelBuffer);
      const place = (a: Accumulator) => base + sums.indexOf(a) * total * 8;
      for (const a of accumulators) a.clear();
      const block = f.local("i32");
      const flush = () => {
        for (const a of sums) {
          a.storeBlock(place(a), block);
          a.clear();
        }
      };
      f.repeat(blocks, block, 1, () => {
        this.#walk(rowBlock, unroll, phase, accumulators, rowWriter);
        flush();
      });
      f.i32(blocks);
      f.set(block);
      if (columns % rowBlock > 0) {
        this.#walk(columns % rowBlock, unroll, phase, accumulators, rowWriter);
        flush();
      }
      f.release(block);
      for (const a of sums) a.joinBlocks(place(a), total);
    }
    for (const a of accumulators) this.#reduced.set(a.reduction, a.finish());
  }

  /** Walks `count` elements from the current column on. */
  #walk(
    count: number,
    unroll: number,
    phase: Body,
    accumulators: readonly Accumulator[],
    rowWriter: VectorWriter,
  ): void {
    const f = this.#f;
    const lanes = this.#lanes;
    const step = lanes * unroll;
    const groups = Math.floor(count / step);
    const group = () => {
      this.#setColumn();
      for (let k = 0; k < unroll; k++) this.#vector(k, lanes, phase, accumulators, rowWriter);
    };
    const advance = (by: number) => {
      f.get(this.#column);
      f.i32(by);
      f.op("i32.add");
    };
    if (groups === 1) {
      group();
      advance(step);
      f.set(this.#column);
    } else if (groups > 1) {
      const end = f.local("i32");
      advance(groups * step);
      f.set(end);
      f.loopWhile(() => {
        group();
        advance(step);
        f.tee(this.#column);
        f.get(end);
        f.op("i32.lt_u");
      });
      f.release(end);
    }
    const rest = count - groups * step;
    if (rest === 0) return;
    this.#setColumn();
    for (let k = 0; k * lanes < rest; k++)
      this.#vector(k, Math.min(lanes, rest - k * lanes), phase, accumulators, rowWriter);
    advance(rest);
    f.set(this.#column);
  }

  /** The body for one vector. Every value is computed before any is stored: a store may overwrite what another reads. */
  #vector(k: number, active: number, phase: Body, accumulators: readonly Accumulator[], rowWriter: VectorWriter): void {
    const f = this.#f;
    const around = this.#around(k * this.#lanes, active);
    const writer = new VectorWriter(f, around, this.#uses, rowWriter);
    const values = phase.stores.map(({ value }) => writer.hold(value));
    for (const a of accumulators) {
      writer.push(a.reduction.source);
      a.take(k, active, () => around.pushIndex(0, [...this.#counters.map(() => 0), 1]));
    }
    for (const sum of phase.columnSums) this.#columnSums.add(sum, writer.hold(sum.value), around);
    for (const [i, { access }] of phase.stores.entries()) storeLanes(f, around, access, values[i] as Local, active);
    writer.release();
  }
}

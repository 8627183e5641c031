/**
 * Products whose operands are read through tables of offsets. Both are packed: the right one into panels as wide as the
 * register tile, once for a stretch of k; the left one a tile of rows at a time, which every panel then meets. So offsets are
 * looked up once an element and never in the innermost loop. Each element is one chain in the order of k: where k has several
 * stretches, chains wait in memory between them.
 */
import { type ConvolutionKernel, elementBytes, type KernelBuffer } from "../../../compile/kernel.ts";
import { type ConvolutionLayout, convolutionLayout, tileRows } from "../../../compile/passes/convolve.ts";
import type { TargetProperties } from "../../../compile/target.ts";
import type { FunctionWriter, Local } from "../assembler.ts";
import { multiplyAdd } from "./contraction/microKernel.ts";
import { emitEpilogue } from "./epilogue.ts";
import { advance } from "./loops.ts";
import { type Lanes, pushConstant } from "./vectors.ts";

export function emitConvolution(
  f: FunctionWriter,
  kernel: ConvolutionKernel,
  addressOf: (buffer: KernelBuffer) => number,
  properties: TargetProperties,
): void {
  new ConvolutionEmitter(f, kernel, addressOf, properties).emit();
}

class ConvolutionEmitter {
  readonly #f: FunctionWriter;
  readonly #kernel: ConvolutionKernel;
  readonly #addressOf: (buffer: KernelBuffer) => number;
  readonly #layout: ConvolutionLayout;
  /** Whether product and sum are rounded once. */
  readonly #fused: boolean;
  readonly #bytes: number;
  readonly #lanes: Lanes;
  readonly #workspace: number;
  /** Current tile: first row, first column, and where its sums and its panel lie. */
  readonly #i: Local;
  readonly #j: Local;
  readonly #sums: Local;
  readonly #panel: Local;
  /** First k of the stretch, in bytes of a table. */
  readonly #from: Local;

  constructor(
    f: FunctionWriter,
    kernel: ConvolutionKernel,
    addressOf: (buffer: KernelBuffer) => number,
    properties: TargetProperties,
  ) {
    this.#f = f;
    this.#kernel = kernel;
    this.#addressOf = addressOf;
    this.#layout = convolutionLayout(kernel, properties);
    this.#fused = properties.fusedMultiplyAdd;
    this.#bytes = elementBytes(kernel.dtype);
    this.#lanes = properties.lanes[kernel.dtype] as Lanes;
    this.#workspace = addressOf(kernel.workspace);
    this.#i = f.local("i32");
    this.#j = f.local("i32");
    this.#sums = f.local("i32");
    this.#panel = f.local("i32");
    this.#from = f.local("i32");
  }

  emit(): void {
    const f = this.#f;
    const { k } = this.#kernel;
    const { stretch, stretches, sums, tile } = this.#layout;
    f.i32(0);
    f.set(this.#from);
    if (stretches > 1) {
      // Every chain begins at 0.
      f.i32(this.#place(sums));
      f.i32(0);
      f.i32((tile - sums) * this.#bytes);
      f.memoryFill();
      const counter = f.local("i32");
      f.repeat(stretches - 1, counter, 1, () => {
        this.#stretch(stretch, false);
        advance(f, this.#from, stretch * 4);
      });
      f.release(counter);
    }
    this.#stretch(k - (stretches - 1) * stretch, true);
  }

  /** Address of an element of the workspace. */
  #place(element: number): number {
    return this.#workspace + element * this.#bytes;
  }

  /** All tiles over `length` k; after the last of them the sums are finished. */
  #stretch(length: number, last: boolean): void {
    this.#packRight(length);
    this.#tiles(
      length,
      (rows) => this.#packLeft(rows, length),
      (rows, columns) => this.#multiply(rows, columns, length, last),
    );
  }

  /** Walks rows of tiles, and in each the panels of columns; the last of both may be partial. */
  #tiles(length: number, eachRow: (rows: number) => void, each: (rows: number, columns: number) => void): void {
    const f = this.#f;
    const { m, n } = this.#kernel;
    const { width, stretches, sums } = this.#layout;
    const panel = (rows: number, columns: number) => {
      each(rows, columns);
      advance(f, this.#j, width);
      advance(f, this.#panel, length * width * this.#bytes);
      if (stretches > 1) advance(f, this.#sums, tileRows * width * this.#bytes);
    };
    const row = (rows: number) => {
      eachRow(rows);
      f.i32(0);
      f.set(this.#j);
      f.i32(this.#workspace);
      f.set(this.#panel);
      const counter = f.local("i32");
      f.repeat(Math.floor(n / width), counter, 1, () => panel(rows, width));
      f.release(counter);
      if (n % width > 0) panel(rows, n % width);
      advance(f, this.#i, rows);
    };
    f.i32(0);
    f.set(this.#i);
    f.i32(this.#place(sums));
    f.set(this.#sums);
    const counter = f.local("i32");
    f.repeat(Math.floor(m / tileRows), counter, 1, () => row(tileRows));
    f.release(counter);
    if (m % tileRows > 0) row(m % tileRows);
  }

  /** Loads a table's entry, `index` bytes from its start, as a byte offset. */
  #offset(table: KernelBuffer, index: Local, at = 0): void {
    const f = this.#f;
    f.get(index);
    f.i32Load(this.#addressOf(table) + at);
    f.i32(Math.log2(this.#bytes));
    f.op("i32.shl");
  }

  get #loadLane() {
    return this.#bytes === 8 ? ("v128.load64_lane" as const) : ("v128.load32_lane" as const);
  }

  /** Panels of the right operand, k by k; columns beyond the last are 0. */
  #packRight(length: number): void {
    const f = this.#f;
    const { b, n } = this.#kernel;
    const { width } = this.#layout;
    const base = this.#addressOf(b.buffer) + b.offset * this.#bytes;
    const [index, source, target, columns] = [f.local("i32"), f.local("i32"), f.local("i32"), f.local("i32")];
    f.i32(0);
    f.set(target);
    f.i32(0);
    f.set(columns);
    const panel = (active: number) => {
      f.get(this.#from);
      f.set(index);
      const counter = f.local("i32");
      f.repeat(length, counter, 1, () => {
        this.#offset(b.inner, index);
        f.get(columns);
        f.op("i32.add");
        f.set(source);
        for (let c = 0; c < width; c += this.#lanes) {
          f.get(target);
          this.#pushColumns(source, base, c, active);
          f.memory("v128.store", this.#workspace + c * this.#bytes);
        }
        advance(f, index, 4);
        advance(f, target, width * this.#bytes);
      });
      f.release(counter);
      advance(f, columns, width * b.columnStride * this.#bytes);
    };
    const counter = f.local("i32");
    f.repeat(Math.floor(n / width), counter, 1, () => panel(width));
    f.release(counter);
    if (n % width > 0) panel(n % width);
    f.release(index, source, target, columns);
  }

  /** A vector of the right operand from column `c` on: at once where columns lie side by side, else lane by lane. */
  #pushColumns(source: Local, base: number, c: number, active: number): void {
    const f = this.#f;
    const stride = this.#kernel.b.columnStride * this.#bytes;
    if (stride === this.#bytes && c + this.#lanes <= active) {
      f.get(source);
      f.memory("v128.load", base + c * stride);
      return;
    }
    const vector = f.local("v128");
    pushConstant(f, 0, this.#kernel.dtype);
    for (let lane = 0; lane < this.#lanes && c + lane < active; lane++) {
      f.set(vector);
      f.get(source);
      f.get(vector);
      f.memory(this.#loadLane, base + (c + lane) * stride, lane);
    }
    f.release(vector);
  }

  /** Whether the rows of every whole tile lie side by side, so that one load fetches several. */
  #rowsAdjoin(): boolean {
    const { place } = this.#kernel.a.rows;
    if (place.kind !== "constant") return false;
    return place.values.every((at, i) => i % tileRows === 0 || at === (place.values[i - 1] as number) + 1);
  }

  /** The left operand's rows from the current one on, k by k, each k as many places as a tile has rows. */
  #packLeft(rows: number, length: number): void {
    const f = this.#f;
    const { a } = this.#kernel;
    const base = this.#addressOf(a.buffer) + a.offset * this.#bytes;
    const atOnce = rows === tileRows && this.#rowsAdjoin();
    const [index, target, offset, vector] = [f.local("i32"), f.local("i32"), f.local("i32"), f.local("v128")];
    f.get(this.#i);
    f.i32(2);
    f.op("i32.shl");
    f.set(index);
    const starts = Array.from({ length: rows }, (_, r) => {
      const start = f.local("i32");
      this.#offset(a.rows, index, 4 * r);
      f.set(start);
      return start;
    });
    f.get(this.#from);
    f.set(index);
    f.i32(0);
    f.set(target);
    const pushAddress = (row: number) => {
      f.get(starts[row] as Local);
      f.get(offset);
      f.op("i32.add");
    };
    const counter = f.local("i32");
    f.repeat(length, counter, 1, () => {
      this.#offset(a.inner, index);
      f.set(offset);
      for (let first = 0; first < rows; first += this.#lanes) {
        if (atOnce) {
          pushAddress(0);
          f.memory("v128.load", base + first * this.#bytes);
          f.set(vector);
        } else {
          pushConstant(f, 0, this.#kernel.dtype);
          f.set(vector);
          for (let lane = 0; lane < this.#lanes && first + lane < rows; lane++) {
            pushAddress(first + lane);
            f.get(vector);
            f.memory(this.#loadLane, base, lane);
            f.set(vector);
          }
        }
        f.get(target);
        f.get(vector);
        f.memory("v128.store", this.#place(this.#layout.left + first));
      }
      advance(f, index, 4);
      advance(f, target, tileRows * this.#bytes);
    });
    f.release(counter, index, target, offset, vector, ...starts);
  }

  /** The products of one tile, onto the sums of the stretches before; then they wait again, or are finished. */
  #multiply(rows: number, columns: number, length: number, last: boolean): void {
    const f = this.#f;
    const { dtype } = this.#kernel;
    const { width, stretches } = this.#layout;
    const bytes = this.#bytes;
    const vectors = width / this.#lanes;
    const sums = Array.from({ length: rows * vectors }, (_, s) => {
      const sum = f.local("v128");
      if (stretches > 1) {
        f.get(this.#sums);
        f.memory("v128.load", 16 * s);
      } else pushConstant(f, 0, dtype);
      f.set(sum);
      return sum;
    });
    const [right, left] = [f.local("i32"), f.local("i32")];
    f.get(this.#panel);
    f.set(right);
    f.i32(this.#place(this.#layout.left));
    f.set(left);
    const loaded = Array.from({ length: vectors }, () => f.local("v128"));
    const row = f.local("v128");
    const counter = f.local("i32");
    // One k a round: engines put a block's arithmetic after its loads, and two rounds would not fit the registers.
    f.repeat(length, counter, 1, () => {
      loaded.forEach((vector, v) => {
        f.get(right);
        f.memory("v128.load", 16 * v);
        f.set(vector);
      });
      for (let r = 0; r < rows; r++) {
        f.get(left);
        f.memory(bytes === 8 ? "v128.load64_splat" : "v128.load32_splat", r * bytes);
        f.set(row);
        loaded.forEach((vector, v) => {
          multiplyAdd(f, { fused: this.#fused, kernel: this.#kernel }, sums[r * vectors + v] as Local, row, vector);
        });
      }
      advance(f, right, width * bytes);
      advance(f, left, tileRows * bytes);
    });
    f.release(counter, right, left, row, ...loaded);
    if (last) this.#finish(sums, vectors, columns);
    else {
      for (const [s, sum] of sums.entries()) {
        f.get(this.#sums);
        f.get(sum);
        f.memory("v128.store", 16 * s);
      }
    }
    f.release(...sums);
  }

  #finish(sums: readonly Local[], vectors: number, columns: number): void {
    const tile = {
      f: this.#f,
      kernel: this.#kernel,
      lanes: this.#lanes,
      bytes: this.#bytes,
      addressOf: this.#addressOf,
      i: this.#i,
      j: this.#j,
      workspace: { tile: this.#place(this.#layout.tile) },
    };
    emitEpilogue(tile, sums, vectors, columns);
  }
}

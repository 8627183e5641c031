/**
 * Matrix products. The right operand is packed into panels as wide as the register tile, so the micro-kernel reads it in
 * order; rows of the left operand are read where they lie. A tile of rows × vectors stays in registers while k is walked; it
 * then goes through the epilogue row by row. Each element is one chain in the order of k, whatever the tile.
 */
import { apply } from "../../../compile/expressions.ts";
import type { Access, ContractionKernel, Expression, KernelBuffer } from "../../../compile/kernel.ts";
import type { TargetProperties } from "../../../compile/target.ts";
import type { FunctionWriter, Local } from "../assembler.ts";
import { advance, emitPacking } from "./pack.ts";
import {
  bytesOf,
  countUses,
  type Lanes,
  needsWideLanes,
  pushConstant,
  type Surroundings,
  simpleOp,
  storeLanes,
  VectorWriter,
} from "./vectors.ts";
import type { Windows } from "./windows.ts";

export function emitContraction(
  f: FunctionWriter,
  kernel: ContractionKernel,
  addressOf: (buffer: KernelBuffer) => number,
  properties: TargetProperties,
  windows: Windows,
): void {
  new ContractionEmitter(f, kernel, addressOf, properties, windows).emit();
}

class ContractionEmitter {
  readonly #f: FunctionWriter;
  readonly #kernel: ContractionKernel;
  readonly #addressOf: (buffer: KernelBuffer) => number;
  readonly #windows: Windows;
  readonly #bytes: number;
  readonly #lanes: Lanes;
  readonly #rows: number;
  readonly #vectors: number;
  readonly #panel: number;
  /** Workspace: panels of the right operand, then unfinished chains, then one tile. */
  readonly #panels: number;
  readonly #unfinished: number;
  readonly #tile: number;
  /** Current tile: first row, first column, first k; how long this stretch of k is. */
  readonly #i: Local;
  readonly #j: Local;

  constructor(
    f: FunctionWriter,
    kernel: ContractionKernel,
    addressOf: (buffer: KernelBuffer) => number,
    { tile, panel, lanes }: TargetProperties,
    windows: Windows,
  ) {
    this.#f = f;
    this.#windows = windows;
    this.#kernel = kernel;
    this.#addressOf = addressOf;
    this.#bytes = bytesOf(kernel.dtype);
    this.#lanes = lanes[kernel.dtype] as Lanes;
    this.#rows = Math.min(tile.rows, kernel.m);
    this.#vectors = kernel.n <= this.#lanes ? 1 : tile.vectors;
    this.#panel = panel;
    this.#panels = addressOf(kernel.workspace);
    const width = tile.vectors * this.#lanes;
    this.#unfinished = this.#panels + Math.ceil(kernel.n / width) * width * Math.min(kernel.k, panel) * this.#bytes;
    this.#tile = this.#unfinished + (kernel.k > panel ? kernel.m * kernel.n * this.#bytes : 0);
    this.#i = f.local("i32");
    this.#j = f.local("i32");
  }

  get #width(): number {
    return this.#vectors * this.#lanes;
  }

  emit(): void {
    const { k } = this.#kernel;
    const stretches = Math.max(1, Math.ceil(k / this.#panel));
    for (let s = 0; s < stretches; s++) {
      const from = s * this.#panel;
      this.#stretch(from, Math.min(this.#panel, k - from), s === 0, s === stretches - 1);
    }
  }

  /** All tiles over one stretch of k. */
  #stretch(from: number, length: number, first: boolean, last: boolean): void {
    const f = this.#f;
    const { m, n } = this.#kernel;
    emitPacking(f, {
      dtype: this.#kernel.dtype,
      lanes: this.#lanes,
      width: this.#width,
      matrix: this.#kernel.b,
      source: this.#addressOf(this.#kernel.b.buffer),
      moved: this.#windows.offsetOf(this.#kernel.b.buffer),
      panels: this.#panels,
      from,
      length,
      columns: n,
    });
    const columns = Math.ceil(n / this.#width);
    const panel = f.local("i32");
    const fullRows = Math.floor(m / this.#rows);
    // Only the last panel of columns can be partial.
    const eachPanel = (count: number, width: number) => {
      if (count === 0) return;
      const row = () => {
        this.#tileAt(panel, from, length, first, last, this.#rows, width);
        advance(f, this.#i, this.#rows);
      };
      const body = () => {
        f.i32(0);
        f.set(this.#i);
        const counter = f.local("i32");
        f.repeat(fullRows, counter, 1, row);
        f.release(counter);
        if (m % this.#rows > 0) this.#tileAt(panel, from, length, first, last, m % this.#rows, width);
        advance(f, this.#j, this.#width);
        advance(f, panel, length * this.#width * this.#bytes);
      };
      const counter = f.local("i32");
      f.repeat(count, counter, 1, body);
      f.release(counter);
    };
    f.i32(0);
    f.set(this.#j);
    f.i32(0);
    f.set(panel);
    const whole = Math.floor(n / this.#width);
    eachPanel(whole, this.#width);
    eachPanel(columns - whole, n % this.#width);
    f.release(panel);
  }

  /** One register tile: `rows` × `width` results over a stretch of k. */
  #tileAt(
    panel: Local,
    from: number,
    length: number,
    first: boolean,
    last: boolean,
    rows: number,
    width: number,
  ): void {
    const f = this.#f;
    const { a, dtype } = this.#kernel;
    const bytes = this.#bytes;
    const sums = Array.from({ length: rows * this.#vectors }, () => f.local("v128"));
    const sum = (r: number, v: number) => sums[r * this.#vectors + v] as Local;
    for (let r = 0; r < rows; r++)
      for (let v = 0; v < this.#vectors; v++) this.#startChain(sum(r, v), r, v, first, width);

    const pointer = f.local("i32");
    f.get(this.#i);
    f.i32(a.rowStride * bytes);
    f.op("i32.mul");
    this.#windows.add(a.buffer);
    f.set(pointer);
    const packed = f.local("i32");
    f.get(panel);
    f.set(packed);
    const base = this.#addressOf(a.buffer) + (a.offset + from * a.columnStride) * bytes;
    const rights = Array.from({ length: this.#vectors }, () => f.local("v128"));
    const left = f.local("v128");
    // One k a round. Engines put a block's arithmetic after its loads; two rounds in a block would hold more loaded values
    // than there are registers, and spilling them costs a third of the speed.
    const counter = f.local("i32");
    f.repeat(length, counter, 1, () => {
      rights.forEach((right, v) => {
        f.get(packed);
        f.memory("v128.load", this.#panels + v * this.#lanes * bytes);
        f.set(right);
      });
      for (let r = 0; r < rows; r++) {
        f.get(pointer);
        f.memory(bytes === 8 ? "v128.load64_splat" : "v128.load32_splat", base + r * a.rowStride * bytes);
        f.set(left);
        rights.forEach((right, v) => {
          f.get(sum(r, v));
          f.get(left);
          f.get(right);
          f.simd(simpleOp("mul", dtype));
          f.simd(simpleOp("add", dtype));
          f.set(sum(r, v));
        });
      }
      advance(f, pointer, a.columnStride * bytes);
      advance(f, packed, this.#width * bytes);
    });
    f.release(counter, pointer, packed, left, ...rights);

    for (let r = 0; r < rows; r++) {
      for (let v = 0; v < this.#vectors; v++) {
        f.i32(0);
        f.get(sum(r, v));
        f.memory("v128.store", this.#tile + (r * this.#width + v * this.#lanes) * bytes);
      }
    }
    f.release(...sums);
    if (last) this.#epilogue(rows, width);
    else this.#keep(rows, width);
  }

  /** A chain begins at 0, or where it was left: by the stretch before, or by another kernel. */
  #startChain(local: Local, r: number, v: number, first: boolean, width: number): void {
    pushConstant(this.#f, 0, this.#kernel.dtype);
    this.#f.set(local);
    const { accumulate, workspace, n } = this.#kernel;
    const active = Math.min(this.#lanes, width - v * this.#lanes);
    const offset = (this.#unfinished - this.#panels) / this.#bytes;
    const from = first ? accumulate : { buffer: workspace, offset, strides: [n, 1] };
    if (from !== undefined && active > 0) this.#continue(from, local, r, v * this.#lanes, active);
  }

  /** A chain goes on from a number in memory. */
  #continue(access: Access, local: Local, r: number, c: number, active: number): void {
    const f = this.#f;
    const [rowStride, columnStride] = access.strides as [number, number];
    const address = f.local("i32");
    for (const [index, stride] of [[this.#i, rowStride] as const, [this.#j, columnStride] as const]) {
      f.get(index);
      f.i32(stride * this.#bytes);
      f.op("i32.mul");
    }
    f.op("i32.add");
    this.#windows.add(access.buffer);
    f.set(address);
    const base = this.#addressOf(access.buffer) + (access.offset + r * rowStride + c * columnStride) * this.#bytes;
    const whole = columnStride === 1 && active === this.#lanes;
    const loadLane = this.#bytes === 8 ? "v128.load64_lane" : "v128.load32_lane";
    for (let lane = 0; lane < (whole ? 1 : active); lane++) {
      f.get(address);
      if (whole) f.memory("v128.load", base);
      else {
        f.get(local);
        f.memory(loadLane, base + lane * columnStride * this.#bytes, lane);
      }
      f.set(local);
    }
    f.release(address);
  }

  #pushUnfinished(): void {
    const f = this.#f;
    f.get(this.#i);
    f.i32(this.#kernel.n);
    f.op("i32.mul");
    f.get(this.#j);
    f.op("i32.add");
    f.i32(this.#bytes);
    f.op("i32.mul");
  }

  #unfinishedOffset(r: number, column: number): number {
    return this.#unfinished + (r * this.#kernel.n + column) * this.#bytes;
  }

  #keep(rows: number, width: number): void {
    const f = this.#f;
    const vector = f.local("v128");
    for (let r = 0; r < rows; r++) {
      for (let column = 0; column < width; column++) {
        const lane = column % this.#lanes;
        if (lane === 0) {
          f.i32(0);
          f.memory("v128.load", this.#tile + (r * this.#width + column) * this.#bytes);
          f.set(vector);
        }
        this.#pushUnfinished();
        f.get(vector);
        f.memory(
          this.#bytes === 8 ? "v128.store64_lane" : "v128.store32_lane",
          this.#unfinishedOffset(r, column),
          lane,
        );
      }
    }
    f.release(vector);
  }

  /** The stores' expressions over the tile's rows, with the product read from the tile. */
  #epilogue(rows: number, width: number): void {
    const f = this.#f;
    const stores = this.#kernel.stores.map(({ access, value }) => ({
      access,
      value: value.dtype === "bool" ? apply("cast", "int32", value) : value,
    }));
    const values = stores.map((s) => s.value);
    const uses = countUses(values);
    const lanes: Lanes = needsWideLanes([...values, { kind: "accumulator", dtype: this.#kernel.dtype }]) ? 2 : 4;
    const row = f.local("i32");
    f.repeat(rows, row, 1, () => {
      const offsets = this.#rowOffsets(
        values,
        stores.map((s) => s.access),
        row,
      );
      for (let c = 0; c < width; c += lanes) {
        const active = Math.min(lanes, width - c);
        const around = this.#around(c, active, lanes, row, offsets);
        const writer = new VectorWriter(f, around, uses);
        const locals = values.map((value) => writer.hold(value));
        for (const [i, { access }] of stores.entries()) storeLanes(f, around, access, locals[i] as Local, active);
        writer.release();
      }
      f.release(...offsets.values());
    });
    f.release(row);
  }

  /** Byte offset of (row, first column) for every pair of strides in use. */
  #rowOffsets(values: readonly Expression[], accesses: readonly Access[], row: Local): Map<string, Local> {
    const f = this.#f;
    const found = new Map<string, Local>();
    const seen = new Set<Expression>();
    const add = (access: Access): void => {
      const key = this.#offsetKey(access);
      const [rowStride, columnStride] = access.strides as [number, number];
      const moves = this.#windows.offsetOf(access.buffer) !== undefined;
      if (found.has(key) || (rowStride === 0 && columnStride === 0 && !moves)) return;
      const bytes = bytesOf(access.buffer.dtype);
      const local = f.local("i32");
      f.get(this.#i);
      f.get(row);
      f.op("i32.add");
      f.i32(rowStride * bytes);
      f.op("i32.mul");
      f.get(this.#j);
      f.i32(columnStride * bytes);
      f.op("i32.mul");
      f.op("i32.add");
      this.#windows.add(access.buffer);
      f.set(local);
      found.set(key, local);
    };
    const visit = (e: Expression): void => {
      if (seen.has(e)) return;
      seen.add(e);
      if (e.kind === "load") add(e.access);
      else if (e.kind === "op") e.args.forEach(visit);
    };
    values.forEach(visit);
    accesses.forEach(add);
    return found;
  }

  /** The same for accesses that are equally far from their buffers. */
  #offsetKey({ buffer, strides }: Access): string {
    const bytes = bytesOf(buffer.dtype);
    return `${strides.map((stride) => stride * bytes).join()}@${this.#windows.offsetOf(buffer)?.index ?? ""}`;
  }

  #around(c: number, active: number, lanes: Lanes, row: Local, offsets: ReadonlyMap<string, Local>): Surroundings {
    const f = this.#f;
    return {
      lanes,
      active,
      addressOf: this.#addressOf,
      pushAddress: (access) => {
        const local = offsets.get(this.#offsetKey(access));
        if (local === undefined) f.i32(0);
        else f.get(local);
        return (
          this.#addressOf(access.buffer) +
          (access.offset + c * (access.strides[1] as number)) * bytesOf(access.buffer.dtype)
        );
      },
      pushIndex: (offset, strides) => {
        const [rowStride, columnStride] = strides as [number, number];
        f.get(this.#i);
        f.get(row);
        f.op("i32.add");
        f.i32(rowStride);
        f.op("i32.mul");
        f.get(this.#j);
        f.i32(c);
        f.op("i32.add");
        f.i32(columnStride);
        f.op("i32.mul");
        f.op("i32.add");
        f.i32(offset);
        f.op("i32.add");
      },
      reduced: () => {
        throw new Error("a contraction has no reductions");
      },
      accumulator: () => {
        f.get(row);
        f.i32(this.#width * this.#bytes);
        f.op("i32.mul");
        // A float32 product in an epilogue of two lanes takes the low half.
        f.memory(lanes * this.#bytes === 8 ? "v128.load64_zero" : "v128.load", this.#tile + c * this.#bytes);
      },
    };
  }
}

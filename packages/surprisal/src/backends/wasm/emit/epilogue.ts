/** What follows a product: the stores' expressions over a tile of it, row by row, the product read from where the tile lies. */
import { apply } from "../../../compile/expressions.ts";
import type { Access, Expression, KernelBuffer, Store } from "../../../compile/kernel.ts";
import type { FunctionWriter, Local } from "../assembler.ts";
import { visitOnce } from "./levels.ts";
import { advance } from "./pack.ts";
import {
  bytesOf,
  countUses,
  type Lanes,
  needsWideLanes,
  type Surroundings,
  simpleOp,
  storeLanes,
  VectorWriter,
} from "./vectors.ts";

/** A tile of results in memory, rows of `width` elements from `start` on; and where it belongs in the matrix. */
export interface Tile {
  readonly start: Local;
  readonly width: number;
  readonly firstRow: Local;
  readonly firstColumn: Local;
}

export class Epilogue {
  readonly #f: FunctionWriter;
  readonly #addressOf: (buffer: KernelBuffer) => number;
  readonly #bytes: number;
  readonly #stores: readonly Store[];
  readonly #uses: ReadonlyMap<Expression, number>;
  readonly #lanes: Lanes;

  constructor(
    f: FunctionWriter,
    stores: readonly Store[],
    dtype: "float32" | "float64",
    addressOf: (buffer: KernelBuffer) => number,
  ) {
    this.#f = f;
    this.#addressOf = addressOf;
    this.#bytes = bytesOf(dtype);
    this.#stores = stores.map(({ access, value }) => ({
      access,
      value: value.dtype === "bool" ? apply("cast", "int32", value) : value,
    }));
    const values = this.#stores.map((s) => s.value);
    this.#uses = countUses(values);
    this.#lanes = needsWideLanes([...values, { kind: "accumulator", dtype }]) ? 2 : 4;
  }

  /** Writes `rows` rows and `columns` columns of the tile. */
  emit(tile: Tile, rows: number, columns: number): void {
    const f = this.#f;
    const [row, source] = [f.local("i32"), f.local("i32")];
    f.get(tile.start);
    f.set(source);
    const offsets = this.#offsets(tile);
    f.repeat(rows, row, 1, () => {
      for (let c = 0; c < columns; c += this.#lanes) {
        const around = this.#around(tile, c, Math.min(this.#lanes, columns - c), row, source, offsets);
        const writer = new VectorWriter(f, around, this.#uses);
        // Every value before any store: one may overwrite what another reads.
        const locals = this.#stores.map(({ value }) => writer.hold(value));
        this.#stores.forEach(({ access }, i) => {
          storeLanes(f, around, access, locals[i] as Local, around.active);
        });
        writer.release();
      }
      advance(f, source, tile.width * this.#bytes);
      for (const { local, step } of offsets.values()) if (step !== 0) advance(f, local, step);
    });
    f.release(row, source, ...[...offsets.values()].map(({ local }) => local));
  }

  /** Byte offset of the tile's first column, for every pair of strides in use, and what a row adds. */
  #offsets({ firstRow, firstColumn }: Tile): Map<string, { local: Local; step: number }> {
    const f = this.#f;
    const found = new Map<string, { local: Local; step: number }>();
    const add = (access: Access): void => {
      const key = strideKey(access);
      const [rowStride, columnStride] = access.strides as [number, number];
      if (found.has(key) || (rowStride === 0 && columnStride === 0)) return;
      const bytes = bytesOf(access.buffer.dtype);
      const local = f.local("i32");
      f.get(firstRow);
      f.i32(rowStride * bytes);
      f.op("i32.mul");
      f.get(firstColumn);
      f.i32(columnStride * bytes);
      f.op("i32.mul");
      f.op("i32.add");
      f.set(local);
      found.set(key, { local, step: rowStride * bytes });
    };
    visitOnce(
      this.#stores.map((s) => s.value),
      (e) => {
        if (e.kind === "load") add(e.access);
      },
    );
    for (const { access } of this.#stores) add(access);
    return found;
  }

  #around(
    { firstRow, firstColumn }: Tile,
    c: number,
    active: number,
    row: Local,
    source: Local,
    offsets: ReadonlyMap<string, { readonly local: Local }>,
  ): Surroundings {
    const f = this.#f;
    return {
      lanes: this.#lanes,
      active,
      addressOf: this.#addressOf,
      pushAddress: (access) => {
        const known = offsets.get(strideKey(access));
        if (known === undefined) f.i32(0);
        else f.get(known.local);
        const bytes = bytesOf(access.buffer.dtype);
        return this.#addressOf(access.buffer) + (access.offset + c * (access.strides[1] as number)) * bytes;
      },
      pushIndex: (offset, strides) => {
        const [rowStride, columnStride] = strides as [number, number];
        f.get(firstRow);
        f.get(row);
        f.op("i32.add");
        f.i32(rowStride);
        f.op("i32.mul");
        f.get(firstColumn);
        f.i32(c);
        f.op("i32.add");
        f.i32(columnStride);
        f.op("i32.mul");
        f.op("i32.add");
        f.i32(offset);
        f.op("i32.add");
      },
      reduced: () => {
        throw new Error("a product has no reductions");
      },
      accumulator: () => {
        f.get(source);
        // A float32 product in an epilogue of two lanes takes the low half.
        f.memory(this.#lanes * this.#bytes === 8 ? "v128.load64_zero" : "v128.load", c * this.#bytes);
      },
    };
  }
}

const strideKey = (access: Access): string =>
  access.strides.map((stride) => stride * bytesOf(access.buffer.dtype)).join();

/** sum += left · right, from two vectors on the stack above the sum. */
export function multiplyAdd(f: FunctionWriter, dtype: "float32" | "float64"): void {
  f.simd(simpleOp("mul", dtype));
  f.simd(simpleOp("add", dtype));
}

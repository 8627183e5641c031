/** Sums down the columns: each row adds to a row of sums in memory, one for each block of rows, and the blocks join pairwise. */
import { type Access, type ColumnSum, columnBlock, type KernelBuffer } from "../../../compile/kernel.ts";
import type { FunctionWriter, Local } from "../assembler.ts";
import { addBlocks } from "./trees.ts";
import { bytesOf, loadLanes, type Surroundings, simpleOp, storeLanes } from "./vectors.ts";

export class ColumnSums {
  readonly #f: FunctionWriter;
  readonly #addressOf: (buffer: KernelBuffer) => number;
  readonly #columns: number;
  /** Axes outside the columns. */
  readonly #outer: number;
  /** Pushes the number of the current row. */
  readonly #pushRow: () => void;

  constructor(
    f: FunctionWriter,
    addressOf: (buffer: KernelBuffer) => number,
    columns: number,
    outer: number,
    pushRow: () => void,
  ) {
    this.#f = f;
    this.#addressOf = addressOf;
    this.#columns = columns;
    this.#outer = outer;
    this.#pushRow = pushRow;
  }

  /** The rows of sums that are added to, and where the first one starts, in elements. */
  #target(sum: ColumnSum): { buffer: KernelBuffer; offset: number } {
    return sum.partials === undefined
      ? { buffer: sum.into.buffer, offset: sum.into.offset }
      : { buffer: sum.partials, offset: 0 };
  }

  clear(sum: ColumnSum): void {
    const f = this.#f;
    const { buffer, offset } = this.#target(sum);
    const bytes = bytesOf(buffer.dtype);
    f.i32(this.#addressOf(buffer) + offset * bytes);
    f.i32(0);
    f.i32((sum.partials?.elements ?? this.#columns) * bytes);
    f.memoryFill();
  }

  add(sum: ColumnSum, value: Local, around: Surroundings): void {
    const f = this.#f;
    const { buffer, offset } = this.#target(sum);
    const access: Access = { buffer, offset, strides: [...new Array<number>(this.#outer).fill(0), 1] };
    const inBlock: Surroundings = {
      ...around,
      pushAddress: (a) => {
        const constant = around.pushAddress(a);
        if (sum.partials !== undefined) {
          this.#pushRow();
          f.i32(Math.log2(columnBlock));
          f.op("i32.shr_u");
          f.i32(this.#columns * bytesOf(buffer.dtype));
          f.op("i32.mul");
          f.op("i32.add");
        }
        return constant;
      },
    };
    loadLanes(f, inBlock, access, buffer.dtype);
    f.get(value);
    f.simd(simpleOp("add", buffer.dtype));
    const total = f.local("v128");
    f.set(total);
    storeLanes(f, inBlock, access, total, around.active);
    f.release(total);
  }

  finish(sum: ColumnSum): void {
    if (sum.partials === undefined) return;
    const f = this.#f;
    const { dtype, elements } = sum.partials;
    const from = this.#addressOf(sum.partials);
    addBlocks(f, from, elements / this.#columns, this.#columns, dtype);
    f.i32(this.#addressOf(sum.into.buffer) + sum.into.offset * bytesOf(dtype));
    f.i32(from);
    f.i32(this.#columns * bytesOf(dtype));
    f.memoryCopy();
  }
}

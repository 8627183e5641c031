/** Sums down the columns: each row adds to a row of sums in memory, one for each block of rows, and the blocks join pairwise. */
import {
  type Access,
  type ColumnSum,
  columnBlock,
  elementBytes,
  type KernelBuffer,
  type RunningSum,
} from "../../../compile/kernel.ts";
import type { FunctionWriter, Local } from "../assembler.ts";
import { addBlocks, addInto } from "./trees.ts";
import { loadLanes, type Surroundings, simpleOp, storeLanes } from "./vectors.ts";
import type { Windows } from "./windows.ts";

export class ColumnSums {
  readonly #f: FunctionWriter;
  readonly #addressOf: (buffer: KernelBuffer) => number;
  readonly #windows: Windows;
  readonly #columns: number;
  /** Axes outside the columns. */
  readonly #outer: number;
  /** Pushes the number of the current row. */
  readonly #pushRow: () => void;

  constructor(
    f: FunctionWriter,
    addressOf: (buffer: KernelBuffer) => number,
    windows: Windows,
    columns: number,
    outer: number,
    pushRow: () => void,
  ) {
    this.#f = f;
    this.#addressOf = addressOf;
    this.#windows = windows;
    this.#columns = columns;
    this.#outer = outer;
    this.#pushRow = pushRow;
  }

  /** The rows of sums that are added to, and where the first one starts, in elements. */
  #target(sum: ColumnSum): { buffer: KernelBuffer; offset: number } {
    const own = sum.partials ?? sum.running?.block;
    return own === undefined ? { buffer: sum.into.buffer, offset: sum.into.offset } : { buffer: own, offset: 0 };
  }

  /** Sums that run on over blocks of rows begin with the first one. */
  clear(sum: ColumnSum): void {
    if (sum.running !== undefined && !beginsAt0(sum.running)) return;
    const { buffer, offset } = this.#target(sum);
    this.#zero(buffer, offset, sum.partials?.elements ?? this.#columns);
    if (sum.running?.block !== undefined) this.#zero(sum.into.buffer, sum.into.offset, this.#columns);
  }

  #zero(buffer: KernelBuffer, offset: number, elements: number): void {
    const f = this.#f;
    const bytes = elementBytes(buffer.dtype);
    f.i32(this.#addressOf(buffer) + offset * bytes);
    f.i32(0);
    f.i32(elements * bytes);
    f.memoryFill();
  }

  /** After the last of `columnBlock` rows, and after the very last, their sum goes to the others. */
  endRow(sum: ColumnSum): void {
    const { running, into } = sum;
    if (running?.block === undefined) return;
    const f = this.#f;
    const { block, rows, start, step, counter } = running;
    const row = f.local("i32");
    this.#pushRow();
    f.i32(start + 1);
    f.op("i32.add");
    if (counter !== undefined) {
      f.get(this.#windows.counter(counter));
      f.i32(step);
      f.op("i32.mul");
      f.op("i32.add");
    }
    f.set(row);
    // How many rows are done: a multiple of the block, or all.
    f.get(row);
    f.i32(columnBlock - 1);
    f.op("i32.and");
    f.op("i32.eqz");
    f.get(row);
    f.i32(rows);
    f.op("i32.ge_u");
    f.op("i32.or");
    f.when(() => {
      const bytes = elementBytes(into.buffer.dtype);
      addInto(
        f,
        this.#addressOf(into.buffer) + into.offset * bytes,
        this.#addressOf(block),
        this.#columns,
        into.buffer.dtype,
      );
      this.#zero(block, 0, this.#columns);
    });
    f.release(row);
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
          f.i32(this.#columns * elementBytes(buffer.dtype));
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
    f.i32(this.#addressOf(sum.into.buffer) + sum.into.offset * elementBytes(dtype));
    f.i32(from);
    f.i32(this.#columns * elementBytes(dtype));
    f.memoryCopy();
  }
}

const beginsAt0 = ({ start, counter }: RunningSum): boolean => start === 0 && counter === undefined;

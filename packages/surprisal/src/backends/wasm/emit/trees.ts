/** Pairwise sums over blocks that lie one after another in memory: neighbours first, until the first block holds the total. */

import type { DType } from "../../../base/dtype.ts";
import { elementBytes } from "../../../compile/kernel.ts";
import type { FunctionWriter } from "../assembler.ts";
import { simpleOp } from "./vectors.ts";

/** Adds `count` blocks of `width` elements from a byte address on. */
export function addBlocks(f: FunctionWriter, address: number, count: number, width: number, dtype: DType): void {
  const bytes = elementBytes(dtype);
  const lanes = 16 / bytes;
  const block = f.local("i32");
  const column = f.local("i32");
  for (let stride = 1; stride < count; stride *= 2) {
    const pairs = Math.ceil((count - stride) / (2 * stride));
    const apart = stride * width * bytes;
    f.repeat(pairs, block, 2 * apart, () => {
      f.repeat(Math.floor(width / lanes), column, 16, () =>
        addVector(f, address, apart, dtype, () => {
          f.get(block);
          f.get(column);
          f.op("i32.add");
        }),
      );
      for (let i = width - (width % lanes); i < width; i++) {
        addElement(f, address + i * bytes, apart, dtype, () => f.get(block));
      }
    });
  }
  f.release(block, column);
}

function addVector(f: FunctionWriter, address: number, apart: number, dtype: DType, push: () => void): void {
  push();
  push();
  f.memory("v128.load", address);
  push();
  f.memory("v128.load", address + apart);
  f.simd(simpleOp("add", dtype));
  f.memory("v128.store", address);
}

function addElement(f: FunctionWriter, address: number, apart: number, dtype: DType, push: () => void): void {
  const wide = dtype === "float64";
  const load = wide ? "v128.load64_zero" : "v128.load32_zero";
  push();
  push();
  f.memory(load, address);
  push();
  f.memory(load, address + apart);
  f.simd(simpleOp("add", dtype));
  f.memory(wide ? "v128.store64_lane" : "v128.store32_lane", address, 0);
}

/** Adds `width` elements from one byte address on to those at another. */
export function addInto(f: FunctionWriter, to: number, from: number, width: number, dtype: DType): void {
  const bytes = elementBytes(dtype);
  const lanes = 16 / bytes;
  const column = f.local("i32");
  f.repeat(Math.floor(width / lanes), column, 16, () => addVector(f, to, from - to, dtype, () => f.get(column)));
  for (let i = width - (width % lanes); i < width; i++) addElement(f, to + i * bytes, from - to, dtype, () => f.i32(0));
  f.release(column);
}

/** Reads and writes of whole rows by index. */
import { elementBytes, type GatherKernel, type KernelBuffer, type ScatterAddKernel } from "../../../compile/kernel.ts";
import type { FunctionWriter, Local } from "../assembler.ts";
import { pushConstant, simpleOp } from "./vectors.ts";

type AddressOf = (buffer: KernelBuffer) => number;

/** Runs `vector` and `element` over the bytes of a row: whole vectors first, then what is left. */
function alongRow(
  f: FunctionWriter,
  width: number,
  bytes: number,
  vector: (offset: Local) => void,
  element: (offset: number) => void,
): void {
  const lanes = 16 / bytes;
  const whole = Math.floor(width / lanes);
  const offset = f.local("i32");
  f.repeat(whole, offset, 16, () => vector(offset));
  f.release(offset);
  for (let i = whole * lanes; i < width; i++) element(i * bytes);
}

function pushSum(f: FunctionWriter, a: Local, b?: Local): void {
  f.get(a);
  if (b === undefined) return;
  f.get(b);
  f.op("i32.add");
}

/** For each i: the byte offset of the row that its index names; `missing` when there is no such row. */
function eachIndex(
  f: FunctionWriter,
  indices: number,
  count: number,
  rows: number,
  rowBytes: number,
  found: (i: Local, row: Local) => void,
  missing?: (i: Local) => void,
): void {
  const [i, row] = [f.local("i32"), f.local("i32")];
  f.repeat(count, i, 1, () => {
    f.get(i);
    f.i32(2);
    f.op("i32.shl");
    f.i32Load(indices);
    f.tee(row);
    f.i32(rows);
    f.op("i32.lt_u");
    f.when(
      () => {
        f.get(row);
        f.i32(rowBytes);
        f.op("i32.mul");
        f.set(row);
        found(i, row);
      },
      missing && (() => missing(i)),
    );
  });
  f.release(i, row);
}

function pushOwnRow(f: FunctionWriter, i: Local, rowBytes: number): Local {
  const own = f.local("i32");
  f.get(i);
  f.i32(rowBytes);
  f.op("i32.mul");
  f.set(own);
  return own;
}

export function emitGather(f: FunctionWriter, kernel: GatherKernel, addressOf: AddressOf): void {
  const { dtype } = kernel.out;
  const bytes = elementBytes(dtype);
  const rowBytes = kernel.width * bytes;
  const source = addressOf(kernel.source) + kernel.sourceOffset * bytes;
  const out = addressOf(kernel.out);
  const one = {
    load: bytes === 8 ? "v128.load64_zero" : "v128.load32_zero",
    store: bytes === 8 ? "v128.store64_lane" : "v128.store32_lane",
  } as const;
  const copy = (i: Local, row: Local) => {
    const own = pushOwnRow(f, i, rowBytes);
    alongRow(
      f,
      kernel.width,
      bytes,
      (offset) => {
        pushSum(f, own, offset);
        pushSum(f, row, offset);
        f.memory("v128.load", source);
        f.memory("v128.store", out);
      },
      (offset) => {
        f.get(own);
        f.get(row);
        f.memory(one.load, source + offset);
        f.memory(one.store, out + offset, 0);
      },
    );
    f.release(own);
  };
  const fill = (i: Local) => {
    const own = pushOwnRow(f, i, rowBytes);
    const value = dtype === "float32" || dtype === "float64" ? Number.NaN : 0;
    alongRow(
      f,
      kernel.width,
      bytes,
      (offset) => {
        pushSum(f, own, offset);
        pushConstant(f, value, dtype);
        f.memory("v128.store", out);
      },
      (offset) => {
        f.get(own);
        pushConstant(f, value, dtype);
        f.memory(one.store, out + offset, 0);
      },
    );
    f.release(own);
  };
  eachIndex(
    f,
    addressOf(kernel.indices) + kernel.indicesOffset * 4,
    kernel.count,
    kernel.sourceRows,
    rowBytes,
    copy,
    fill,
  );
}

export function emitScatterAdd(f: FunctionWriter, kernel: ScatterAddKernel, addressOf: AddressOf): void {
  const { dtype } = kernel.out;
  const bytes = elementBytes(dtype);
  const rowBytes = kernel.width * bytes;
  const updates = addressOf(kernel.updates) + kernel.updatesOffset * bytes;
  const out = addressOf(kernel.out);
  const one = {
    load: bytes === 8 ? "v128.load64_zero" : "v128.load32_zero",
    store: bytes === 8 ? "v128.store64_lane" : "v128.store32_lane",
  } as const;
  f.i32(out);
  f.i32(0);
  f.i32(kernel.rows * rowBytes);
  f.memoryFill();
  eachIndex(f, addressOf(kernel.indices) + kernel.indicesOffset * 4, kernel.count, kernel.rows, rowBytes, (i, row) => {
    const own = pushOwnRow(f, i, rowBytes);
    alongRow(
      f,
      kernel.width,
      bytes,
      (offset) => {
        pushSum(f, row, offset);
        pushSum(f, row, offset);
        f.memory("v128.load", out);
        pushSum(f, own, offset);
        f.memory("v128.load", updates);
        f.simd(simpleOp("add", dtype));
        f.memory("v128.store", out);
      },
      (offset) => {
        f.get(row);
        f.get(row);
        f.memory(one.load, out + offset);
        f.get(own);
        f.memory(one.load, updates + offset);
        f.simd(simpleOp("add", dtype));
        f.memory(one.store, out + offset, 0);
      },
    );
    f.release(own);
  });
}

/** One tile of a product: its sums in registers over a stretch of k, from where they were left to the epilogue. */
import type { Access } from "../../../../compile/kernel.ts";
import type { Local } from "../../assembler.ts";
import { emitEpilogue } from "../epilogue.ts";
import { advance, pushTimes } from "../loops.ts";
import { pushConstant } from "../vectors.ts";
import { walkAlongK, walkK } from "./microKernel.ts";
import type { Strip, Walk } from "./walk.ts";

export function emitTile(walk: Walk, strip: Strip, rows: number): void {
  const { f, kernel, chain, lanes } = walk;
  const { group } = strip;
  const sums = Array.from({ length: rows * group.vectors }, () => f.local("v128"));
  // The last strip's columns may be fewer than its vectors hold.
  const columns = group.strips === 1 ? group.columns : group.vectors * lanes;
  startChains(walk, sums, group.vectors, columns);
  const left = f.local("i32");
  pushLeft(walk, strip);
  f.set(left);
  if (kernel.k > 0) {
    if (group.right === "alongK") walkAlongK(walk, strip, sums, left);
    else walkK(walk, strip, sums, left);
  }
  f.release(left);
  if (!walk.stretched) emitEpilogue(walk, sums, group.vectors, columns);
  else {
    f.get(walk.from);
    f.get(walk.length);
    f.op("i32.add");
    f.i32(kernel.k);
    f.op("i32.lt_s");
    f.when(
      () => keepChains(walk, sums),
      () => emitEpilogue(walk, sums, group.vectors, columns),
    );
    advance(f, chain, group.rows * group.vectors * 16);
  }
  f.release(...sums);
}

/** Pushes the address of the left operand's element at the tile's first row and the stretch's first k. */
function pushLeft({ f, i, from, kernel, bytes, addressOf, windows, workspace }: Walk, { group, top }: Strip): void {
  const { a, tiling } = kernel;
  if (group.left === "packed") {
    f.get(i);
    f.get(top);
    f.op("i32.sub");
    f.i32(tiling.leftStride * bytes);
    f.op("i32.mul");
    f.i32(workspace.left);
  } else {
    pushTimes(f, i, a.rowStride * bytes);
    pushTimes(f, from, a.columnStride * bytes);
    f.op("i32.add");
    f.i32(addressOf(a.buffer) + a.offset * bytes);
    windows.add(a.buffer);
  }
  f.op("i32.add");
}

/** A chain begins at 0, or where it was left: by the stretch before, or by another kernel. */
function startChains(walk: Walk, sums: readonly Local[], vectors: number, columns: number): void {
  const { f, kernel, stretched, from, chain } = walk;
  const begin = () => {
    for (const sum of sums) {
      pushConstant(f, 0, kernel.dtype);
      f.set(sum);
    }
    if (kernel.accumulate !== undefined) continueFrom(walk, kernel.accumulate, sums, vectors, columns);
  };
  if (!stretched) {
    begin();
    return;
  }
  f.get(from);
  f.when(() => {
    for (const [s, sum] of sums.entries()) {
      f.get(chain);
      f.memory("v128.load", 16 * s);
      f.set(sum);
    }
  }, begin);
}

/** The sums of the tile's real columns, from memory. */
function continueFrom(
  walk: Walk,
  { buffer, offset, strides }: Access,
  sums: readonly Local[],
  vectors: number,
  columns: number,
): void {
  const { f, i, j, bytes, lanes, addressOf, windows } = walk;
  const [rowStride, columnStride] = strides as [number, number];
  const address = f.local("i32");
  pushTimes(f, i, rowStride * bytes);
  pushTimes(f, j, columnStride * bytes);
  f.op("i32.add");
  windows.add(buffer);
  f.set(address);
  for (const [s, sum] of sums.entries()) {
    const column = (s % vectors) * lanes;
    const element = offset + Math.floor(s / vectors) * rowStride + column * columnStride;
    const base = addressOf(buffer) + element * bytes;
    const active = Math.min(lanes, columns - column);
    const whole = columnStride === 1 && active === lanes;
    for (let lane = 0; lane < (whole ? 1 : active); lane++) {
      f.get(address);
      if (whole) f.memory("v128.load", base);
      else {
        f.get(sum);
        f.memory(bytes === 8 ? "v128.load64_lane" : "v128.load32_lane", base + lane * columnStride * bytes, lane);
      }
      f.set(sum);
    }
  }
  f.release(address);
}

function keepChains({ f, chain }: Walk, sums: readonly Local[]): void {
  for (const [s, sum] of sums.entries()) {
    f.get(chain);
    f.get(sum);
    f.memory("v128.store", 16 * s);
  }
}

/**
 * Copies of operands in the order in which a tile walks them. Of the right one: strip by strip, k by k, columns side by side,
 * columns beyond the last whatever they may be. Of the left one: row by row along k.
 */
import type { StripGroup } from "../../../../compile/kernel.ts";
import type { FunctionWriter, Local } from "../../assembler.ts";
import { advance, assign, countDown, pushTimes, whileWithin } from "../loops.ts";
import { loadPart, turnBlock } from "./blocks.ts";
import type { Walk } from "./walk.ts";

/** A stretch of some strips of the right operand. @param first column of the first strip. @param strips how many */
export function packRight(walk: Walk, group: StripGroup, first: Local, strips: Local): void {
  const { f, kernel, bytes, lanes, from } = walk;
  const { b, tiling } = kernel;
  const width = group.vectors * lanes;
  const columns = group.strips === 1 ? group.columns : width;
  const [source, target] = [f.local("i32"), f.local("i32")];
  pushTimes(f, first, b.columnStride * bytes);
  pushTimes(f, from, b.rowStride * bytes);
  f.op("i32.add");
  f.i32(walk.addressOf(b.buffer) + b.offset * bytes);
  f.op("i32.add");
  walk.windows.add(b.buffer);
  f.set(source);
  assign(f, target, walk.workspace.right);
  countDown(f, strips, () => {
    if (b.rowStride === 1 && b.columnStride !== 1) packTurned(walk, source, target, group.vectors, columns);
    else packRows(walk, source, target, group.vectors, columns);
    advance(f, source, width * b.columnStride * bytes);
    advance(f, target, width * tiling.stretch * bytes);
  });
  f.release(source, target);
}

/** One strip, k by k: vectors where columns lie side by side, else element by element. */
function packRows(walk: Walk, source: Local, target: Local, vectors: number, columns: number): void {
  const { f, kernel, bytes, lanes, length } = walk;
  const { b } = kernel;
  const [read, write] = copies(f, source, target);
  countDown(f, length, () => {
    for (let v = 0; v < vectors; v++) {
      const active = Math.min(lanes, columns - v * lanes);
      if (b.columnStride === 1) {
        f.get(write);
        loadPart(f, read, v * 16, active, bytes);
        f.memory("v128.store", v * 16);
      } else {
        for (let c = 0; c < active; c++)
          copyElement(f, bytes, write, v * 16 + c * bytes, read, (v * lanes + c) * b.columnStride * bytes);
      }
    }
    advance(f, read, b.rowStride * bytes);
    advance(f, write, vectors * 16);
  });
  f.release(read, write);
}

/** One strip whose columns lie along k: squares are turned. Columns beyond the last are the last one again. */
function packTurned(walk: Walk, source: Local, target: Local, vectors: number, columns: number): void {
  const { f, kernel, bytes, lanes, length } = walk;
  const stride = kernel.b.columnStride * bytes;
  const offset = (column: number) => Math.min(column, columns - 1) * stride;
  const [read, write] = copies(f, source, target);
  const done = f.local("i32");
  assign(f, done, 0);
  whileWithin(f, done, lanes, length, () => {
    for (let v = 0; v < vectors; v++)
      copySquare(
        walk,
        read,
        (c) => offset(v * lanes + c),
        write,
        (k) => v * 16 + k * vectors * 16,
      );
    advance(f, read, 16);
    advance(f, write, lanes * vectors * 16);
    advance(f, done, lanes);
  });
  whileWithin(f, done, 1, length, () => {
    for (let c = 0; c < columns; c++) copyElement(f, bytes, write, c * bytes, read, offset(c));
    advance(f, read, bytes);
    advance(f, write, vectors * 16);
    advance(f, done, 1);
  });
  f.release(read, write, done);
}

/** A stretch of the left operand's rows from `top` to `bottom`, which lie side by side at each k. */
export function packLeft(walk: Walk, top: Local, bottom: Local): void {
  const { f, kernel, bytes, lanes, from, length } = walk;
  const { a, tiling } = kernel;
  const [read, write, k, source, target] = Array.from({ length: 5 }, () => f.local("i32")) as [
    Local,
    Local,
    Local,
    Local,
    Local,
  ];
  const [kStep, rowStep] = [a.columnStride * bytes, tiling.leftStride * bytes];
  pushTimes(f, top, bytes);
  pushTimes(f, from, kStep);
  f.op("i32.add");
  f.i32(walk.addressOf(a.buffer) + a.offset * bytes);
  f.op("i32.add");
  walk.windows.add(a.buffer);
  f.set(source);
  assign(f, target, walk.workspace.left);
  assign(f, k, 0);
  /** `ks` k of all rows. */
  const rows = (ks: number) => {
    const i = f.local("i32");
    f.get(source);
    f.set(read);
    f.get(target);
    f.set(write);
    f.get(top);
    f.set(i);
    if (ks === lanes) {
      whileWithin(f, i, lanes, bottom, () => {
        copySquare(
          walk,
          read,
          (c) => c * kStep,
          write,
          (r) => r * rowStep,
        );
        advance(f, read, 16);
        advance(f, write, lanes * rowStep);
        advance(f, i, lanes);
      });
    }
    whileWithin(f, i, 1, bottom, () => {
      for (let c = 0; c < ks; c++) copyElement(f, bytes, write, c * bytes, read, c * kStep);
      advance(f, read, bytes);
      advance(f, write, rowStep);
      advance(f, i, 1);
    });
    advance(f, source, ks * kStep);
    advance(f, target, ks * bytes);
    advance(f, k, ks);
    f.release(i);
  };
  whileWithin(f, k, lanes, length, () => rows(lanes));
  whileWithin(f, k, 1, length, () => rows(1));
  f.release(read, write, k, source, target);
}

/** A square of elements: rows of it at `from` lie along memory, and so do its columns at `to`. */
function copySquare(
  { f, bytes, lanes }: Walk,
  read: Local,
  from: (row: number) => number,
  write: Local,
  to: (column: number) => number,
): void {
  const loaded = Array.from({ length: lanes }, (_, row) => {
    const vector = f.local("v128");
    f.get(read);
    f.memory("v128.load", from(row));
    f.set(vector);
    return vector;
  });
  const turned = turnBlock(f, loaded, bytes);
  for (const [column, vector] of turned.entries()) {
    f.get(write);
    f.get(vector);
    f.memory("v128.store", to(column));
  }
  f.release(...turned);
}

function copyElement(f: FunctionWriter, bytes: number, write: Local, to: number, read: Local, from: number): void {
  f.get(write);
  f.get(read);
  f.memory(bytes === 8 ? "v128.load64_zero" : "v128.load32_zero", from);
  f.memory(bytes === 8 ? "v128.store64_lane" : "v128.store32_lane", to, 0);
}

/** Two locals that begin where the given ones stand. */
function copies(f: FunctionWriter, ...locals: readonly [Local, Local]): [Local, Local] {
  return locals.map((local) => {
    const copy = f.local("i32");
    f.get(local);
    f.set(copy);
    return copy;
  }) as [Local, Local];
}

/**
 * Matrix products. A tile of rows × vectors of sums stays in registers while k is walked, and then goes through the epilogue.
 * Columns are walked strip by strip and rows block by block, so that a strip of the right operand stays in the first cache and
 * a block of the left one in the second; what lies badly for that is copied first. Each element is one chain in the order of
 * k, whatever the tile: where k is walked in stretches, the chain waits in memory and goes on from there.
 */
import {
  type ContractionKernel,
  elementBytes,
  type KernelBuffer,
  type StripGroup,
} from "../../../../compile/kernel.ts";
import type { TargetProperties } from "../../../../compile/target.ts";
import type { FunctionWriter, Local } from "../../assembler.ts";
import { advance, assign, countDown, pushTimes, whileWithin } from "../loops.ts";
import type { Lanes } from "../vectors.ts";
import type { Windows } from "../windows.ts";
import { packLeft, packRight } from "./pack.ts";
import { emitTile } from "./tile.ts";
import type { Strip, Walk } from "./walk.ts";

export function emitContraction(
  f: FunctionWriter,
  kernel: ContractionKernel,
  addressOf: (buffer: KernelBuffer) => number,
  { lanes, fusedMultiplyAdd }: TargetProperties,
  windows: Windows,
): void {
  const { tiling, dtype, k } = kernel;
  const bytes = elementBytes(dtype);
  const at = (part: "right" | "left" | "unfinished" | "tile") =>
    addressOf(kernel.workspace) + tiling.workspace[part] * bytes;
  const [i, j, from, length, chain] = Array.from({ length: 5 }, () => f.local("i32")) as [
    Local,
    Local,
    Local,
    Local,
    Local,
  ];
  const walk: Walk = {
    f,
    kernel,
    fused: fusedMultiplyAdd,
    lanes: lanes[dtype] as Lanes,
    bytes,
    addressOf,
    windows,
    workspace: { right: at("right"), left: at("left"), unfinished: at("unfinished"), tile: at("tile") },
    ...{ i, j, from, length, chain },
    stretched: tiling.stretch < k,
  };
  for (const group of tiling.groups) emitGroup(walk, group);
  f.release(i, j, from, length, chain);
}

/** A group of strips, as many at a time as are held in order. */
function emitGroup(walk: Walk, group: StripGroup): void {
  const { f } = walk;
  const width = group.vectors * walk.lanes;
  const [first, strips] = [f.local("i32"), f.local("i32")];
  assign(f, first, group.from);
  assign(f, strips, group.heldStrips);
  const all = group.from + group.strips * width;
  const step = group.heldStrips * width;
  whileWithin(f, first, step, all, () => {
    emitStretches(walk, group, first, strips);
    advance(f, first, step);
  });
  const rest = group.strips % group.heldStrips;
  if (rest > 0) {
    assign(f, strips, rest);
    emitStretches(walk, group, first, strips);
  }
  f.release(first, strips);
}

/** Some strips over all of k. */
function emitStretches(walk: Walk, group: StripGroup, first: Local, strips: Local): void {
  const { f, from, length, chain, kernel } = walk;
  const { stretch } = kernel.tiling;
  assign(f, from, 0);
  assign(f, length, stretch);
  if (!walk.stretched) {
    emitBlocks(walk, group, first, strips);
    return;
  }
  f.loopWhile(() => {
    assign(f, chain, walk.workspace.unfinished);
    emitBlocks(walk, group, first, strips);
    advance(f, from, stretch);
    // The last one may be shorter.
    f.i32(stretch);
    f.i32(kernel.k);
    f.get(from);
    f.op("i32.sub");
    f.i32(stretch);
    f.i32(kernel.k);
    f.get(from);
    f.op("i32.sub");
    f.op("i32.lt_s");
    f.op("select");
    f.tee(length);
    f.i32(0);
    f.op("i32.gt_s");
  });
}

/** Some strips over one stretch of k, block of rows by block of rows. */
function emitBlocks(walk: Walk, group: StripGroup, first: Local, strips: Local): void {
  const { f, kernel } = walk;
  const { m, tiling } = kernel;
  if (group.right === "packed") packRight(walk, group, first, strips);
  const [top, bottom] = [f.local("i32"), f.local("i32")];
  assign(f, top, 0);
  assign(f, bottom, tiling.block);
  f.loopWhile(() => {
    if (group.left === "packed") packLeft(walk, top, bottom);
    emitStrips(walk, group, first, strips, top, bottom);
    f.get(bottom);
    f.tee(top);
    f.i32(tiling.block);
    f.op("i32.add");
    f.set(bottom);
    // The last one may have fewer rows.
    f.get(bottom);
    f.i32(m);
    f.get(bottom);
    f.i32(m);
    f.op("i32.lt_s");
    f.op("select");
    f.set(bottom);
    f.get(top);
    f.i32(m);
    f.op("i32.lt_s");
  });
  f.release(top, bottom);
}

/** Some strips over one block of rows. */
function emitStrips(walk: Walk, group: StripGroup, first: Local, strips: Local, top: Local, bottom: Local): void {
  const { f, j, bytes, kernel } = walk;
  const { b, tiling } = kernel;
  const width = group.vectors * walk.lanes;
  const right = f.local("i32");
  f.get(first);
  f.set(j);
  let step = width * tiling.stretch * bytes;
  if (group.right === "packed") assign(f, right, walk.workspace.right);
  else {
    step = width * b.columnStride * bytes;
    pushTimes(f, first, b.columnStride * bytes);
    f.i32(walk.addressOf(b.buffer) + b.offset * bytes);
    f.op("i32.add");
    walk.windows.add(b.buffer);
    pushTimes(f, walk.from, b.rowStride * bytes);
    f.op("i32.add");
    f.set(right);
  }
  countDown(f, strips, () => {
    emitStrip(walk, { group, top, bottom, right });
    advance(f, j, width);
    advance(f, right, step);
  });
  f.release(right);
}

/** One strip over one block of rows: whole tiles, then the rows that are left. */
function emitStrip(walk: Walk, strip: Strip): void {
  const { f, i, kernel } = walk;
  const { rows } = strip.group;
  const edge = kernel.m % kernel.tiling.block;
  f.get(strip.top);
  f.set(i);
  whileWithin(f, i, rows, strip.bottom, () => {
    emitTile(walk, strip, rows);
    advance(f, i, rows);
  });
  // Blocks are a whole number of tiles high, or there is only the last one.
  const left = edge === 0 ? kernel.tiling.block % rows : edge % rows;
  if (left === 0) return;
  f.get(i);
  f.get(strip.bottom);
  f.op("i32.lt_s");
  f.when(() => emitTile(walk, strip, left));
}

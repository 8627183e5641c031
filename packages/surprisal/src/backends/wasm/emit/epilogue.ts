/**
 * What happens to a finished tile: the stores' expressions over its elements. Short ones take the sums from the registers they
 * are in, one after another; for long ones the tile goes to memory, and a loop takes it row by row.
 */
import { apply } from "../../../compile/expressions.ts";
import { type Access, type Expression, elementBytes, type KernelBuffer, type Store } from "../../../compile/kernel.ts";
import type { FunctionWriter, Local } from "../assembler.ts";
import { pushTimes } from "./loops.ts";
import { countUses, type Lanes, needsWideLanes, type Surroundings, storeLanes, VectorWriter } from "./vectors.ts";
import type { Windows } from "./windows.ts";

/** A tile of a product, and where it belongs. */
export interface Tile {
  readonly f: FunctionWriter;
  readonly kernel: { readonly stores: readonly Store[]; readonly dtype: "float32" | "float64" };
  readonly lanes: Lanes;
  readonly bytes: number;
  addressOf(buffer: KernelBuffer): number;
  /** First row and column. */
  readonly i: Local;
  readonly j: Local;
  /** Address at which a tile can wait. */
  readonly workspace: { readonly tile: number };
  /** How far buffers have moved, in a loop. */
  readonly windows?: Windows;
}

/** Operations on an element, up to which code for every vector of the tile is worth its length. */
const mostOperations = 6;

/** @param sums of the tile, row by row. @param columns that are real */
export function emitEpilogue(tile: Tile, sums: readonly Local[], vectors: number, columns: number): void {
  const { kernel } = tile;
  const stores = kernel.stores.map(({ access, value }) => ({
    access,
    value: value.dtype === "bool" ? apply("cast", "int32", value) : value,
  }));
  const values = stores.map((store) => store.value);
  const accesses = stores.map((store) => store.access);
  const uses = countUses(values);
  const wide = needsWideLanes([...values, { kind: "accumulator", dtype: kernel.dtype }]);
  const tail: Tail = { values, accesses, uses, lanes: wide ? 2 : 4 };
  const operations = [...uses.keys()].filter((e) => e.kind === "op").length;
  if (tail.lanes === tile.lanes && operations <= mostOperations) fromRegisters(tile, tail, sums, vectors, columns);
  else fromMemory(tile, tail, sums, vectors, columns);
}

/** Values, where they are stored, how often each expression is used, and elements at a time. */
interface Tail {
  readonly values: readonly Expression[];
  readonly accesses: readonly Access[];
  readonly uses: ReadonlyMap<Expression, number>;
  readonly lanes: Lanes;
}

function fromRegisters(tile: Tile, tail: Tail, sums: readonly Local[], vectors: number, columns: number): void {
  const { f, lanes } = tile;
  const offsets = offsetsOf(tile, tail, {});
  for (const [s, sum] of sums.entries()) {
    const column = (s % vectors) * lanes;
    const place = { below: Math.floor(s / vectors), column, active: Math.min(lanes, columns - column) };
    store(tile, tail, place, offsets, () => f.get(sum));
  }
  f.release(...offsets.values());
}

/** Long bodies are written once, or twice where the last vector is a part of one, and looped over. */
function fromMemory(tile: Tile, tail: Tail, sums: readonly Local[], vectors: number, columns: number): void {
  const { f, bytes, workspace } = tile;
  const { lanes } = tail;
  for (const [s, sum] of sums.entries()) {
    f.i32(0);
    f.get(sum);
    f.memory("v128.store", workspace.tile + s * 16);
  }
  const [row, along] = [f.local("i32"), f.local("i32")];
  const vector = (walked: Walked, column: number, active: number) => {
    const offsets = offsetsOf(tile, tail, walked);
    store(tile, tail, { ...walked, below: 0, column, active }, offsets, () => {
      pushTimes(f, row, vectors * 16);
      if (walked.along !== undefined) {
        pushTimes(f, walked.along, bytes);
        f.op("i32.add");
      }
      // A float32 product in an epilogue of two lanes takes the low half.
      f.memory(lanes * bytes === 8 ? "v128.load64_zero" : "v128.load", workspace.tile + column * bytes);
    });
    f.release(...offsets.values());
  };
  const rest = columns % lanes;
  f.repeat(sums.length / vectors, row, 1, () => {
    f.repeat(Math.floor(columns / lanes), along, lanes, () => vector({ row, along }, 0, lanes));
    if (rest > 0) vector({ row }, columns - rest, rest);
  });
  f.release(row, along);
}

/** The tile's row and column, counted from its first, where loops walk them. */
interface Walked {
  readonly row?: Local;
  readonly along?: Local;
}

/** One vector of the tile. */
interface Place extends Walked {
  /** Rows below that one, and columns beyond: its first; and how many are real. */
  readonly below: number;
  readonly column: number;
  readonly active: number;
}

/** Computes and stores one vector of every value. */
function store(
  tile: Tile,
  { values, accesses, uses, lanes }: Tail,
  place: Place,
  offsets: ReadonlyMap<string, Local>,
  accumulator: () => void,
): void {
  const { f } = tile;
  const around: Surroundings = {
    lanes,
    active: place.active,
    addressOf: tile.addressOf,
    pushAddress: (access) => {
      const local = offsets.get(offsetKey(tile, access));
      if (local === undefined) f.i32(0);
      else f.get(local);
      const [rowStride, columnStride] = access.strides as [number, number];
      const ahead = access.offset + place.below * rowStride + place.column * columnStride;
      return tile.addressOf(access.buffer) + ahead * elementBytes(access.buffer.dtype);
    },
    pushIndex: (offset, strides) => {
      const [rowStride, columnStride] = strides as [number, number];
      pushMoved(f, tile.i, place.row);
      f.i32(place.below);
      f.op("i32.add");
      f.i32(rowStride);
      f.op("i32.mul");
      pushMoved(f, tile.j, place.along);
      f.i32(place.column);
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
    accumulator,
  };
  const writer = new VectorWriter(f, around, uses);
  const locals = values.map((value) => writer.hold(value));
  for (const [s, access] of accesses.entries()) storeLanes(f, around, access, locals[s] as Local, place.active);
  writer.release();
}

/** Byte offset of the tile's first element, or the one that is walked, for every pair of strides in use, of every window. */
function offsetsOf(tile: Tile, { values, accesses }: Tail, { row, along }: Walked): Map<string, Local> {
  const { f } = tile;
  const found = new Map<string, Local>();
  const seen = new Set<Expression>();
  const add = (access: Access): void => {
    const key = offsetKey(tile, access);
    const [rowStride, columnStride] = access.strides as [number, number];
    const moves = tile.windows?.offsetOf(access.buffer) !== undefined;
    if (found.has(key) || (rowStride === 0 && columnStride === 0 && !moves)) return;
    const bytes = elementBytes(access.buffer.dtype);
    const local = f.local("i32");
    pushMoved(f, tile.i, row);
    f.i32(rowStride * bytes);
    f.op("i32.mul");
    pushMoved(f, tile.j, along);
    f.i32(columnStride * bytes);
    f.op("i32.mul");
    f.op("i32.add");
    tile.windows?.add(access.buffer);
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

/** Pushes the tile's first row or column, or one that a loop has come to. */
function pushMoved(f: FunctionWriter, first: Local, by: Local | undefined): void {
  f.get(first);
  if (by === undefined) return;
  f.get(by);
  f.op("i32.add");
}

/** The same for accesses that are equally far from their buffers. */
function offsetKey({ windows }: Tile, { buffer, strides }: Access): string {
  const bytes = elementBytes(buffer.dtype);
  return `${strides.map((stride) => stride * bytes).join()}@${windows?.offsetOf(buffer)?.index ?? ""}`;
}

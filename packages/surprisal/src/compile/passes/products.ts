/**
 * products: matrix products of a block of rows in pieces, so that a matrix that does not fit
 * a cache is not walked more often than once. Chains over k go on from piece to piece, so the bits are those of the whole.
 */
import type { FloatDType } from "../../base/dtype.ts";
import type { Access, ContractionKernel, Counter, Expression, Kernel, KernelBuffer, Store } from "../kernel.ts";
import type { TargetProperties } from "../target.ts";
import { mapStores } from "./remap.ts";
import { tile } from "./tile.ts";
import type { Product } from "./turn.ts";

/** Elements of an operand that stay near while they are used. */
const nearElements = 2 ** 18;
/** Rows, columns and inner steps from which pieces pay. */
const shortest = 64;

type Make = (dtype: FloatDType, elements: number) => KernelBuffer;

/** Whether a store needs to know which element of the whole it is at. */
function hasIndex(stores: readonly Store[]): boolean {
  const found = (e: Expression): boolean => e.kind === "index" || (e.kind === "op" && e.args.some(found));
  return stores.some(({ value }) => found(value));
}

/** A part of a buffer that moves with a loop; the buffer itself where nothing does. */
export function moved(buffer: KernelBuffer, start: number, step: number, counter?: Counter): KernelBuffer {
  if (start === 0 && (counter === undefined || step === 0)) return buffer;
  const place = { kind: "window" as const, of: buffer, start, step, ...(counter && { counter }) };
  return { ...buffer, place };
}

/** Rounds of `length`, with what is left at the end on its own. */
function pieces(total: number, length: number): { readonly rounds: number; readonly rest: number } {
  const rounds = Math.floor(total / length);
  return { rounds, rest: total - rounds * length };
}

function loop(kernel: Kernel, counter: Counter): Kernel[] {
  if (counter.rounds === 0) return [];
  return [{ family: "loop", name: kernel.name, ops: kernel.ops, counter, body: [kernel] }];
}

export function inPieces(product: Product, target: TargetProperties, make: Make): Kernel[] {
  const { m, n, k, dtype, stores } = product;
  const sized: Sized = (part) => tile(part, target, (elements) => make(dtype, elements));
  if (hasIndex(stores)) return [sized(product)];
  if (k >= Math.max(m, n)) return alongInner(product, sized, make);
  return m >= n ? alongRows(product, sized) : alongColumns(product, sized);
}

type Sized = (part: Product) => ContractionKernel;

const lengthFor = (other: number): number =>
  Math.max(shortest, Math.min(512, Math.floor(nearElements / other / 8) * 8));

/** Rows in pieces: the left operand and the result move. */
function alongRows(kernel: Product, sized: Sized): Kernel[] {
  return outward(kernel, sized, kernel.m, lengthFor(Math.max(kernel.n, kernel.k)), "m", (part, shift) => ({
    ...part,
    a: { ...part.a, buffer: shift(part.a.buffer, part.a.rowStride) },
    ...shiftedStores(part, shift, 0),
  }));
}

/** Columns in pieces: the right operand and the result move. */
function alongColumns(kernel: Product, sized: Sized): Kernel[] {
  return outward(kernel, sized, kernel.n, lengthFor(Math.min(kernel.k, 512)), "n", (part, shift) => ({
    ...part,
    b: { ...part.b, buffer: shift(part.b.buffer, part.b.columnStride) },
    ...shiftedStores(part, shift, 1),
  }));
}

type Shift = (buffer: KernelBuffer, stride: number) => KernelBuffer;

function shiftedStores(part: Product, shift: Shift, axis: 0 | 1) {
  const move = (x: Access): Access => ({ ...x, buffer: shift(x.buffer, x.strides[axis] as number) });
  return {
    stores: mapStores(part.stores, move),
    ...(part.accumulate && { accumulate: move(part.accumulate) }),
  };
}

function outward(
  kernel: Product,
  sized: Sized,
  total: number,
  length: number,
  axis: "m" | "n",
  part: (kernel: Product, shift: Shift) => Product,
): Kernel[] {
  const { rounds, rest } = pieces(total, length);
  if (rounds === 0 || (rounds === 1 && rest === 0)) return [sized(kernel)];
  const counter: Counter = { rounds };
  const move: Shift = (buffer, stride) => moved(buffer, 0, length * stride, counter);
  const looped = loop(sized({ ...part(kernel, move), [axis]: length }), counter);
  if (rest === 0) return looped;
  const last: Shift = (buffer, stride) => moved(buffer, rounds * length * stride, 0);
  return [...looped, sized({ ...part(kernel, last), [axis]: rest })];
}

/** The inner length in pieces: both operands move, and chains go on in memory; the last piece has the epilogue. */
function alongInner(kernel: Product, sized: Sized, make: Make): Kernel[] {
  const { m, n, k, dtype } = kernel;
  const length = lengthFor(Math.max(m, n));
  if (k <= length) return [sized(kernel)];
  const sums = make(dtype, m * n);
  const chains: Access = { buffer: sums, offset: 0, strides: [n, 1] };
  const open: Store[] = [{ access: chains, value: { kind: "accumulator", dtype } }];
  const piece = (size: number, start: number, counter?: Counter): Product => {
    const shift: Shift = (buffer, stride) => moved(buffer, start * stride, size * stride, counter);
    return {
      ...kernel,
      k: size,
      a: { ...kernel.a, buffer: shift(kernel.a.buffer, kernel.a.columnStride) },
      b: { ...kernel.b, buffer: shift(kernel.b.buffer, kernel.b.rowStride) },
    };
  };
  // The last piece is a whole one or what is left.
  const rounds = Math.ceil(k / length) - 2;
  const counter: Counter = { rounds };
  const done = (rounds + 1) * length;
  return [
    sized({ ...piece(length, 0), stores: open }),
    ...loop(sized({ ...piece(length, length, counter), stores: open, accumulate: chains }), counter),
    sized({ ...piece(k - done, done), accumulate: chains }),
  ];
}

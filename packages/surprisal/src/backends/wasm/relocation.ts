/**
 * Code whose addresses are settled after it was emitted. While a program is emitted, the start of a region may be a symbol: a number
 * beyond every address, which says which region is meant. Emitters add offsets to it as to any address; where the assembler
 * meets such a sum it leaves room of a fixed width and notes the place. `link` writes the addresses in.
 */
import type { Bytes } from "./bytes.ts";

/** Symbols are this far apart, so that a sum with any offset, forwards or back, still tells which one it began with. */
const span = 2 ** 34;

/** Stands for the start of region `index` until the code is linked. */
export const symbol = (index: number): number => (index + 1) * span;

/** Whether a number is a symbol and an offset, rather than a number. */
export const isSymbolic = (value: number): boolean => value >= span / 2;

/** A place in the code where an address belongs. */
export interface Relocation {
  /** First of the five bytes. */
  readonly at: number;
  /** The symbol and the offset from it. */
  readonly symbolic: number;
  /** A constant is written signed, an offset of a load or store unsigned. */
  readonly signed: boolean;
}

/** A module that can be linked anywhere, any number of times. Relocations lie apart by field, for they are many. */
export interface RelocatableModule {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly at: Int32Array;
  readonly symbolic: Float64Array;
  readonly signed: Uint8Array;
}

export function relocatable(bytes: Uint8Array<ArrayBuffer>, relocations: readonly Relocation[]): RelocatableModule {
  return {
    bytes,
    at: Int32Array.from(relocations, (r) => r.at),
    symbolic: Float64Array.from(relocations, (r) => r.symbolic),
    signed: Uint8Array.from(relocations, (r) => Number(r.signed)),
  };
}

/** Leaves room for an address: five bytes hold any 32 bits. */
export function reserve(out: Bytes): void {
  out.push(0x80, 0x80, 0x80, 0x80);
  out.push(0x00);
}

/**
 * The module with every address in its place.
 * @param starts address of each region, by the index of its symbol.
 */
export function link(module: RelocatableModule, starts: readonly number[]): Uint8Array<ArrayBuffer> {
  const bytes = module.bytes.slice();
  for (let r = 0; r < module.at.length; r++) {
    const symbolic = module.symbolic[r] as number;
    const region = Math.round(symbolic / span) - 1;
    const address = (starts[region] ?? Number.NaN) + (symbolic - symbol(region));
    if (!(address >= 0 && address < 2 ** 32)) throw new Error(`region ${region} was linked at ${starts[region]}`);
    write(bytes, module.at[r] as number, address, module.signed[r] === 1);
  }
  return bytes;
}

function write(bytes: Uint8Array, at: number, address: number, signed: boolean): void {
  bytes[at] = (address & 0x7f) | 0x80;
  bytes[at + 1] = ((address >>> 7) & 0x7f) | 0x80;
  bytes[at + 2] = ((address >>> 14) & 0x7f) | 0x80;
  bytes[at + 3] = ((address >>> 21) & 0x7f) | 0x80;
  // The last four bits; the rest of the byte repeats the sign where there is one.
  bytes[at + 4] = signed ? ((address | 0) >> 28) & 0x7f : address >>> 28;
}

/**
 * Bounded integers as NumPy's legacy generator draws them: words are cut to the smallest mask that covers the range and
 * drawn again while they exceed it. A range of one value draws nothing; narrow dtypes share one word between draws;
 * above 32 bits the first word is the high half.
 */
import type { Mt19937 } from "./mt19937.ts";

/** Integer dtypes of `randint`, with the bits that a draw takes from a word and the values they hold. */
export const integerDTypes = {
  bool: { bits: 1, low: 0n, high: 2n },
  int8: { bits: 8, low: -128n, high: 128n },
  uint8: { bits: 8, low: 0n, high: 256n },
  int16: { bits: 16, low: -32768n, high: 32768n },
  uint16: { bits: 16, low: 0n, high: 65536n },
  int32: { bits: 32, low: -(2n ** 31n), high: 2n ** 31n },
  uint32: { bits: 32, low: 0n, high: 2n ** 32n },
  int64: { bits: 64, low: -(2n ** 63n), high: 2n ** 63n },
  uint64: { bits: 64, low: 0n, high: 2n ** 64n },
} as const;
export type IntegerDType = keyof typeof integerDTypes;

/** The smallest 2ᵏ−1 that is at least `max`, for max below 2³². */
function maskOf(max: number): number {
  return max === 0 ? 0 : 0xffffffff >>> Math.clz32(max);
}

/** A uniform integer in 0 … max, max below 2⁵³. */
export function interval(generator: Mt19937, max: number): number {
  if (max === 0) return 0;
  if (max <= 0xffffffff) {
    const mask = maskOf(max);
    let value: number;
    do value = (generator.word() & mask) >>> 0;
    while (value > max);
    return value;
  }
  const highMask = maskOf(Math.floor(max / 2 ** 32));
  let value: number;
  do {
    const high = (generator.word() & highMask) >>> 0;
    value = high * 2 ** 32 + generator.word();
  } while (value > max);
  return value;
}

/** `interval` for any range below 2⁶⁴. */
function intervalBig(generator: Mt19937, max: bigint): bigint {
  if (max <= BigInt(Number.MAX_SAFE_INTEGER)) return BigInt(interval(generator, Number(max)));
  const mask = (1n << BigInt(max.toString(2).length)) - 1n;
  let value: bigint;
  do {
    const high = BigInt(generator.word());
    value = ((high << 32n) | BigInt(generator.word())) & mask;
  } while (value > max);
  return value;
}

/** Draws of a dtype of at most 16 bits: what is left of the last word is dropped when the call ends. */
function* narrow(generator: Mt19937, max: number, bits: number): Generator<number> {
  const mask = maskOf(max);
  let word = 0;
  let left = 0;
  while (true) {
    if (left === 0) {
      word = generator.word();
      left = 32 / bits;
    } else {
      word >>>= bits;
    }
    left--;
    const value = (word & mask) >>> 0;
    if (value <= max) yield value;
  }
}

/** `count` uniform integers in [low, high). The caller has checked that the range is not empty and fits the dtype. */
export function boundedIntegers(
  generator: Mt19937,
  low: bigint,
  high: bigint,
  count: number,
  dtype: IntegerDType,
): bigint[] {
  const max = high - low - 1n;
  const bits = integerDTypes[dtype].bits;
  if (bits < 32 && max > 0n) {
    const draws = narrow(generator, Number(max), bits);
    return Array.from({ length: count }, () => low + BigInt(draws.next().value));
  }
  return Array.from({ length: count }, () => low + intervalBig(generator, max));
}

/** What the generators share: putting rows and columns of a row-major matrix in another order. */
import type { RandomState } from "../../base/random/randomState.ts";

/** 0 … n−1. */
export function range(n: number): Int32Array {
  return Int32Array.from({ length: n }, (_, i) => i);
}

/** The rows of a row-major matrix with `width` columns, in the given order. */
export function takeRows<T extends Float64Array | Int32Array>(data: T, width: number, order: ArrayLike<number>): T {
  const out = new (data.constructor as new (n: number) => T)(order.length * width);
  for (let i = 0; i < order.length; i++) {
    const from = (order[i] as number) * width;
    for (let j = 0; j < width; j++) out[i * width + j] = data[from + j] as number;
  }
  return out;
}

/** The columns of a row-major matrix with `width` columns, in the given order. */
export function takeColumns(data: Float64Array, width: number, order: ArrayLike<number>): Float64Array {
  const rows = data.length / width;
  const out = new Float64Array(rows * order.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < order.length; j++) out[i * order.length + j] = data[i * width + (order[j] as number)] as number;
  }
  return out;
}

/** A random order of n rows, as `shuffle` draws it. */
export function shuffledOrder(n: number, random: RandomState): Int32Array {
  return random.permutation(n);
}

/** Adds noise·(a standard normal) to every entry, in order. */
export function addNoise(data: Float64Array, noise: number, random: RandomState): void {
  for (let i = 0; i < data.length; i++) data[i] = (data[i] as number) + noise * random.gauss();
}

/** count values from start to stop, the last one included or not. */
export function linspace(start: number, stop: number, count: number, endpoint = true): Float64Array {
  const steps = endpoint ? count - 1 : count;
  const step = steps > 0 ? (stop - start) / steps : 0;
  const values = Float64Array.from({ length: count }, (_, i) => i * step + start);
  if (endpoint && count > 1) values[count - 1] = stop;
  return values;
}

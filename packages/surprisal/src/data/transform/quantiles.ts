/** Quantiles of a column, by the definitions of Hyndman and Fan, "Sample quantiles in statistical packages" (1996). */
import { insertBefore } from "../../base/random/choice.ts";

/** Ascending, without NaN. */
export function sorted(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(values)
    .filter((x) => !Number.isNaN(x))
    .sort();
}

/** Between the two neighbours, from whichever is nearer (so that equal ends give exactly that end). */
function between(a: number, b: number, t: number): number {
  return t < 0.5 ? a + (b - a) * t : b - (b - a) * (1 - t);
}

/** Definition 7: linear interpolation. `q` in 0 … 1; NaN for no values. */
export function quantile(ascending: Float64Array, q: number): number {
  return atPosition(ascending, q * (ascending.length - 1), (t) => t);
}

/** Definition 2: the inverse of the distribution function, with the mean of both ends where it jumps. */
export function averagedQuantile(ascending: Float64Array, q: number): number {
  return atPosition(ascending, ascending.length * q - 1, (t) => (t === 0 ? 0.5 : 1));
}

function atPosition(ascending: Float64Array, position: number, gamma: (fraction: number) => number): number {
  const last = ascending.length - 1;
  if (last < 0) return Number.NaN;
  if (position < 0) return ascending[0] as number;
  if (position >= last) return ascending[last] as number;
  const below = Math.floor(position);
  return between(ascending[below] as number, ascending[below + 1] as number, gamma(position - below));
}

/** Definition 2 for weighted values: the least value at which the running weight reaches q of the total. */
export function weightedQuantiles(
  values: Float64Array,
  weights: Float64Array,
  qs: ArrayLike<number>,
  average: boolean,
): Float64Array {
  const order = Array.from(values.keys()).sort((a, b) => (values[a] as number) - (values[b] as number));
  const ascending = Float64Array.from(order, (i) => values[i] as number);
  let total = 0;
  const running = Float64Array.from(order, (i) => (total += weights[i] as number));
  const last = ascending.length - 1;
  return Float64Array.from(qs, (q) => {
    // The least share above 0 passes over leading rows of weight 0.
    const share = q * total || Number.MIN_VALUE;
    const at = Math.min(insertBefore(running, share), last);
    const value = ascending[at] as number;
    if (!average || (running[at] as number) - share > Number.EPSILON) return value;
    let next = Math.min(at + 1, last);
    while (next < last && (running[next] as number) - (running[at] as number) <= Number.EPSILON) next++;
    return (value + (ascending[next] as number)) / 2;
  });
}

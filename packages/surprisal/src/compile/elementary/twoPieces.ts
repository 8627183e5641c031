/**
 * Sums and products with their rounding error: the exact result as high + low (Dekker, "A floating-point technique for
 * extending the available precision", 1971). Without fused multiply-add; overflow and underflow are the caller's care.
 */
import type { Scalars } from "../scalars.ts";

export interface TwoPieces<V> {
  high: V;
  low: V;
}

/** a + b for |a| ≥ |b| or a = 0. */
export function fastTwoSum<V>(s: Scalars<V>, a: V, b: V): TwoPieces<V> {
  const high = s.add(a, b);
  return { high, low: s.sub(b, s.sub(high, a)) };
}

/** a·b for |a|, |b| below 2^(emax − 28). */
export function twoProduct<V>(s: Scalars<V>, a: V, b: V): TwoPieces<V> {
  const x = split(s, a);
  const y = a === b ? x : split(s, b);
  const high = s.mul(a, b);
  const first = s.sub(s.mul(x.high, y.high), high);
  const crossed = s.add(s.add(first, s.mul(x.high, y.low)), s.mul(x.low, y.high));
  return { high, low: s.add(crossed, s.mul(x.low, y.low)) };
}

/** a as two numbers of half its bits (Veltkamp). */
function split<V>(s: Scalars<V>, a: V): TwoPieces<V> {
  const spread = s.mul(a, s.constant(s.precision === "float32" ? 2 ** 12 + 1 : 2 ** 27 + 1));
  const high = s.sub(spread, s.sub(spread, a));
  return { high, low: s.sub(a, high) };
}

/**
 * The natural logarithm from additions, multiplications and divisions only, so that its bits are the same in every engine
 * (`Math.log` may differ between them in the last place).
 *
 * x = 2ᵏ m with m in [√½, √2), log m = 2 artanh(s) with s = (m−1)/(m+1), and its series in s (|s| < 0.1716). s is kept as a
 * sum of two doubles, so the result is within 0.6 units in the last place for every positive x, subnormal ones included.
 */

/** ln 2 in two parts; the first has 32 bits, so that its products with exponents are exact. */
const ln2High = 0.6931471803691238;
const ln2Low = 1.9082149292705877e-10;
const halfRoot = Math.SQRT1_2;
/** Veltkamp's constant: splits a double into halves whose products are exact (Dekker 1971). */
const splitter = 134217729;

const bits = new DataView(new ArrayBuffer(8));

function split(x: number): [number, number] {
  const scaled = splitter * x;
  const high = scaled - (scaled - x);
  return [high, x - high];
}

/** log x; −∞ at 0, NaN below. */
export function naturalLog(x: number): number {
  if (!(x > 0) || x === Infinity) return x === 0 ? -Infinity : x > 0 ? x : Number.NaN;
  const subnormal = x < 2 ** -1022;
  bits.setFloat64(0, subnormal ? x * 2 ** 54 : x);
  const word = bits.getUint32(0);
  let exponent = (word >>> 20) - 1022 - (subnormal ? 54 : 0);
  bits.setUint32(0, (word & 0x000fffff) | 0x3fe00000);
  let mantissa = bits.getFloat64(0);
  if (mantissa < halfRoot) {
    mantissa *= 2;
    exponent -= 1;
  }

  const f = mantissa - 1;
  const d = 2 + f;
  const dLow = f - (d - 2);
  const s = f / d;
  const [sHigh, sRest] = split(s);
  const [dHigh, dRest] = split(d);
  const product = s * d;
  const productLow = sHigh * dHigh - product + sHigh * dRest + sRest * dHigh + sRest * dRest;
  const sLow = (f - product - productLow - s * dLow) / d;

  const z = s * s;
  let series = 0;
  for (let n = 25; n >= 3; n -= 2) series = 1 / n + z * series;
  const small = 2 * (sLow + s * z * series) + exponent * ln2Low;

  // exponent · ln2High is exact and dominates 2 s unless the exponent is 0, so this sum's error is exact too.
  const large = exponent * ln2High;
  const total = large + 2 * s;
  const lost = 2 * s - (total - large);
  return total + (lost + small);
}

/** a · b + c rounded once, by whole numbers of any size; for numbers far from the ends of the type. */
import type { FloatDType } from "../../../src/base/dtype.ts";

const digits: Record<FloatDType, number> = { float32: 24, float64: 53 };
const bits = new DataView(new ArrayBuffer(8));

/** A number as whole · 2^exponent. */
function parts(x: number): { whole: bigint; exponent: number } {
  bits.setFloat64(0, x);
  const word = bits.getBigUint64(0);
  const biased = Number((word >> 52n) & 0x7ffn);
  const fraction = word & 0xfffffffffffffn;
  const whole = biased === 0 ? fraction : fraction | 0x10000000000000n;
  return { whole: x < 0 ? -whole : whole, exponent: Math.max(biased, 1) - 1075 };
}

export function exactFma(a: number, b: number, c: number, dtype: FloatDType): number {
  const [x, y, z] = [parts(a), parts(b), parts(c)];
  const exponent = Math.min(x.exponent + y.exponent, z.exponent);
  const shifted = (whole: bigint, from: number) => whole << BigInt(from - exponent);
  const sum = shifted(x.whole * y.whole, x.exponent + y.exponent) + shifted(z.whole, z.exponent);
  const size = sum < 0n ? -sum : sum;
  const over = Math.max(0, size.toString(2).length - digits[dtype]);
  const half = over === 0 ? 0n : 1n << BigInt(over - 1);
  const kept = size >> BigInt(over);
  const rest = size - (kept << BigInt(over));
  const rounded = rest > half || (over > 0 && rest === half && (kept & 1n) === 1n) ? kept + 1n : kept;
  // In two steps, either of which is exact.
  const scale = exponent + over;
  const magnitude = Number(rounded) * 2 ** Math.trunc(scale / 2) * 2 ** (scale - Math.trunc(scale / 2));
  return sum < 0n ? -magnitude : magnitude;
}

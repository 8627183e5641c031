/**
 * The primitive operations over JavaScript numbers: what every rendering must agree with, bit for bit. A float32 value is
 * held as the float64 that equals it and rounded after each operation, which gives the float32 result exactly for
 * + − × ÷ √ (Figueroa 1995: 53 ≥ 2·24 + 2). Masks are 1 and 0.
 */
import type { FloatDType } from "../../base/dtype.ts";
import type { Scalars } from "../scalars.ts";

/** Exponents, significands and sign bits of one precision, by views on one element. */
interface Bits {
  round(x: number): number;
  copySign(magnitude: number, sign: number): number;
  pow2(n: number): number;
  exponent(x: number): number;
  significand(x: number): number;
}

function float32Bits(): Bits {
  const value = new Float32Array(1);
  const word = new Uint32Array(value.buffer);
  const read = (x: number): number => {
    value[0] = x;
    return word[0] as number;
  };
  const write = (bits: number): number => {
    word[0] = bits;
    return value[0] as number;
  };
  return {
    round: Math.fround,
    copySign: (magnitude, sign) => write((read(magnitude) & 0x7fffffff) | (read(sign) & 0x80000000)),
    pow2: (n) => write((n + 127) << 23),
    exponent: (x) => ((read(x) >>> 23) & 0xff) - 127,
    significand: (x) => write((read(x) & 0x7fffff) | 0x3f800000),
  };
}

function float64Bits(): Bits {
  const value = new Float64Array(1);
  const words = new Uint32Array(value.buffer);
  // The word that holds sign and exponent: the second on little-endian machines.
  value[0] = 1;
  const high = words[1] === 0x3ff00000 ? 1 : 0;
  const low = 1 - high;
  const readHigh = (x: number): number => {
    value[0] = x;
    return words[high] as number;
  };
  const writeHigh = (bits: number): number => {
    words[high] = bits;
    return value[0] as number;
  };
  return {
    round: (x) => x,
    copySign(magnitude, sign) {
      const bit = readHigh(sign) & 0x80000000;
      return writeHigh((readHigh(magnitude) & 0x7fffffff) | bit);
    },
    pow2(n) {
      words[low] = 0;
      return writeHigh((n + 1023) << 20);
    },
    exponent: (x) => ((readHigh(x) >>> 20) & 0x7ff) - 1023,
    significand: (x) => writeHigh((readHigh(x) & 0xfffff) | 0x3ff00000),
  };
}

/** Ties to even; keeps the sign of zero. Beyond 2⁵² every number is an integer. */
function nearest(x: number): number {
  const big = 2 ** 52;
  const a = Math.abs(x);
  if (!(a < big)) return x;
  const rounded = a + big - big;
  return x < 0 || Object.is(x, -0) ? -rounded : rounded;
}

/** The operations of one precision. Operands must be values of that precision. */
export function numberScalars(precision: FloatDType): Scalars<number> {
  const { round, copySign, pow2, exponent, significand } = precision === "float32" ? float32Bits() : float64Bits();
  return {
    precision,
    constant: (x) => round(x),
    add: (a, b) => round(a + b),
    sub: (a, b) => round(a - b),
    mul: (a, b) => round(a * b),
    div: (a, b) => round(a / b),
    sqrt: (a) => round(Math.sqrt(a)),
    neg: (a) => -a,
    abs: Math.abs,
    floor: Math.floor,
    nearest,
    // biome-ignore lint/complexity/useMathMinMax: another choice at NaN and at zeros of two signs
    min: (a, b) => (b < a ? b : a),
    // biome-ignore lint/complexity/useMathMinMax: as above
    max: (a, b) => (a < b ? b : a),
    copySign,
    equal: (a, b) => (a === b ? 1 : 0),
    less: (a, b) => (a < b ? 1 : 0),
    lessEqual: (a, b) => (a <= b ? 1 : 0),
    and: (a, b) => a & b,
    or: (a, b) => a | b,
    not: (a) => 1 - a,
    select: (mask, a, b) => (mask ? a : b),
    pow2,
    exponent,
    significand,
  };
}

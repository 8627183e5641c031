/** Points spread over a precision's numbers, and the error of a function at them in units in the last place. */
import type { FloatDType } from "../../../src/base/dtype.ts";
import { elementary } from "../../../src/compile/elementary/index.ts";
import { numberScalars } from "../../../src/compile/elementary/numbers.ts";
import { type Exact, type Limits, type Truth, truths } from "./truth.ts";

export interface Format {
  bits: number;
  minExponent: number;
  maxExponent: number;
  limits: Limits;
  round(x: number): number;
}

export const formats: Record<FloatDType, Format> = {
  float32: {
    bits: 24,
    minExponent: -126,
    maxExponent: 127,
    limits: { under: -104, over: 89, max: 3.4e38, tiny: 2 ** -149 },
    round: Math.fround,
  },
  float64: {
    bits: 53,
    minExponent: -1022,
    maxExponent: 1023,
    limits: { under: -745.5, over: 710, max: 1.79e308, tiny: 2 ** -1074 },
    round: (x) => x,
  },
};

/** A multiplicative congruential stream (Lehmer, 48271 modulo 2³¹ − 1): numbers in (0, 1). */
export function stream(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

/**
 * At least `count` points: two fifths over every exponent of the signs that the domain has (subnormals as often as 24 normal exponents), in
 * equal strata of the significand; the rest in equal strata of the function's own ranges.
 */
export function* points(format: Format, truth: Pick<Truth, "ranges" | "signs">, count: number): Generator<number> {
  const { minExponent, maxExponent, round, limits } = format;
  const signs = truth.signs ?? [1, -1];
  const random = stream(20240229);
  const exponents = maxExponent - minExponent + 1 + 24;
  const each = Math.ceil((count * 0.4) / (signs.length * exponents));
  for (let e = minExponent - 24; e <= maxExponent; e++) {
    for (let i = 0; i < each; i++) {
      const fraction = (i + random()) / each;
      const x = e < minExponent ? fraction * 2 ** minExponent * 2 ** (e - minExponent + 1) : (1 + fraction) * 2 ** e;
      const point = round(Math.min(x, limits.max));
      for (const sign of signs) yield sign * point;
    }
  }
  const ranges = truth.ranges(limits);
  const share = Math.ceil((count * 0.6) / ranges.length);
  for (const [from, to] of ranges) {
    for (let i = 0; i < share; i++) {
      const u = (i + random()) / share;
      yield round(from * (1 - u) + to * u);
    }
  }
}

/** 2ⁿ for any n in two factors. */
const times2 = (x: number, n: number): number => x * 2 ** Math.trunc(n / 2) * 2 ** (n - Math.trunc(n / 2));

/** The spacing of the numbers of a format at `x`, as a power of two. */
function lastPlace({ bits, minExponent }: Format, x: number, n: number): number {
  let e = Math.floor(Math.log2(Math.abs(x)));
  if (2 ** e > Math.abs(x)) e--;
  return Math.max(e + n, minExponent) - bits + 1;
}

/** |got − truth| in ulp of the truth; 0 for the same infinity or NaN, infinite for a special value or sign that is wrong. */
export function ulpError(format: Format, got: number, { value, n }: Exact): number {
  const [high, low] = value;
  if (Number.isNaN(high) || high === 0 || !Number.isFinite(high)) return Object.is(got, high) ? 0 : Infinity;
  const ulp = lastPlace(format, high, n);
  // The value just halfway to what would be the next power of two rounds to infinity.
  const size = Math.log2(Math.abs(high)) + n;
  const { maxExponent, bits } = format;
  if (!Number.isFinite(got)) {
    const rounds = size >= maxExponent + 1 - 2 ** -bits;
    return rounds && got === Math.sign(high) * Infinity ? 0 : Infinity;
  }
  if (Math.sign(got) * high < 0 || Object.is(got, high > 0 ? -0 : 0)) return Infinity;
  return Math.abs(times2(got, -n) - high - low) / 2 ** (ulp - n);
}

/** How many points a function is measured at; SURPRISAL_SOAK=1 makes it five times as many. */
export const pointCount = process.env.SURPRISAL_SOAK === "1" ? 5_000_000 : 1_000_000;

export interface Measured {
  name: string;
  precision: FloatDType;
  count: number;
  /** Points whose true value is a finite number. */
  finite: number;
  worst: number;
  at: readonly number[];
}

/** The primitives, one object a precision, so that the functions are optimised once for it. */
export const scalars = { float32: numberScalars("float32"), float64: numberScalars("float64") };

/** The worst error of a function over `count` points. */
export function measure(name: string, precision: FloatDType, count: number): Measured {
  const truth = truths[name] as Truth;
  const format = formats[precision];
  const s = scalars[precision];
  const f = elementary[name as keyof typeof elementary];
  const random = stream(7);
  const result: Measured = { name, precision, count: 0, finite: 0, worst: 0, at: [] };
  for (const point of points(format, truth, count)) {
    const [a, b] = truth.operands?.(point, random(), format.limits) ?? [point, 0];
    const x = format.round(a);
    const y = format.round(b);
    const got = f(s, x, y);
    const near = truth.near(x, y);
    // Where float64 overflows, vanishes or is NaN its value says all; elsewhere double-double refines it.
    const settled = precision === "float32" || !Number.isFinite(near) || near === 0;
    const exact: Exact = settled ? { value: [near, 0], n: 0 } : truth.exact(x, y);
    const error = ulpError(format, got, exact);
    result.count++;
    if (Number.isFinite(near)) result.finite++;
    if (error > result.worst) {
      result.worst = error;
      result.at = [x, y];
    }
  }
  return result;
}

/** A hash (FNV-1a) of the results' bits over a spread of operands; any NaN counts as one. */
export function fingerprint(name: string, precision: FloatDType, count: number): string {
  const format = formats[precision];
  const s = scalars[precision];
  const f = elementary[name as keyof typeof elementary];
  const random = stream(11);
  const value = new Float64Array(1);
  const bytes = new Uint8Array(value.buffer);
  let hash = 0x811c9dc5;
  for (const x of points(format, fingerprintPoints, count)) {
    const got = f(s, x, format.round(random() * 8 - 4));
    value[0] = Number.isNaN(got) ? 0.123 : got;
    for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return hash.toString(16).padStart(8, "0");
}

/** Ranges where every function has digits to get wrong; no function of `Math` is used, so the points are the same anywhere. */
const fingerprintPoints: Pick<Truth, "ranges" | "signs"> = {
  ranges: () => [
    [-1.5, 1.5],
    [-8, 8],
    [-100, 100],
  ],
};

/** The measured errors, one function a line. */
export function table(results: readonly Measured[]): string {
  const lines = results.map(({ name, precision, count, worst, at }) => {
    const operands = at.slice(0, truths[name]?.operands ? 2 : 1).join(", ");
    return `${name.padEnd(11)} ${precision}  ${worst.toFixed(3)} ulp  ${count} points  worst at ${operands}`;
  });
  return lines.join("\n");
}

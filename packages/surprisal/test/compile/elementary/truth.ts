/**
 * What each elementary function is, twice: as a float64 number for judging float32 (`Math`, whose own error is below
 * 2⁻²⁸ float32 ulp) and as a double-double for judging float64; with the ranges where something happens.
 */

import type { Double } from "./doubleDouble.ts";
import * as dd from "./doubleDouble.ts";

/** value·2ⁿ, the power apart so that a subnormal result is known beyond its last bit. */
export interface Exact {
  value: Double;
  n: number;
}

export interface Truth {
  /** In float64. */
  near(x: number, y: number): number;
  /** In double-double, for operands inside the domain with a finite result. */
  exact(x: number, y: number): Exact;
  /** Where most points go, for each precision: x from, to. */
  ranges: (limits: Limits) => readonly (readonly [number, number])[];
  /** Signs of the points over all exponents; the other sign is outside the domain. */
  signs?: readonly number[];
  /** The two operands for a point, from a number in [0, 1). */
  operands?: (point: number, u: number, limits: Limits) => readonly [number, number];
  /** Worst error allowed, in ulp of the true value: a little above what five million points show. */
  bound: { float32: number; float64: number };
}

export interface Limits {
  /** exp x is 0 below, inf above. */
  under: number;
  over: number;
  max: number;
  tiny: number;
}

const plain = (value: Double): Exact => ({ value, n: 0 });
const one: Double = [1, 0];

/** eˣ for any x, its power of two apart. */
function expExact(x: Double): Exact {
  const { n, mantissa } = dd.expScaled(x);
  return { value: mantissa, n };
}

const negated = ({ value, n }: Exact): Exact => ({ value: dd.neg(value), n });

/** log(1 + eˣ) */
function softplusExact(x: number): Exact {
  if (x > 90) return plain([x, 0]);
  if (x < -90) return expExact([x, 0]);
  const log = dd.log1p(dd.exp([-Math.abs(x), 0]));
  return plain(x > 0 ? dd.add([x, 0], log) : log);
}

function erfExact(x: number): Exact {
  const a = Math.abs(x);
  const size = a < 2 ** -100 ? { value: dd.erfTiny(a * 2 ** 600), n: -600 } : plain(dd.erf(a));
  return x < 0 ? negated(size) : size;
}

function tanhExact(x: number): Exact {
  if (Math.abs(x) < 2 ** -200) return plain([x, 0]);
  const e = dd.expm1([-2 * Math.min(Math.abs(x), 60), 0]);
  const size = dd.div(dd.neg(e), dd.add([2, 0], e));
  return plain(x < 0 ? dd.neg(size) : size);
}

function atanExact(x: number): Exact {
  const size = dd.atan(Math.abs(x));
  return plain(x < 0 ? dd.neg(size) : size);
}

/** Σ 2ⁿ a^(2n+1)/(2n+1)!! in float64; 1 − erfc by the double-double's continued fraction beyond 3. */
function erfNear(x: number): number {
  const a = Math.abs(x);
  if (a > 3) return Math.sign(x) * dd.erf(a)[0];
  let total = 1;
  for (let n = Math.ceil(14 + 5.5 * a * a); n >= 1; n--) total = 1 + (2 * a * a * total) / (2 * n + 1);
  return ((x * 2) / Math.sqrt(Math.PI)) * total * Math.exp(-a * a);
}

const softplusNear = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** y with |y log x| up to where the power overflows or vanishes; whole where x is negative. */
function withExponent(x: number, u: number, { under, over }: Limits): readonly [number, number] {
  const log = Math.log(Math.abs(x));
  const y = log === 0 ? 100 * u - 50 : (under + u * (over - under)) / log;
  return [x, x < 0 ? Math.round(y) : y];
}

const withFactor = (y: number, u: number): readonly [number, number] => [
  (u - 0.5) * 2 ** (40 * ((u * 7919) % 1) - 20),
  y,
];

export const truths: Record<string, Truth> = {
  exp: {
    near: Math.exp,
    exact: (x) => expExact([x, 0]),
    ranges: ({ under, over }) => [
      [under, over],
      [-1, 1],
    ],
    bound: { float32: 1.05, float64: 1.05 },
  },
  expm1: {
    near: Math.expm1,
    exact: (x) => (x > 80 ? expExact([x, 0]) : plain(dd.expm1([Math.max(x, -80), 0]))),
    ranges: ({ over }) => [
      [-45, over],
      [-2, 2],
    ],
    bound: { float32: 1.4, float64: 1.5 },
  },
  log: {
    near: Math.log,
    exact: (x) => plain(dd.log([x, 0])),
    ranges: ({ max }) => [
      [0, 4],
      [0.7, 1.5],
      [0, max],
    ],
    signs: [1],
    bound: { float32: 1, float64: 1 },
  },
  log1p: {
    near: Math.log1p,
    exact: (x) => plain(x > 2 ** 200 ? dd.log([x, 0]) : dd.log1p([x, 0])),
    ranges: ({ max }) => [
      [-1, 3],
      [-0.3, 0.42],
      [-1, 1000],
      [0, max],
    ],
    bound: { float32: 1.6, float64: 1.5 },
  },
  log1mexp: {
    near: (x) => (x > -Math.LN2 ? Math.log(-Math.expm1(x)) : Math.log1p(-Math.exp(x))),
    exact(x) {
      if (x < -90) return negated(expExact([x, 0]));
      return plain(x > -0.7 ? dd.log(dd.neg(dd.expm1([x, 0]))) : dd.log1p(dd.neg(dd.exp([x, 0]))));
    },
    ranges: ({ under }) => [
      [under, 0],
      [-2, 0],
    ],
    signs: [-1],
    bound: { float32: 2.1, float64: 2 },
  },
  tanh: {
    near: Math.tanh,
    exact: tanhExact,
    ranges: () => [
      [-22, 22],
      [-2, 2],
    ],
    bound: { float32: 1.5, float64: 1.5 },
  },
  sigmoid: {
    near: (x) => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x))),
    exact(x) {
      if (x < -90) return expExact([x, 0]);
      const e = dd.exp([-Math.min(Math.abs(x), 90), 0]);
      return plain(dd.div(x < 0 ? e : one, dd.add(one, e)));
    },
    ranges: ({ under }) => [
      [under, 40],
      [-4, 4],
    ],
    bound: { float32: 2.5, float64: 2.5 },
  },
  logSigmoid: {
    near: (x) => -softplusNear(-x),
    exact: (x) => negated(softplusExact(-x)),
    ranges: ({ under }) => [
      [-40, -under],
      [-4, 4],
    ],
    bound: { float32: 2.2, float64: 1.9 },
  },
  softplus: {
    near: softplusNear,
    exact: softplusExact,
    ranges: ({ under }) => [
      [under, 40],
      [-4, 4],
    ],
    bound: { float32: 2.2, float64: 1.9 },
  },
  erf: {
    near: erfNear,
    exact: erfExact,
    ranges: () => [
      [-6.5, 6.5],
      [-1.2, 1.2],
    ],
    bound: { float32: 1.5, float64: 1.6 },
  },
  atan: {
    near: Math.atan,
    exact: atanExact,
    ranges: () => [
      [-1.2, 1.2],
      [-4, 4],
      [-40, 40],
    ],
    bound: { float32: 1, float64: 1 },
  },
  pow: {
    near: (x, y) => x ** y,
    exact(x, y) {
      const power = expExact(dd.mul(dd.log([Math.abs(x), 0]), [y, 0]));
      return x < 0 && Math.abs(y % 2) === 1 ? negated(power) : power;
    },
    ranges: ({ max }) => [
      [0, 4],
      [-4, 0],
      [0.7, 1.5],
      [0, max],
    ],
    operands: withExponent,
    bound: { float32: 1.2, float64: 2 },
  },
  xlogy: {
    near: (x, y) => (x === 0 ? 0 : x * Math.log(y)),
    exact: (x, y) => plain(dd.mul([x, 0], dd.log([y, 0]))),
    ranges: () => [
      [0, 4],
      [0.7, 1.5],
    ],
    signs: [1],
    operands: withFactor,
    bound: { float32: 2, float64: 2 },
  },
  xlog1py: {
    near: (x, y) => (x === 0 ? 0 : x * Math.log1p(y)),
    exact: (x, y) => plain(dd.mul([x, 0], dd.log1p([y, 0]))),
    ranges: () => [
      [-1, 3],
      [-0.3, 0.42],
    ],
    operands: withFactor,
    bound: { float32: 2.5, float64: 2.5 },
  },
};

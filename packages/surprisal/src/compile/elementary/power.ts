import type { FloatDType } from "../../base/dtype.ts";
import type { Scalars } from "../scalars.ts";
import { expSum } from "./exponential.ts";
import { log2 } from "./log2.ts";
import { normalise } from "./logarithm.ts";
import { horner } from "./polynomial.ts";
import { fastTwoSum, type TwoPieces, twoProduct } from "./twoPieces.ts";

interface Constants {
  /** ⅓ in two pieces. */
  third: number;
  thirdRest: number;
  /** Of (atanh z / z − 1 − z²/3) / z⁴ in z². */
  rest: readonly number[];
  /** Powers of larger |y| are what they are at this one: inf, 0, or 1 for x = 1. */
  most: number;
}

const constants: Record<FloatDType, Constants> = {
  float32: {
    third: Math.fround(1 / 3),
    thirdRest: 1 / 3 - Math.fround(1 / 3),
    rest: [0.20000076, 0.14273536, 0.117101856],
    most: 2 ** 33,
  },
  float64: {
    third: 1 / 3,
    // ⅓ − fl(⅓) = 2⁻⁵⁴ / 3
    thirdRest: 2 ** -54 / 3,
    rest: [
      0.20000000000001017, 0.14285714285094483, 0.11111111253018995, 0.09090892724783457, 0.07693356076196767,
      0.06628891511490388, 0.06594013930019171,
    ],
    most: 2 ** 65,
  },
};

/**
 * log a in two pieces for positive finite a, with about 10 bits more than one has: 2 atanh z with z = f/(2 + f) and the
 * first two terms of the series, z and z³/3, in pieces.
 */
function logInPieces<V>(s: Scalars<V>, a: V): TwoPieces<V> {
  const { third, thirdRest, rest } = constants[s.precision];
  const { k, f } = normalise(s, a);
  const two = s.constant(2);
  const below = fastTwoSum(s, two, f);
  const z = s.div(f, below.high);
  const back = twoProduct(s, z, below.high);
  const left = s.sub(s.sub(s.sub(f, back.high), back.low), s.mul(z, below.low));
  const zLow = s.div(left, below.high);

  const w = twoProduct(s, z, z);
  const wLow = s.add(w.low, s.mul(s.mul(two, z), zLow));
  const cubic = twoProduct(s, w.high, s.constant(third));
  const cubicLow = s.add(cubic.low, s.add(s.mul(w.high, s.constant(thirdRest)), s.mul(wLow, s.constant(third))));
  const curve = fastTwoSum(s, cubic.high, s.add(cubicLow, s.mul(s.mul(w.high, w.high), horner(s, w.high, rest))));
  const bend = twoProduct(s, z, curve.high);
  const bendLow = s.add(bend.low, s.add(s.mul(z, curve.low), s.mul(zLow, curve.high)));

  const { high, low } = log2[s.precision];
  const first = fastTwoSum(s, s.mul(k, s.constant(high)), s.mul(two, z));
  const second = fastTwoSum(s, first.high, s.mul(two, bend.high));
  const lows = s.add(s.mul(two, s.add(zLow, bendLow)), s.mul(k, s.constant(low)));
  return fastTwoSum(s, second.high, s.add(s.add(first.low, second.low), lows));
}

/** e^(y log a) */
function magnitude<V>(s: Scalars<V>, a: V, y: V): V {
  const most = s.constant(constants[s.precision].most);
  const within = s.max(s.min(y, most), s.neg(most));
  const logarithm = logInPieces(s, a);
  const product = twoProduct(s, within, logarithm.high);
  return expSum(s, product.high, s.add(product.low, s.mul(within, logarithm.low)));
}

/**
 * xʸ with the special values of IEEE 754-2019 §9.2.1 `pow` (x⁰ = 1ʸ = 1 even for NaN, (−1)^±∞ = 1), at most 4 ulp: y log |x|
 * is formed in two pieces.
 */
export function pow<V>(s: Scalars<V>, x: V, y: V): V {
  const zero = s.constant(0);
  const one = s.constant(1);
  const infinity = s.constant(Infinity);
  const a = s.abs(x);
  const noBase = s.equal(a, zero);
  const endless = s.equal(a, infinity);
  const whole = s.equal(s.floor(y), y);
  const half = s.mul(y, s.constant(0.5));
  const odd = s.and(whole, s.not(s.equal(s.floor(half), half)));

  const grows = s.or(s.and(noBase, s.less(y, zero)), s.and(endless, s.less(zero, y)));
  const extreme = s.select(grows, infinity, zero);
  const size = s.select(s.or(noBase, endless), extreme, magnitude(s, a, y));
  const signed = s.select(odd, s.copySign(size, x), size);

  const real = s.or(s.or(s.lessEqual(zero, x), whole), endless);
  const known = s.and(s.and(s.equal(x, x), s.equal(y, y)), real);
  const result = s.select(known, signed, s.constant(Number.NaN));
  return s.select(s.or(s.equal(y, zero), s.equal(x, one)), one, result);
}

/**
 * eˣ and eˣ − 1. The argument is reduced to r = x − n·log 2 with log 2 in two parts, the first short enough that n times
 * it is exact (Cody and Waite, "Software Manual for the Elementary Functions", 1980); e^r − 1 is r + r²·q(r) with a
 * minimax q, so that the rounding errors of q count for little. Coefficients: tools/elementary/derive.py.
 */
import type { FloatDType } from "../../base/dtype.ts";
import type { Scalars } from "../scalars.ts";
import { log2 } from "./log2.ts";
import { horner } from "./polynomial.ts";

interface Constants {
  /** Beyond these exp is inf and 0, and expm1 is −1. */
  over: number;
  under: number;
  minusOne: number;
  /** Below this |x|, expm1 x rounds to x. */
  tiny: number;
  /** 2ⁿ is applied in two factors, the first with |n| at most this. */
  part: number;
  /** q for |r| ≤ log 2 / 2, to the relative accuracy that eʳ needs, and that eʳ − 1 needs. */
  power: readonly number[];
  difference: readonly number[];
}

const constants: Record<FloatDType, Constants> = {
  float32: {
    over: 89,
    under: -104,
    minusOne: -20,
    tiny: 2 ** -30,
    part: 100,
    power: [0.49999994, 0.16666517, 0.041668102, 0.0083691925, 0.0013838903],
    difference: [0.5, 0.16666667, 0.04166624, 0.008333286, 0.0013948593, 0.00019907585],
  },
  float64: {
    over: 710,
    under: -746,
    minusOne: -40,
    tiny: 2 ** -60,
    part: 1000,
    power: [
      0.500000000000001, 0.16666666666666674, 0.041666666666522106, 0.008333333333322215, 0.0013888888947785523,
      0.00019841269886563802, 2.4801487366025675e-5, 2.755724236744966e-6, 2.763264067543039e-7, 2.5110038296727358e-8,
    ],
    difference: [
      0.5, 0.16666666666666677, 0.04166666666666651, 0.0083333333333217, 0.0013888888888962325, 0.00019841269885939453,
      2.480158717259329e-5, 2.755724440372478e-6, 2.755740262668501e-7, 2.5108967662558128e-8, 2.087532568518999e-9,
    ],
  },
};

/** n and r = x − n·log 2, |r| ≤ log 2 / 2, for x from `under` to `over`. */
function reduce<V>(s: Scalars<V>, x: V): { n: V; r: V } {
  const { high, low } = log2[s.precision];
  const n = s.nearest(s.mul(x, s.constant(Math.LOG2E)));
  return { n, r: s.sub(s.sub(x, s.mul(n, s.constant(high))), s.mul(n, s.constant(low))) };
}

/** r²q(r), which is eʳ − 1 − r. */
function curve<V>(s: Scalars<V>, r: V, q: readonly number[]): V {
  return s.mul(s.mul(r, r), horner(s, r, q));
}

/** eʳ */
function expReduced<V>(s: Scalars<V>, r: V): V {
  return s.add(s.constant(1), s.add(r, curve(s, r, constants[s.precision].power)));
}

/** x·2ⁿ in two factors, so that 2ⁿ may be infinite or subnormal where the result is: n from −1.15·emax to emax + 1. */
function scale<V>(s: Scalars<V>, x: V, n: V): V {
  const { part } = constants[s.precision];
  const first = s.max(s.min(n, s.constant(part)), s.constant(-part));
  return s.mul(s.mul(x, s.pow2(first)), s.pow2(s.sub(n, first)));
}

/** `scale` for n ≤ 0. */
export function scaleDown<V>(s: Scalars<V>, x: V, n: V): V {
  const first = s.max(n, s.constant(-constants[s.precision].part));
  return s.mul(s.mul(x, s.pow2(first)), s.pow2(s.sub(n, first)));
}

/** eˣ, subnormal results rounded once; at most 1 ulp. */
export function exp<V>(s: Scalars<V>, x: V): V {
  const { over, under } = constants[s.precision];
  const { n, r } = reduce(s, s.max(s.min(x, s.constant(over)), s.constant(under)));
  return scale(s, expReduced(s, r), n);
}

/** eˣ for x ≤ 0. */
export function expNonPositive<V>(s: Scalars<V>, x: V): V {
  const { n, r } = reduce(s, s.max(x, s.constant(constants[s.precision].under)));
  return scaleDown(s, expReduced(s, r), n);
}

/**
 * eˣ for x with 2ˣ normal, where it is only a small part of a sum: log 2 in one piece, whose error grows with |x|.
 */
export function expRough<V>(s: Scalars<V>, x: V): V {
  const n = s.nearest(s.mul(x, s.constant(Math.LOG2E)));
  return s.mul(expReduced(s, s.sub(x, s.mul(n, s.constant(Math.LN2)))), s.pow2(n));
}

/** e^(x + rest) for |rest| much below |x|; beyond `under` and `over` without `rest`. */
export function expSum<V>(s: Scalars<V>, x: V, rest: V): V {
  const { over, under } = constants[s.precision];
  const { high, low } = log2[s.precision];
  const within = s.max(s.min(x, s.constant(over)), s.constant(under));
  const kept = s.select(s.equal(within, x), rest, s.constant(0));
  const n = s.nearest(s.mul(within, s.constant(Math.LOG2E)));
  const rough = s.sub(within, s.mul(n, s.constant(high)));
  return scale(s, expReduced(s, s.add(rough, s.sub(kept, s.mul(n, s.constant(low))))), n);
}

/** n and p = e^(x − n log 2) − 1 relative to its own size, for x ≤ 0; −0.293 < p < 0.415. */
export function expParts<V>(s: Scalars<V>, x: V): { n: V; p: V } {
  const { under, difference } = constants[s.precision];
  const { n, r } = reduce(s, s.max(x, s.constant(under)));
  return { n, p: s.add(r, curve(s, r, difference)) };
}

/**
 * eˣ − 1, at most 2 ulp: 2ⁿ(eʳ − 1) + (2ⁿ − 1), formed at half its size so that 2ⁿ does not overflow before the result, and
 * with r before r²q so that a cancellation comes before the rounding.
 */
export function expm1<V>(s: Scalars<V>, x: V): V {
  const { over, minusOne, tiny, difference } = constants[s.precision];
  const { n, r } = reduce(s, s.max(s.min(x, s.constant(over)), s.constant(minusOne)));
  const half = s.pow2(s.sub(n, s.constant(1)));
  const line = s.add(s.mul(half, r), s.sub(half, s.constant(0.5)));
  const sum = s.add(line, s.mul(half, curve(s, r, difference)));
  return s.select(s.less(s.abs(x), s.constant(tiny)), x, s.add(sum, sum));
}

/**
 * log x and log(1 + x). x = 2ᵏ(1 + f) with 1 + f between √½ and √2. In float32 log(1 + f) is a minimax polynomial, in
 * float64 the series of 2 atanh(f / (2 + f)) in the arrangement of FDLIBM's e_log.c (Sun Microsystems, 1993), which keeps
 * f exact. Coefficients: tools/elementary/derive.py.
 */
import type { Scalars } from "../scalars.ts";
import { log2 } from "./log2.ts";
import { horner } from "./polynomial.ts";

/** x = 2ᵏ(1 + f) */
export interface Normalised<V> {
  k: V;
  f: V;
}

const bounds = {
  float32: { smallest: 2 ** -126, lift: 24, tiny: 2 ** -30 },
  float64: { smallest: 2 ** -1022, lift: 54, tiny: 2 ** -60 },
};

/** Of (log(1 + f) − f) / f² for float32, of (2 atanh z − 2z) / z³ in z² for float64. */
interface Fit {
  float32: readonly number[];
  float64: readonly number[];
}

/** For f from √½ − 1 to √2 − 1. */
const near: Fit = {
  float32: [
    -0.49999988, 0.33333325, -0.25001583, 0.20001975, -0.16609082, 0.14181818, -0.13242985, 0.1290448, -0.076218374,
  ],
  float64: [
    0.6666666666666734, 0.3999999999941666, 0.2857142874202328, 0.222221986055991, 0.1818356282228749,
    0.15314085587165385, 0.14795625904884835,
  ],
};

/** For |f| ≤ 0.4145. */
const wide: Fit = {
  float32: [
    -0.5000002, 0.33333385, -0.24997649, 0.19996034, -0.16742562, 0.14386778, -0.115252405, 0.09998102, -0.15220861,
    0.14421122,
  ],
  float64: [
    0.6666666666666093, 0.40000000002699676, 0.28571428137271065, 0.22222255932554363, 0.18180374272424307,
    0.15420468504517684, 0.1282236986260839, 0.15575568124512426,
  ],
};

/** Of (log(1 + f) − f) / f² between 0 and 1. */
const unit32 = [
  -0.4999996, 0.33331215, -0.2496508, 0.19725826, -0.15436755, 0.10810019, -0.05887744, 0.02082241, -0.0034504333,
];

/** k and f for positive finite x, subnormals included; anything for other x. f is exact. */
export function normalise<V>(s: Scalars<V>, x: V): Normalised<V> {
  const { smallest, lift } = bounds[s.precision];
  const small = s.less(x, s.constant(smallest));
  const normal = s.select(small, s.mul(x, s.constant(2 ** lift)), x);
  const m = s.significand(normal);
  const big = s.less(s.constant(Math.SQRT2), m);
  const lifted = s.add(s.exponent(normal), s.select(small, s.constant(-lift), s.constant(0)));
  return {
    k: s.add(lifted, s.select(big, s.constant(1), s.constant(0))),
    f: s.sub(s.select(big, s.mul(m, s.constant(0.5)), m), s.constant(1)),
  };
}

/** high + log(1 + f) + low, for a `high` that is 0 or larger than the logarithm. */
function logSum<V>(s: Scalars<V>, f: V, high: V, low: V, fit: Fit): V {
  if (s.precision === "float32") {
    const rest = s.mul(s.mul(f, f), horner(s, f, fit.float32));
    return s.add(s.add(s.add(rest, low), f), high);
  }
  const z = s.div(f, s.add(s.constant(2), f));
  const w = s.mul(z, z);
  const halfSquare = s.mul(s.mul(f, s.constant(0.5)), f);
  const curve = s.mul(w, horner(s, w, fit.float64));
  const fall = s.sub(halfSquare, s.add(s.mul(z, s.add(halfSquare, curve)), low));
  return s.add(high, s.sub(f, fall));
}

/** k log 2 + log(1 + f) */
function logOf<V>(s: Scalars<V>, { k, f }: Normalised<V>, fit = near): V {
  const { high, low } = log2[s.precision];
  return logSum(s, f, s.mul(k, s.constant(high)), s.mul(k, s.constant(low)), fit);
}

/** k log 2 + log(1 + f) for |f| ≤ 0.4145, 2ᵏ(1 + f) at most 1. */
export function logWide<V>(s: Scalars<V>, normalised: Normalised<V>): V {
  return logOf(s, normalised, wide);
}

/** log(1 + e) for e in [0, 1], as softplus needs it; no edges. */
export function log1pUnit<V>(s: Scalars<V>, e: V): V {
  if (s.precision === "float32") return s.add(e, s.mul(s.mul(e, e), horner(s, e, unit32)));
  const { high, low } = log2.float64;
  const big = s.less(s.constant(Math.SQRT2 - 1), e);
  const f = s.select(big, s.sub(s.mul(e, s.constant(0.5)), s.constant(0.5)), e);
  const zero = s.constant(0);
  return logSum(s, f, s.select(big, s.constant(high), zero), s.select(big, s.constant(low), zero), near);
}

/** `inside` where y > 0, −inf at 0, NaN elsewhere. */
export function orPole<V>(s: Scalars<V>, y: V, inside: V): V {
  const zero = s.constant(0);
  const outside = s.select(s.equal(y, zero), s.constant(-Infinity), s.constant(Number.NaN));
  return s.select(s.less(zero, y), inside, outside);
}

/** What log y is, `inside` for positive finite y; `x` carries inf and NaN. */
function logEdges<V>(s: Scalars<V>, y: V, x: V, inside: V): V {
  return s.select(s.less(y, s.constant(Infinity)), orPole(s, y, inside), x);
}

/** log x: −inf at ±0, NaN below; at most 2 ulp. */
export function log<V>(s: Scalars<V>, x: V): V {
  return logEdges(s, x, x, logOf(s, normalise(s, x)));
}

/**
 * log(1 + x), at most 2 ulp: k comes from the rounded 1 + x, but f = 2⁻ᵏx + (2⁻ᵏ − 1) from x itself, rounded once.
 */
export function log1p<V>(s: Scalars<V>, x: V): V {
  const u = s.add(s.constant(1), x);
  // An eighth of √2·u has exponent k − 3, which keeps 2^(3 − k) normal for the largest u.
  const j = s.exponent(s.mul(u, s.constant(Math.SQRT2 / 8)));
  const factor = s.pow2(s.neg(j));
  const eighth = s.constant(0.125);
  const f = s.add(s.mul(s.mul(x, eighth), factor), s.sub(s.mul(factor, eighth), s.constant(1)));
  const inside = logOf(s, { k: s.add(j, s.constant(3)), f });
  const edged = logEdges(s, u, x, inside);
  return s.select(s.less(s.abs(x), s.constant(bounds[s.precision].tiny)), x, edged);
}

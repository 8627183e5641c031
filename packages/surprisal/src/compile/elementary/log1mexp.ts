import type { Scalars } from "../scalars.ts";
import { expParts, scaleDown } from "./exponential.ts";
import { logWide, normalise, orPole } from "./logarithm.ts";

/**
 * log(1 − eˣ) for x ≤ 0 (NaN above), at most 3 ulp. With eˣ = 2ⁿ(1 + p), |p| small, one logarithm log 2ᵏ(1 + f) serves:
 * n = 0: 1 − eˣ = −p, normalised; n = −1: 1 − eˣ = (1 − p)/2; below: f = −eˣ. So f never carries a rounding of 1 − eˣ,
 * which Mächler's switch between log(−expm1 x) and log1p(−eˣ) ("Accurately computing log(1 − exp(−|a|))", 2012) avoids
 * with two logarithms.
 */
export function log1mexp<V>(s: Scalars<V>, x: V): V {
  const zero = s.constant(0);
  const { n, p } = expParts(s, x);
  const nearZero = s.equal(n, zero);
  const nearHalf = s.equal(n, s.constant(-1));
  const remaining = s.neg(p);
  const found = normalise(s, remaining);
  const k = s.select(nearZero, found.k, s.select(nearHalf, s.constant(-1), zero));
  const tail = s.neg(scaleDown(s, s.add(s.constant(1), p), n));
  const f = s.select(nearZero, found.f, s.select(nearHalf, remaining, tail));
  return orPole(s, s.neg(x), s.copySign(logWide(s, { k, f }), x));
}

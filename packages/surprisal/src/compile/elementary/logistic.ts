/**
 * The sigmoid and the logarithms around it, each accurate relative to its own size in both tails: only exp of a
 * non-positive number is ever formed.
 */
import type { Scalars } from "../scalars.ts";
import { expNonPositive } from "./exponential.ts";
import { log1pUnit } from "./logarithm.ts";

function expOfMinusAbs<V>(s: Scalars<V>, x: V): V {
  return expNonPositive(s, s.neg(s.abs(x)));
}

/** 1 / (1 + e⁻ˣ), at most 3 ulp. */
export function sigmoid<V>(s: Scalars<V>, x: V): V {
  const e = expOfMinusAbs(s, x);
  const one = s.constant(1);
  return s.div(s.select(s.less(x, s.constant(0)), e, one), s.add(one, e));
}

/** log(1 + eˣ) = max(x, 0) + log1p(e^−|x|), at most 3 ulp. */
export function softplus<V>(s: Scalars<V>, x: V): V {
  return s.add(s.max(x, s.constant(0)), log1pUnit(s, expOfMinusAbs(s, x)));
}

/** log σ(x) = −softplus(−x), at most 3 ulp. */
export function logSigmoid<V>(s: Scalars<V>, x: V): V {
  return s.neg(softplus(s, s.neg(x)));
}

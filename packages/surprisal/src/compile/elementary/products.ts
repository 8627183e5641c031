/** Products that are 0 where a factor is, and the sign. */
import type { Scalars } from "../scalars.ts";
import { log, log1p } from "./logarithm.ts";

/** x·(value of y), 0 where x = 0 and y is a number. */
function product<V>(s: Scalars<V>, x: V, y: V, value: V): V {
  const zero = s.constant(0);
  return s.select(s.and(s.equal(x, zero), s.equal(y, y)), zero, s.mul(x, value));
}

/** x log y, 0 where x = 0 and y is not NaN; at most 3 ulp. */
export function xlogy<V>(s: Scalars<V>, x: V, y: V): V {
  return product(s, x, y, log(s, y));
}

/** x log(1 + y), 0 where x = 0 and y is not NaN; at most 3 ulp. */
export function xlog1py<V>(s: Scalars<V>, x: V, y: V): V {
  return product(s, x, y, log1p(s, y));
}

/** −1, 0 or 1; zeros keep their sign, NaN stays. */
export function sign<V>(s: Scalars<V>, x: V): V {
  return s.select(s.less(s.constant(0), s.abs(x)), s.copySign(s.constant(1), x), x);
}

import type { FloatDType } from "../../base/dtype.ts";
import type { Scalars } from "../scalars.ts";
import { expRough } from "./exponential.ts";
import { horner, hornerMonic } from "./polynomial.ts";

/** tanh a = a + a³ P(a²)/Q(a²) below 0.6 (Q monic); 1 from `one` on. */
const constants: Record<FloatDType, { top: readonly number[]; bottom: readonly number[]; one: number }> = {
  float32: { top: [-0.8238064, -0.0038191502], bottom: [2.4714208], one: 10 },
  float64: {
    top: [-1614.2024361229076, -99.26422183151386, -0.9643899648766256],
    bottom: [4842.607308368723, 2234.8355888419837, 112.78622217261254],
    one: 20,
  },
};

/**
 * tanh x, at most 2 ulp: a minimax ratio near 0 and 1 − 2/(e^2|x| + 1) beyond, through one division
 * (the split of Cody and Waite 1980, chapter 13). Coefficients: tools/elementary/derive.py.
 */
export function tanh<V>(s: Scalars<V>, x: V): V {
  const { top, bottom, one } = constants[s.precision];
  const a = s.abs(x);
  const w = s.mul(a, a);
  const near = s.less(a, s.constant(0.6));
  const twice = s.min(s.add(a, a), s.constant(2 * one));
  const above = s.select(near, s.mul(s.mul(a, w), horner(s, w, top)), s.constant(-2));
  const below = s.select(near, hornerMonic(s, w, bottom), s.add(expRough(s, twice), s.constant(1)));
  return s.copySign(s.add(s.select(near, a, s.constant(1)), s.div(above, below)), x);
}

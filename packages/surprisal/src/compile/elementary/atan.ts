import type { FloatDType } from "../../base/dtype.ts";
import type { Scalars } from "../scalars.ts";
import { horner } from "./polynomial.ts";

/** Of (atan z / z − 1) / z² in z², for z ≤ 0.66; π/4 and π/2 in two parts. */
const constants: Record<FloatDType, { curve: readonly number[]; quarter: Parts; half: Parts }> = {
  float32: {
    curve: [-0.3333322, 0.19994801, -0.14204389, 0.10510484, -0.067241825, 0.024777204],
    quarter: [0.7853981852531433, -2.1855694143368964e-8],
    half: [1.5707963705062866, -4.371138828673793e-8],
  },
  float64: {
    curve: [
      -0.3333333333333232, 0.19999999999785126, -0.14285714269716626, 0.1111111050737882, -0.09090895530268688,
      0.07692109528740411, -0.06664677137348327, 0.05868146208991351, -0.05189423595213502, 0.04480234473754379,
      -0.03550876233955537, 0.023241749724199165, -0.010643342348507072, 0.0024554325893013794,
    ],
    quarter: [0.7853981633974483, 3.061616997868383e-17],
    half: [1.5707963267948966, 6.123233995736766e-17],
  },
};
type Parts = readonly [high: number, low: number];

/**
 * atan x, at most 1 ulp: z + z³ P(z²) for z = |x| up to 0.66, π/4 more for z = (|x| − 1)/(|x| + 1) up to tan 3π/8, and π/2
 * more for z = −1/|x| beyond (the split of Moshier's Cephes library). Coefficients: tools/elementary/derive.py.
 */
export function atan<V>(s: Scalars<V>, x: V): V {
  const { curve, quarter, half } = constants[s.precision];
  const a = s.abs(x);
  const one = s.constant(1);
  const near = s.less(a, s.constant(0.66));
  const middle = s.less(a, s.constant(2.4142135));
  const pick = (small: V, medium: V, large: V) => s.select(near, small, s.select(middle, medium, large));
  const z = s.div(pick(a, s.sub(a, one), s.constant(-1)), pick(one, s.add(a, one), a));
  const w = s.mul(z, z);
  const zero = s.constant(0);
  const low = pick(zero, s.constant(quarter[1]), s.constant(half[1]));
  const rest = s.add(s.mul(s.mul(z, w), horner(s, w, curve)), low);
  const high = pick(zero, s.constant(quarter[0]), s.constant(half[0]));
  return s.copySign(s.add(high, s.add(z, rest)), x);
}

import type { Scalars } from "../scalars.ts";
import { expRough } from "./exponential.ts";
import { horner } from "./polynomial.ts";

/** Of erf z / z − 1 in z², for z ≤ 1. */
const near = {
  float32: [0.12837917, -0.37612626, 0.11283579, -0.026853347, 0.005187162, -0.0007997853, 7.806904e-5],
  float64: [
    0.12837916709551256, -0.37612638903183343, 0.1128379167093695, -0.02686617064195914, 0.005223977596735921,
    -0.0008548325485003903, 0.00012055280496857696, -1.492446564796597e-5, 1.6444150703166151e-6, -1.618399237079411e-7,
    1.3616704936253927e-8, -7.607823211269328e-10,
  ],
};

/** Of erfc(t + 2.5) for t + 2.5 from 1 to 3.95. */
const far32 = [
  0.00040692918, -0.0021780648, 0.0054467483, -0.008353418, 0.008614724, -0.006102673, 0.002819507, -0.00057109486,
  -0.00028784468, 0.00027929357, -6.127254e-5, -2.111716e-5, 9.019226e-6,
];

/** Of erfc(a) e^(a²) in t = 1/(a + 3) − 0.18, for a from 1 to 6. */
const far64 = [
  0.20675157614059395, 2.211385464307122, 10.24239794634246, 37.72498651046702, 106.03646892340058, 204.73644064608138,
  175.63282096367848, -306.9653772464834, -1020.7536520685159, 6.211631099006614, 5416.1070506861115,
  -5515.686464260806,
];

/** 1 − erf a for a ≥ 1, with an error that is small beside 1. */
function complement<V>(s: Scalars<V>, a: V): V {
  if (s.precision === "float32") return horner(s, s.sub(s.min(a, s.constant(3.95)), s.constant(2.5)), far32);
  const within = s.min(a, s.constant(6));
  const t = s.sub(s.div(s.constant(1), s.add(within, s.constant(3))), s.constant(0.18));
  return s.mul(expRough(s, s.neg(s.mul(within, within))), horner(s, t, far64));
}

/**
 * erf x, at most 2 ulp: x + x·P(x²) up to 1, 1 − erfc |x| beyond, where erfc is a polynomial (float32) or e^(−x²) times
 * one in 1/(|x| + 3) (float64). Coefficients: tools/elementary/derive.py.
 */
export function erf<V>(s: Scalars<V>, x: V): V {
  const a = s.abs(x);
  const small = s.add(a, s.mul(a, horner(s, s.mul(a, a), near[s.precision])));
  const large = s.sub(s.constant(1), complement(s, a));
  return s.copySign(s.select(s.less(a, s.constant(1)), small, large), x);
}

import type { Scalars } from "../scalars.ts";

/** c₀ + x(c₁ + x(c₂ + …)): two operations a power, each rounded. */
export function horner<V>(s: Scalars<V>, x: V, coefficients: readonly number[]): V {
  let total = s.constant(coefficients[coefficients.length - 1] as number);
  for (let i = coefficients.length - 2; i >= 0; i--) {
    total = s.add(s.mul(total, x), s.constant(coefficients[i] as number));
  }
  return total;
}

/** xⁿ + the polynomial of the n coefficients: `horner` without the multiplication by a leading 1. */
export function hornerMonic<V>(s: Scalars<V>, x: V, coefficients: readonly number[]): V {
  let total = s.add(x, s.constant(coefficients[coefficients.length - 1] as number));
  for (let i = coefficients.length - 2; i >= 0; i--) {
    total = s.add(s.mul(total, x), s.constant(coefficients[i] as number));
  }
  return total;
}

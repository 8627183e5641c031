/** Scalar float64 functions that `Math` lacks, each accurate to a few units in the last place. */

/** max(x, 0) + log1p(exp(−|x|)): no overflow, and relative accuracy in the left tail. */
export function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

/** 1 / (1 + exp(−x)) from the exponential that cannot overflow. */
export function sigmoid(x: number): number {
  const e = Math.exp(-Math.abs(x));
  return x >= 0 ? 1 / (1 + e) : e / (1 + e);
}

/** log(1 − exp(x)) for x ≤ 0, switching form at −ln 2 (Mächler, "Accurately computing log(1 − exp(−|a|))", 2012). */
export function log1mexp(x: number): number {
  return x > -Math.LN2 ? Math.log(-Math.expm1(x)) : Math.log1p(-Math.exp(x));
}

/** x · log(y), with 0 · log(anything but NaN) = 0. */
export function xlogy(x: number, y: number): number {
  return x === 0 && !Number.isNaN(y) ? 0 : x * Math.log(y);
}

/** x · log1p(y), with 0 · log1p(anything but NaN) = 0. */
export function xlog1py(x: number, y: number): number {
  return x === 0 && !Number.isNaN(y) ? 0 : x * Math.log1p(y);
}

/**
 * erf in three pieces: its Taylor series below 1, whose terms hardly cancel; e^(−x²) times a series of positive terms below 3
 * (Abramowitz & Stegun 7.1.6); 1 − erfc above, where erfc is tiny.
 */
export function erf(x: number): number {
  const a = Math.abs(x);
  if (Number.isNaN(x)) return x;
  if (a >= 3) return Math.sign(x) * (a > 6 ? 1 : 1 - erfcTail(a));
  const square = a * a;
  let term = a;
  let total = a;
  for (let n = 1; Math.abs(term) > 1e-18 * total; n++) {
    term *= a < 1 ? -square / n : square / (n + 0.5);
    total += a < 1 ? term / (2 * n + 1) : term;
  }
  return Math.sign(x) * total * (2 / Math.sqrt(Math.PI)) * (a < 1 ? 1 : Math.exp(-square));
}

/** erfc for x ≥ 3 by Laplace's continued fraction, evaluated backwards. */
function erfcTail(x: number): number {
  let fraction = x;
  for (let k = 60; k >= 1; k--) fraction = x + k / 2 / fraction;
  return Math.exp(-x * x) / (fraction * Math.sqrt(Math.PI));
}

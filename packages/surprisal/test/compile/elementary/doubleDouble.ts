/**
 * The elementary functions to about 24 digits, as unevaluated sums of two float64 numbers: the truth that the compiled
 * float64 functions are measured against. Independent of them: plain Taylor series, one Newton step for the logarithm.
 */

/** high + low, |low| ≤ half an ulp of high. */
export type Double = readonly [high: number, low: number];

const splitter = 2 ** 27 + 1;

function normal(a: number, b: number): Double {
  const high = a + b;
  return [high, b - (high - a)];
}

export function sum(a: number, b: number): Double {
  const high = a + b;
  const part = high - a;
  return [high, a - (high - part) + (b - part)];
}

export function product(a: number, b: number): Double {
  const high = a * b;
  let t = splitter * a;
  const aHigh = t - (t - a);
  const aLow = a - aHigh;
  t = splitter * b;
  const bHigh = t - (t - b);
  const bLow = b - bHigh;
  return [high, aHigh * bHigh - high + aHigh * bLow + aLow * bHigh + aLow * bLow];
}

export function add(a: Double, b: Double): Double {
  const [high, low] = sum(a[0], b[0]);
  const [high2, low2] = sum(a[1], b[1]);
  const [h, l] = normal(high, low + high2);
  return normal(h, l + low2);
}

export function mul(a: Double, b: Double): Double {
  const [high, low] = product(a[0], b[0]);
  return normal(high, low + (a[0] * b[1] + a[1] * b[0]));
}

export function neg(a: Double): Double {
  return [-a[0], -a[1]];
}

export function div(a: Double, b: Double): Double {
  const q = a[0] / b[0];
  const rest = add(a, neg(mul(b, [q, 0])));
  const q2 = rest[0] / b[0];
  const rest2 = add(rest, neg(mul(b, [q2, 0])));
  return add(normal(q, q2), [rest2[0] / b[0], 0]);
}

const one: Double = [1, 0];
const two: Double = [2, 0];

/** log 2 in three pieces, the first with eleven zero bits at its end. */
const log2High = 0x2c5c85fdf47 / 2 ** 42;
const log2Low: Double = [5.497923018708371e-14, 1.94704509238075e-31];
const halfPi: Double = [1.5707963267948966, 6.123233995736766e-17];
const twoOverRootPi: Double = [1.1283791670955126, 1.533545961316588e-17];

/** c₀ + x(c₁ + … + x c_d): Horner's rule without an object a step, since most of the time goes here. */
function polynomial([x, xLow]: Double, coefficients: readonly Double[], degree: number): Double {
  let t = splitter * x;
  const xTop = t - (t - x);
  const xEnd = x - xTop;
  let [high, low] = coefficients[degree] as Double;
  for (let i = degree - 1; i >= 0; i--) {
    const c = coefficients[i] as Double;
    t = splitter * high;
    const top = t - (t - high);
    const end = high - top;
    const p = high * x;
    const pLow = top * xTop - p + top * xEnd + end * xTop + end * xEnd + (high * xLow + low * x);
    const s = c[0] + p;
    const part = s - c[0];
    const sLow = c[0] - (s - part) + (p - part) + (c[1] + pLow);
    high = s + sLow;
    low = sLow - (high - s);
  }
  return [high, low];
}

/** The first `count` of `first`, `first`·next(1), `first`·next(1)·next(2), … */
function running(count: number, first: Double, next: (n: number) => Double): Double[] {
  const terms = [first];
  for (let n = 1; n < count; n++) terms.push(mul(terms[n - 1] as Double, next(n)));
  return terms;
}

/** 1/(n + 1)!, 1/(2n + 1), 1/(2n + 1)!! */
const ofExpm1 = running(20, one, (n) => div(one, [n + 1, 0]));
const ofAtanh = Array.from({ length: 14 }, (_, n) => div(one, [2 * n + 1, 0]));
/** 2ⁿ n!/(2n + 1)!! */
const ofAtan = running(90, one, (n) => div([2 * n, 0], [2 * n + 1, 0]));
const ofErf = running(70, one, (n) => div(one, [2 * n + 1, 0]));

/** eʳ − 1 for |r| ≤ 0.36, to 2⁻⁸⁰. */
function expm1Small(r: Double): Double {
  return mul(r, polynomial(r, ofExpm1, 18));
}

/** x − n·log 2 */
function reduced(x: Double): { n: number; r: Double } {
  const n = Math.round(x[0] / Math.LN2);
  const near: Double = sum(x[0], -n * log2High);
  return { n, r: add(add(near, [x[1], 0]), mul([-n, 0], log2Low)) };
}

/** A double times 2ⁿ, n from −2100 to 2100; low bits vanish where the result is subnormal. */
export function scaled(a: Double, n: number): Double {
  const half = Math.trunc(n / 2);
  const rest = n - half;
  return [a[0] * 2 ** half * 2 ** rest, a[1] * 2 ** half * 2 ** rest];
}

/** eˣ as a double and a power of two, so that subnormal results can be compared unrounded. */
export function expScaled(x: Double): { n: number; mantissa: Double } {
  const { n, r } = reduced(x);
  return { n, mantissa: add(one, expm1Small(r)) };
}

export function exp(x: Double): Double {
  const { n, mantissa } = expScaled(x);
  return scaled(mantissa, n);
}

export function expm1(x: Double): Double {
  // Products of tinier numbers would lose their low part.
  if (Math.abs(x[0]) < 2 ** -200) return x;
  if (Math.abs(x[0]) < 0.35) return expm1Small(x);
  return add(exp(x), [-1, 0]);
}

/** log(1 + f): 2 atanh(f/(2 + f)) near 0, else from the logarithm. */
export function log1p(f: Double): Double {
  if (Math.abs(f[0]) < 2 ** -200) return f;
  if (Math.abs(f[0]) < 0.2) {
    const z = div(f, add(two, f));
    return mul(mul(two, z), polynomial(mul(z, z), ofAtanh, 13));
  }
  return log(add(one, f));
}

/** k log 2 + log m; log m by one Newton step from the float64 logarithm. */
export function log(x: Double): Double {
  if (x[0] === 0) return [-Infinity, 0];
  if (Math.abs(x[0] - 1) < 0.2) return log1p(add(x, [-1, 0]));
  const k = Math.round(Math.log2(x[0]));
  const m = scaled(x, -k);
  const y = Math.log(m[0]);
  const off = add(mul(m, exp([-y, 0])), [-1, 0]);
  const correction = off[0] - (off[0] * off[0]) / 2;
  const near = add([y, 0], add([correction, 0], [off[1], 0]));
  return add(add(product(k, log2High), mul([k, 0], log2Low)), near);
}

/** Σ 2ⁿ a^(2n+1)/(2n+1)!! = erf(a) √π/2 e^(a²) for a from 0 to 3: all terms positive. */
function erfSeries(a: number): Double {
  return mul([a, 0], polynomial(mul(two, product(a, a)), ofErf, Math.ceil(14 + 5.5 * a * a)));
}

/** erf a for a from 2⁻⁵⁰⁰ on; 1 − erfc a beyond 3, where float64 is enough for erfc (Laplace's continued fraction). */
export function erf(a: number): Double {
  if (a < 3) return mul(mul(twoOverRootPi, erfSeries(a)), exp(neg(product(a, a))));
  let fraction = a;
  for (let k = 60; k >= 1; k--) fraction = a + k / 2 / fraction;
  return a > 6.5 ? one : sum(1, -Math.exp(-a * a) / (fraction * Math.sqrt(Math.PI)));
}

/** 2/√π · a, for a times a power of two that keeps it from underflow. */
export function erfTiny(a: number): Double {
  return mul(twoOverRootPi, [a, 0]);
}

/** Euler's series a/(1 + a²) Σ 2ⁿ n!/(2n + 1)!! (a²/(1 + a²))ⁿ up to 1: all terms positive; π/2 − atan 1/a beyond. */
export function atan(a: number): Double {
  if (a < 2 ** -200) return [a, 0];
  if (a > 2 ** 200) return a > 2 ** 1000 ? halfPi : add(halfPi, [-1 / a, 0]);
  const z: Double = a > 1 ? div(one, [a, 0]) : [a, 0];
  const square = mul(z, z);
  const part = div(square, add(one, square));
  const terms = Math.min(88, 2 + Math.ceil(-60 / Math.log(part[0])));
  const value = mul(div(z, add(one, square)), polynomial(part, ofAtan, terms));
  return a > 1 ? add(halfPi, neg(value)) : value;
}

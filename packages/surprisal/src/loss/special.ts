/** Functions of a node that several losses need and no op is: written so that nothing cancels. */
import {
  add,
  and,
  cast,
  constant,
  div,
  equal,
  exp,
  expm1,
  floor,
  gather,
  less,
  lessEqual,
  log,
  log1p,
  mul,
  type Node,
  neg,
  pow,
  softplus,
  square,
  sub,
  where,
} from "../graph/index.ts";

/** |x| with derivative 0 at 0, and 0 (not NaN) as the derivative at NaN: the value alone says that something is wrong. */
export function magnitude(x: Node): Node {
  return mul(x, where(less(0, x), 1, where(less(x, 0), -1, constant(0, x.dtype, x.shape))));
}

/** Up to `safe` eˣ is a number of the dtype, and from `beyond` on it is none. */
const exponents = { float32: { safe: 80, beyond: 88.8 }, float64: { safe: 700, beyond: 709.8 } } as const;

/**
 * a eˣ, a number also where eˣ alone is none but the product is: the exponential is then applied in two halves. Nothing is 0, however
 * large eˣ.
 */
export function timesExp(a: Node, x: Node): Node {
  const { safe, beyond } = exponents[x.dtype as "float32" | "float64"];
  const given = where(and(equal(a, 0), less(beyond, x)), 0, x);
  const second = where(less(safe, given), mul(0.5, given), 0);
  return mul(mul(a, exp(sub(given, second))), exp(second));
}

/** A power of 2 near x > 0: dividing by it rounds nothing, and puts x next to 1. 0 at 0. */
export const binaryUnit = (x: Node): Node => pow(constant(2, x.dtype, x.shape), floor(div(log(x), Math.LN2)));

/** Terms of Σ tᵏ/(2k+3) that each dtype needs for t ≤ 1/9. */
const atanhTerms = { float32: 8, float64: 17 } as const;

/**
 * d − log(1 + d) for −1/2 ≤ d ≤ 1, to full relative accuracy. With r = d/(2 + d), log(1 + d) = 2 artanh r, which gives
 * r·d − 2r³ (1/3 + r²/5 + r⁴/7 + …): both terms are of the size of the result.
 */
export function excessOverLog1p(d: Node): Node {
  const r = div(d, add(2, d));
  const t = square(r);
  const terms = atanhTerms[d.dtype as "float32" | "float64"];
  let tail = constant(1 / (2 * terms + 1), d.dtype, d.shape) as Node;
  for (let k = terms - 2; k >= 0; k--) tail = add(mul(tail, t), 1 / (2 * k + 3));
  return sub(mul(r, d), mul(mul(2, mul(r, t)), tail));
}

/** Terms of Σ xⁿ/n! that each dtype needs for |x| ≤ 1. */
const expTerms = { float32: 11, float64: 19 } as const;

/** eˣ − 1 − x, to full relative accuracy: a series near 0, where the three terms cancel. */
export function excessOverExp(x: Node): Node {
  const near = and(lessEqual(-1, x), lessEqual(x, 1));
  const small = where(near, x, 0);
  let tail = constant(0, x.dtype, x.shape) as Node;
  // Backwards: 1/n! = 1/n · 1/(n − 1)! …, down to x²/2.
  for (let n = expTerms[x.dtype as "float32" | "float64"]; n >= 3; n--) tail = mul(div(small, n), add(1, tail));
  const far = where(near, 1, x);
  return where(near, mul(0.5, mul(square(small), add(1, tail))), sub(expm1(far), far));
}

/** log cosh x: near 0 by cosh x − 1 = −expm1(x) expm1(−x)/2, in which nothing cancels, further out as |x| − log 2 + log(1 + e^(−2|x|)). */
export function logCosh(x: Node): Node {
  const small = less(magnitude(x), 1);
  const near = where(small, x, 0);
  const inner = log1p(mul(-0.5, mul(expm1(near), expm1(neg(near)))));
  const far = magnitude(where(small, 1, x));
  return where(small, inner, add(sub(far, Math.LN2), softplus(mul(-2, far))));
}

/** log(eˣ + eʸ) from the larger one. −Infinity adds nothing, and makes no NaN in the derivative. */
export function logAddExp(x: Node, y: Node): Node {
  const isNothing = and(equal(x, Number.NEGATIVE_INFINITY), equal(y, Number.NEGATIVE_INFINITY));
  const gap = sub(where(isNothing, 0, x), where(isNothing, 0, y));
  return where(less(gap, 0), add(y, softplus(gap)), add(x, softplus(neg(gap))));
}

const tableLength = 32;
const logFactorials = Array.from({ length: tableLength }, (_, n) => {
  let product = 1n;
  for (let k = 2n; k <= BigInt(n); k++) product *= k;
  return Math.log(Number(product));
});
/** Coefficients of Stirling's series in 1/x, 1/x³, … */
export const stirling = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360];

/**
 * log y! for y ≥ 0: from a table for small whole numbers (0! and 1! give exactly 0), else by Stirling's series at y + 1,
 * moved up by 16 where that is small. Passes no gradient that anybody needs: counts are data.
 */
export function logFactorial(y: Node): Node {
  const inTable = and(equal(floor(y), y), less(y, tableLength));
  const whole = cast(where(inTable, y, 0), "int32");
  const known = gather(constant(logFactorials, y.dtype, [tableLength]), whole);
  const x = add(where(inTable, tableLength, y), 1);
  const small = less(x, 16);
  let product = constant(1, y.dtype, y.shape) as Node;
  for (let k = 0; k < 16; k++) product = mul(product, where(small, add(x, k), 1));
  const high = where(small, add(x, 16), x);
  const inverse = div(1, high);
  const step = square(inverse);
  let series = constant(0, y.dtype, y.shape) as Node;
  for (const coefficient of [...stirling].reverse()) series = add(mul(series, step), coefficient);
  const body = sub(mul(sub(high, 0.5), log(high)), high);
  const gamma = add(add(body, Math.log(2 * Math.PI) / 2), mul(series, inverse));
  return where(inTable, known, sub(gamma, log(product)));
}

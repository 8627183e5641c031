/**
 * Draws from distributions, word for word as NumPy's legacy generator makes them. Each takes the two primitives it needs:
 * `double` (uniform in [0, 1)) and, where normals are used, `gauss`. Normals are made of exact operations and our own logarithm,
 * so their bits are the same in every engine.
 */

import { naturalLog } from "../log.ts";

type Draw = () => number;

/** Marsaglia's polar method: a pair of standard normals from one accepted point. The second is returned first. */
export function polarPair(double: Draw): { first: number; kept: number } {
  let x: number;
  let y: number;
  let square: number;
  do {
    x = 2 * double() - 1;
    y = 2 * double() - 1;
    square = x * x + y * y;
  } while (square >= 1 || square === 0);
  const factor = Math.sqrt((-2 * naturalLog(square)) / square);
  return { first: factor * y, kept: factor * x };
}

/** Standard exponential by inversion. */
export function exponential(double: Draw): number {
  return -naturalLog(1 - double());
}

/**
 * Standard gamma of a shape ≥ 0. Below 1: Johnk-like rejection (Devroye 1986, chapter IX); above: Marsaglia and Tsang,
 * "A simple method for generating gamma variables", 2000.
 */
export function gamma(shape: number, double: Draw, gauss: Draw): number {
  if (shape === 1) return exponential(double);
  if (shape === 0) return 0;
  if (shape < 1) {
    while (true) {
      const u = double();
      const v = exponential(double);
      if (u <= 1 - shape) {
        const x = u ** (1 / shape);
        if (x <= v) return x;
      } else {
        const y = -naturalLog((1 - u) / shape);
        const x = (1 - shape + shape * y) ** (1 / shape);
        if (x <= v + y) return x;
      }
    }
  }
  const b = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * b);
  while (true) {
    let x: number;
    let v: number;
    do {
      x = gauss();
      v = 1 + c * x;
    } while (v <= 0);
    v = v * v * v;
    const u = double();
    if (u < 1 - 0.0331 * (x * x) * (x * x)) return b * v;
    if (naturalLog(u) < 0.5 * x * x + b * (1 - v + naturalLog(v))) return b * v;
  }
}

/** Poisson of a rate ≥ 0: a product of uniforms below 10, transformed rejection (PTRS, Hörmann 1993) from 10. */
export function poisson(rate: number, double: Draw): number {
  if (rate === 0) return 0;
  if (rate < 10) {
    const limit = Math.exp(-rate);
    let count = 0;
    for (let product = double(); product > limit; product *= double()) count++;
    return count;
  }
  const root = Math.sqrt(rate);
  const logRate = naturalLog(rate);
  const b = 0.931 + 2.53 * root;
  const a = -0.059 + 0.02483 * b;
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4);
  const vr = 0.9277 - 3.6224 / (b - 2);
  while (true) {
    const u = double() - 0.5;
    const v = double();
    const us = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / us + b) * u + rate + 0.43);
    if (us >= 0.07 && v <= vr) return k;
    if (k < 0 || (us < 0.013 && v > us)) continue;
    const left = naturalLog(v) + naturalLog(inverseAlpha) - naturalLog(a / (us * us) + b);
    if (left <= -rate + k * logRate - logGamma(k + 1)) return k;
  }
}

/** Bernoulli numbers over 2k(2k−1): the coefficients of Stirling's series, rounded as the reference rounds them. */
const stirling = [
  8.333333333333333e-2, -2.777777777777778e-3, 7.936507936507937e-4, -5.952380952380952e-4, 8.417508417508418e-4,
  -1.917526917526918e-3, 6.41025641025641e-3, -2.955065359477124e-2, 1.796443723688307e-1, -1.3924322169059,
];

/** log Γ(x) by Stirling's series, shifted above 7 (Zhang and Jin, "Computation of Special Functions", 1996). */
function logGamma(x: number): number {
  if (x === 1 || x === 2) return 0;
  const shift = x < 7 ? Math.floor(7 - x) : 0;
  let at = x + shift;
  const inverseSquare = (1 / at) * (1 / at);
  let series = 0;
  for (let k = stirling.length - 1; k >= 0; k--) series = series * inverseSquare + (stirling[k] as number);
  let value = series / at + 0.5 * naturalLog(2 * Math.PI) + (at - 0.5) * naturalLog(at) - at;
  for (let k = 0; k < shift; k++) {
    value -= naturalLog(at - 1);
    at -= 1;
  }
  return value;
}

/**
 * What Stirling's formula leaves of log Γ. Likelihoods of counts and amounts are small differences of large log Γ; written with
 * these rests the large parts are gone before anything is computed. log y! = (y + ½) log y − y + ½ log 2π + stirlingError(y).
 */
import {
  add,
  and,
  cast,
  constant,
  div,
  equal,
  floor,
  gather,
  less,
  log,
  mul,
  type Node,
  not,
  square,
  sub,
  where,
  xlogy,
} from "../graph/index.ts";
import { logFactorial, stirling } from "./special.ts";

/** ½ log 2π. */
export const halfLogTwoPi = Math.log(2 * Math.PI) / 2;

/** From here on six terms of Stirling's series are exact in float64. */
const seriesFrom = 16;

function stirlingStep(x: number): number {
  // (x + ½) log(1 + 1/x) − 1: with t = 1/(2x + 1) it is artanh(t)/t − 1 = t²/3 + t⁴/5 + …, in which nothing cancels.
  if (x < 1) return (x + 0.5) * Math.log1p(1 / x) - 1;
  const square = (2 * x + 1) ** -2;
  let total = 0;
  for (let k = 18; k >= 1; k--) total = square * (1 / (2 * k + 1) + total);
  return total;
}

/** log Γ(x + 1) − ((x + ½) log x − x + ½ log 2π) for x > 0: 1/(12 x) and smaller terms. */
export function stirlingError(x: number): number {
  let total = 0;
  let at = x;
  for (; at < seriesFrom; at++) total += stirlingStep(at);
  return total + stirling.reduceRight((series, coefficient) => series / at ** 2 + coefficient, 0) / at;
}

/** `stirlingError` of a node whose values are 16 or more. */
export function stirlingSeries(x: Node): Node {
  const inverse = div(1, x);
  const step = square(inverse);
  const series = stirling.reduceRight<Node | undefined>(
    (total, coefficient) =>
      total === undefined ? constant(coefficient, x.dtype, x.shape) : add(mul(total, step), coefficient),
    undefined,
  );
  return mul(series as Node, inverse);
}

const tableLength = 32;

/** A function of counts: from a table below 32, else by `large`, which sees numbers from 32 up; by `between` for fractions below 32. */
export function ofCounts(
  y: Node,
  small: (y: number) => number,
  large: (y: Node) => Node,
  between: (y: Node) => Node = () => constant(Number.NaN, y.dtype, y.shape),
): Node {
  const isSmall = less(y, tableLength);
  const isWhole = equal(floor(y), y);
  const inTable = and(isSmall, isWhole);
  const table = constant(
    Array.from({ length: tableLength }, (_, k) => small(k)),
    y.dtype,
    [tableLength],
  );
  const known = gather(table, cast(where(inTable, y, 0), "int32"));
  const elsewhere = where(
    isSmall,
    between(where(and(isSmall, not(isWhole)), y, 0.5)),
    large(where(isSmall, tableLength, y)),
  );
  return where(inTable, known, elsewhere);
}

/** log y! − (y log y − y), 0 for y = 0. */
export function stirlingRest(y: Node): Node {
  const rest = (k: number) => (k === 0 ? 0 : 0.5 * Math.log(k) + halfLogTwoPi + stirlingError(k));
  return ofCounts(
    y,
    rest,
    (x) => add(add(mul(0.5, log(x)), halfLogTwoPi), stirlingSeries(x)),
    (x) => add(sub(logFactorial(x), xlogy(x, x)), x),
  );
}

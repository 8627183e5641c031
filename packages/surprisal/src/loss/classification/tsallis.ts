/** The divergence that belongs to Tsallis entropy, between a target and a prediction; and the loss of the map that maximises it. */
import {
  add,
  and,
  constant,
  div,
  equal,
  expm1,
  less,
  lessEqual,
  log,
  log1p,
  max,
  maximum,
  mul,
  type Node,
  neg,
  not,
  square,
  stopGradient,
  sub,
  sum,
  weighted,
  where,
} from "../../graph/index.ts";
import { klLoss } from "../divergence/kl.ts";
import { raised } from "./shares.ts";
import { naiveTempered, type Tempered, tempered, temperedErrors } from "./tempered.ts";

const seriesTerms = { float32: 12, float64: 20 } as const;

/**
 * y (log_t y − log_t p) − (y^s − p^s)/s, an entry a class, with s = 2 − t ≥ 1 and log_t u = (u^(1−t) − 1)/(1−t): at least 0, and 0 where p is y.
 * Where p lies within a factor e^(1/s) of y it is y^s Σ (sᵏ⁻¹ − aᵏ⁻¹)/k! xᵏ over k ≥ 2, x = log(p/y), a = s − 1: nothing cancels.
 */
export function tsallisDivergence(yTrue: Node, shares: Tempered, s: number): Node {
  const errors = temperedErrors(yTrue, shares);
  if (s === 2) return mul(0.5, square(errors));
  const { p } = shares;
  const a = s - 1;
  const some = less(0, yTrue);
  const reach = Math.exp(1 / s);
  const both = and(some, less(0, p));
  const near = and(both, and(lessEqual(div(yTrue, reach), p), lessEqual(p, mul(reach, yTrue))));
  const far = and(some, not(near));

  const yNear = where(near, yTrue, 1);
  const x = log1p(div(where(near, errors, 0), yNear));
  const close = mul(raised(yNear, s), mul(square(x), series(x, s)));

  const known = and(far, not(equal(shares.log, Number.NEGATIVE_INFINITY)));
  const logT = (logarithm: Node) => (a === 0 ? logarithm : div(expm1(mul(a, logarithm)), a));
  const atZero = a === 0 ? Number.NEGATIVE_INFINITY : -1 / a;
  const yFar = where(far, yTrue, 1);
  const gap = sub(logT(log(yFar)), where(known, logT(where(known, shares.log, 0)), atZero));
  const apart = where(far, sub(mul(yFar, gap), div(raised(yFar, s), s)), 0);
  return add(close, add(apart, div(raised(where(near, 0, p), s), s)));
}

function series(x: Node, s: number): Node {
  const last = seriesTerms[x.dtype as keyof typeof seriesTerms];
  const coefficients: number[] = [];
  for (let k = 2, factorial = 2; k <= last; factorial *= ++k)
    coefficients.push((s ** (k - 1) - (s - 1) ** (k - 1)) / factorial);
  return coefficients.reduceRight<Node>((total, c) => add(mul(total, x), c), constant(0, x.dtype, x.shape));
}

/**
 * The Fenchel–Young loss Ω*(z) + Ω(y) − ⟨z, y⟩ of Ω(p) = (Σ p^α − 1)/(α (α − 1)), one number a row, α ≥ 1; α = 1 is KL(y ‖ softmax z). Written as
 * the divergence of y from p = entmax z and what targets cost whose p is cut off to 0: sums of terms that are not negative. Ω* is a
 * maximum over p, so that with p held constant the first derivative p − y is exact (envelope theorem); second derivatives are 0.
 */
export function fenchelYoung(yTrue: Node, yPred: Node, alpha: number): Node {
  if (alpha === 1) {
    return klLoss.definition.value(
      yTrue,
      yPred,
      { fromLogits: true, fromLogProbabilities: false, logTarget: false },
      {},
    );
  }
  const held = stopGradient(yPred);
  const shares = tempered(held, alpha);
  const base = shares.base as Node;
  const b = alpha - 1;
  const cutOff = sum(weighted(yTrue, div(maximum(0, neg(base)), b)), [-1]);
  // Targets that do not sum to 1 count as given: what is missing costs λ − 1/b, read off the largest logit.
  const missing = sub(1, sum(yTrue, [-1]));
  const threshold = sub(max(held), div(sum(where(shares.isTop, base, 0), [-1]), b));
  const value = add(add(sum(tsallisDivergence(yTrue, shares, alpha), [-1]), cutOff), weighted(missing, threshold));
  // A node of value 0 that carries the gradient; where the loss is infinite it is so by itself.
  const slope = sum(weighted(stopGradient(temperedErrors(yTrue, shares)), yPred), [-1]);
  const infinite = equal(value, Number.POSITIVE_INFINITY);
  const finite = where(infinite, 0, slope);
  return where(infinite, slope, add(where(infinite, 0, value), sub(finite, stopGradient(finite))));
}

/** The same of a row in textbook form, for the oracles. */
export function naiveFenchelYoung(y: readonly number[], z: readonly number[], alpha: number): number {
  const p = naiveTempered(z, alpha);
  const omega = (q: readonly number[]) =>
    alpha === 1
      ? q.reduce((s, x) => s + (x === 0 ? 0 : x * Math.log(x)), 0)
      : (q.reduce((s, x) => s + x ** alpha, 0) - 1) / (alpha * (alpha - 1));
  return p.reduce((s, x, c) => s + (x - (y[c] as number)) * (z[c] as number), 0) - omega(p) + omega(y);
}

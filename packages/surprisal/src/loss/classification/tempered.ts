/**
 * The map from logits to probabilities that entmax and the tempered softmax share: p = [1 + b (z − λ)]₊^(1/b) with b = α − 1 = 1 − t and the
 * λ for which p sums to 1. b = 0 is softmax, b = 1 sparsemax; for b > 0 far classes get exactly 0, for b < 0 the tails are heavy.
 */
import {
  add,
  and,
  argmax,
  broadcastTo,
  constant,
  div,
  equal,
  exp,
  expm1,
  iota,
  less,
  lessEqual,
  log,
  log1p,
  logSoftmax,
  max,
  mul,
  type Node,
  neg,
  not,
  pow,
  softmax,
  stopGradient,
  sub,
  sum,
  weighted,
  where,
} from "../../graph/index.ts";
import { raised } from "./shares.ts";

/** Probabilities of a row, with what keeps the digits of those near 0 and 1. */
export interface Tempered {
  readonly p: Node;
  /** log p; −Infinity where p is 0 by definition rather than by underflow. */
  readonly log: Node;
  /** Where the largest logit stands: the first among equals. */
  readonly isTop: Node;
  /** 1 − p of the largest: the sum of all others, broadcast over the row. */
  readonly others: Node;
  /** The base 1 + b (z − λ) before it is cut off at 0; nothing for softmax. */
  readonly base: Node | undefined;
}

const bits = { float32: 24, float64: 53 } as const;
type Precision = keyof typeof bits;
const alongRow = { keepDims: true } as const;

/**
 * `yPred` [..., C] as probabilities, α any number. λ is found in a fixed number of passes over the row (`levelByNewton`,
 * `levelByHalving`), and held: its first derivative comes from the implicit function theorem, dλ = Σ w dz with w = p^(2−α) / Σ p^(2−α).
 * First derivatives are exact; second ones would miss the change of w.
 */
export function tempered(yPred: Node, alpha: number): Tempered {
  const top = max(yPred, alongRow);
  const isTop = equal(iota(-1, yPred.shape), broadcastTo(argmax(yPred, alongRow), yPred.shape));
  const share = (p: Node, logarithm: Node, base?: Node): Tempered => {
    const others = broadcastTo(sum(where(isTop, 0, p), [-1], alongRow), p.shape);
    return { p, log: logarithm, isTop, others, base };
  };
  if (alpha === 1) return share(softmax(yPred), logSoftmax(yPred));

  const b = alpha - 1;
  // Distances from the largest logit, which itself is a constant 0, so that its slope is the others' sum; NaN stays.
  const nan = where(equal(top, top), 0, top);
  const distance = where(isTop, broadcastTo(nan, yPred.shape), sub(yPred, top));
  const held = stopGradient(distance);
  const level = stopGradient(b > 1 ? levelByHalving(held, b) : levelByNewton(held, b));
  const slopes = slopesOf(sharesAt(level, held, b));
  const shift = mul(b, sum(weighted(stopGradient(div(slopes, sum(slopes, [-1], alongRow))), distance), [-1], alongRow));
  const { p, log: logarithm, active, base } = sharesAt(sub(level, sub(shift, stopGradient(shift))), distance, b);
  return share(p, where(active, logarithm, Number.NEGATIVE_INFINITY), base);
}

/** p − y, with its digits where y is 1 and p is near it. */
export function temperedErrors(yTrue: Node, { p, isTop, others }: Tempered): Node {
  return where(and(isTop, equal(yTrue, 1)), neg(others), sub(p, yTrue));
}

/** Below this |b| powers are taken by way of log1p: the exponent 1/b would magnify the rounding of the base. */
const nearSoftmax = 1 / 8;
/** What the level is counted from: 1 near softmax, else 0. */
const origin = (b: number): number => (Math.abs(b) < nearSoftmax ? 1 : 0);

interface Shares {
  readonly p: Node;
  readonly log: Node;
  readonly base: Node;
  readonly active: Node;
}

/** p for the level, which is the base of the largest logit less the origin. Where the base is not above 0, p is 0. */
function sharesAt(level: Node, distance: Node, b: number): Shares {
  const from = origin(b);
  const x = add(mul(b, distance), level);
  // Not "above 0", so that NaN counts as active and comes through.
  const active = not(lessEqual(x, -from));
  const safe = where(active, x, 1 - from);
  const logarithm = div(from === 1 ? log1p(safe) : log(safe), b);
  const power = from === 1 ? exp(logarithm) : raised(safe, 1 / b);
  return { p: where(active, power, 0), log: logarithm, base: from === 1 ? add(1, x) : x, active };
}

/** p^(2−α) = p / base: how fast each p falls as λ grows. */
const slopesOf = ({ p, base, active }: Shares): Node => div(p, where(active, base, 1));

/**
 * Steps after which Newton's method on f = S^b − 1, S = Σ p as a function of λ, is exact whatever the logits. f is convex and falls (b > 0: a norm
 * of positive parts) or concave and rises (b < 0). So no step from λ = max z on, where S ≥ 1, overshoots, and each multiplies |f f′| by 1/4 at
 * most. With c = |b|, |f f′| starts below c² C^2c log C and c C^−c ≤ |f′|: bits/2 + c log₂ C steps are enough. For b ≤ 1/2 also |f″| ≤
 * c (1 + c) C^2c, and once f is below c C^−4c / (1 + c) every step doubles the digits. For b = 1 (straight pieces) C steps are enough as well.
 */
export function newtonSteps(b: number, classes: number, dtype: Precision): number {
  const c = Math.abs(b);
  const growth = Math.log2(classes);
  const straight = bits[dtype] / 2 + c * growth;
  const start = Math.log2(Math.max(1, (1 + c) * Math.log(classes))) / 2 + 3 * c * growth;
  const curved = b > 0.5 ? straight : start + Math.ceil(Math.log2(bits[dtype]));
  const bound = Math.ceil(Math.min(straight, curved)) + 1;
  return b === 1 ? Math.min(bound, classes) : bound;
}

function levelByNewton(distance: Node, b: number): Node {
  const steps = newtonSteps(b, distance.shape.at(-1) as number, distance.dtype as Precision);
  let level = constant(1 - origin(b), distance.dtype, [...distance.shape.slice(0, -1), 1]) as Node;
  for (let step = 0; step < steps; step++) {
    const shares = sharesAt(level, distance, b);
    const total = sum(shares.p, [-1], alongRow);
    const excess = b === 1 ? sub(1, total) : mul(total, expm1(mul(-b, log(total))));
    level = add(level, div(excess, sum(slopesOf(shares), [-1], alongRow)));
  }
  return level;
}

/**
 * The level for α > 2, where S has infinite slopes: the largest p is halved in from [1/C, 1], bits + log₂ C times, to full relative precision.
 */
function levelByHalving(distance: Node, b: number): Node {
  const classes = distance.shape.at(-1) as number;
  const shape = [...distance.shape.slice(0, -1), 1];
  const levelOf = (largest: Node) => pow(largest, constant(b, largest.dtype, shape));
  let low = constant(1 / classes, distance.dtype, shape) as Node;
  let high = constant(1, distance.dtype, shape) as Node;
  for (let step = Math.ceil(bits[distance.dtype as Precision] + Math.log2(classes)); step > 0; step--) {
    const middle = mul(0.5, add(low, high));
    const above = less(1, sum(sharesAt(levelOf(middle), distance, b).p, [-1], alongRow));
    [low, high] = [where(above, low, middle), where(above, middle, high)];
  }
  return levelOf(high);
}

/** p of a row in textbook form, for the oracles: λ by halving. */
export function naiveTempered(z: readonly number[], alpha: number): number[] {
  const b = alpha - 1;
  const top = Math.max(...z);
  const at = (lambda: number) =>
    z.map((x) => (b === 0 ? Math.exp(x - lambda) : Math.max(0, 1 + b * (x - lambda)) ** (1 / b)));
  const total = (lambda: number) => at(lambda).reduce((s, p) => s + p, 0);
  let [low, high] = [top, top + 1];
  while (total(high) > 1) high += high - low;
  for (let step = 0; step < 200; step++) {
    const middle = (low + high) / 2;
    if (total(middle) > 1) low = middle;
    else high = middle;
  }
  return at(high);
}

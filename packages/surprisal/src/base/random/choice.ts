/** Picking positions out of 0 … n−1, with or without replacement, evenly or by probability. */
import { InvalidArgumentError } from "../errors.ts";

/** Compensated sum (Kahan 1965). */
function kahanSum(values: ArrayLike<number>): number {
  let sum = values[0] as number;
  let lost = 0;
  for (let i = 1; i < values.length; i++) {
    const y = (values[i] as number) - lost;
    const t = sum + y;
    lost = t - sum - y;
    sum = t;
  }
  return sum;
}

/** @throws InvalidArgumentError unless there is one probability ≥ 0 per item and they add up to 1. */
export function checkProbabilities(p: ArrayLike<number>, items: number, picked: number, replace: boolean): void {
  const fail = (code: string, received: string, expected: string): never => {
    throw new InvalidArgumentError(`choice/${code}`, {
      received,
      expected,
      hint: "Pass p with one probability of 0 or more per item, adding up to 1.",
    });
  };
  if (p.length !== items) fail("probabilities-length", `p has ${p.length} entries`, `there are ${items} items`);
  let positive = 0;
  for (let i = 0; i < p.length; i++) {
    const value = p[i];
    if (typeof value !== "number" || !(value >= 0)) {
      fail("negative-probability", `p[${i}] is ${String(value)}`, "a probability is 0 or more");
    } else if (value > 0) positive++;
  }
  const sum = kahanSum(p);
  // The square root of the machine epsilon is what the reference allows.
  if (!(Math.abs(sum - 1) <= 1.4901161193847656e-8)) fail("probabilities-sum", `p adds up to ${sum}`, "it must be 1");
  if (!replace && positive < picked) {
    fail("too-few-positive", `${picked} items were asked for without replacement`, `only ${positive} have p > 0`);
  }
}

function cumulative(p: ArrayLike<number>): Float64Array {
  const sums = new Float64Array(p.length);
  let sum = 0;
  for (let i = 0; i < p.length; i++) sums[i] = sum += p[i] as number;
  return sums.map((s) => s / sum);
}

/** The number of sorted values that are at most `x`: where x would go after its equals. */
export function insertAfter(sorted: ArrayLike<number>, x: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const at = (low + high) >>> 1;
    if ((sorted[at] as number) <= x) low = at + 1;
    else high = at;
  }
  return low;
}

/** The number of sorted values below `x`: where x would go before its equals. */
export function insertBefore(sorted: ArrayLike<number>, x: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const at = (low + high) >>> 1;
    if ((sorted[at] as number) < x) low = at + 1;
    else high = at;
  }
  return low;
}

export function pickByProbability(p: ArrayLike<number>, count: number, double: () => number): Float64Array {
  const limits = cumulative(p);
  return Float64Array.from({ length: count }, () => insertAfter(limits, double()));
}

/** Without replacement: draws what is missing, strikes repeats, takes the found items' probability away, and again. */
export function pickDistinctByProbability(p: ArrayLike<number>, count: number, double: () => number): Float64Array {
  const left = Float64Array.from(p);
  const found = new Set<number>();
  while (found.size < count) {
    const points = Float64Array.from({ length: count - found.size }, () => double());
    for (const item of found) left[item] = 0;
    const limits = cumulative(left);
    for (const point of points) found.add(insertAfter(limits, point));
  }
  return Float64Array.from(found);
}

/** What losses of square roots of probabilities share. */
import { add, and, div, equal, less, mul, type Node, not, sqrt, square, sum, where } from "../../graph/index.ts";
import type { Pair } from "./pairs.ts";

/**
 * ½ Σ (√q − √p)² over the last axis, √q − √p as (q − p) / (√q + √p). Where p is 0 the term is q, whose slope is finite at 0, too.
 */
export function halfSquaredRootDifferences(pair: Pair): Node {
  const { p, q } = pair;
  return mul(0.5, sum(where(less(0, p), square(rootDifferences(pair)), q), [-1]));
}

/** √q − √p where p is not 0, else 0. */
function rootDifferences({ p, difference, root }: Pair): Node {
  const present = less(0, p);
  return div(where(present, difference, 0), add(root(present), sqrt(p)));
}

/** A sum of squares below `from` is taken again with its terms enlarged by `factor`, lest they come out as 0. */
const enlarged = {
  float32: { from: 2 ** -100, factor: 2 ** 60 },
  float64: { from: 2 ** -900, factor: 2 ** 400 },
} as const;

/** The square root of half of Σ (√q − √p)², with slope 0 where that is 0. */
export function rootDistance(pair: Pair): Node {
  const { p, root } = pair;
  const { from, factor } = enlarged[p.dtype as "float32" | "float64"];
  const squared = halfSquaredRootDifferences(pair);
  const onlyQ = and(not(less(0, p)), not(pair.impossible));
  const roots = add(rootDifferences(pair), where(onlyQ, root(onlyQ), 0));
  const large = mul(0.5, sum(square(mul(factor, roots)), [-1]));
  const isSmall = less(squared, from);
  const isZero = and(isSmall, equal(large, 0));
  const small = div(sqrt(where(and(isSmall, not(isZero)), large, 1)), factor);
  return where(isZero, 0, where(isSmall, small, sqrt(where(isSmall, 1, squared))));
}

export const naiveRootDifferences = (p: readonly number[], q: readonly number[]): number =>
  q.reduce((total, qc, c) => total + (Math.sqrt(qc) - Math.sqrt(p[c] as number)) ** 2, 0) / 2;

/** a log(a/b), element by element, for two amounts from 0 up. */
import { add, and, div, less, mul, type Node, not, or, sub, where, xlogy } from "../../graph/index.ts";
import { excessOverLog1p } from "../special.ts";
import { comparableRatio, within } from "./pairs.ts";

/** a log(a/b) = terms − difference. */
export interface RelativeEntropy {
  /** Of one size with a log(a/b) − a + b where a and b are alike, else a log(a/b). */
  readonly terms: Node;
  /** b − a where they are alike, else 0. For distributions these add up to 0, and among the terms they would hide them. */
  readonly difference: Node;
  /** bool: where a and b are alike. */
  readonly near: Node;
}

/**
 * Where b lies within a factor 2 of a, a log(a/b) is a (d − log(1 + d)) − (b − a) with d = (b − a)/a: nearly equal amounts keep their
 * digits, and the first term is never negative. 0 where a is 0, infinite where only b is.
 * @param difference b − a.
 */
export function relativeEntropy(a: Node, b: Node, difference: Node): RelativeEntropy {
  const near = within(2, a, b);
  const comparable = and(not(near), within(comparableRatio, a, b));
  const apart = and(or(less(0, a), less(0, b)), not(or(near, comparable)));
  const aNear = where(near, a, 1);
  const difNear = where(near, difference, 0);
  const excess = mul(where(near, a, 0), excessOverLog1p(div(difNear, aNear)));
  const ratio = div(where(comparable, a, 1), where(comparable, b, 1));
  const aApart = where(apart, a, 0);
  // Each element is in one of the three ranges, and adds 0 to the other terms.
  const logarithms = sub(xlogy(aApart, aApart), xlogy(aApart, where(apart, b, 1)));
  return { terms: add(excess, add(xlogy(where(comparable, a, 0), ratio), logarithms)), difference: difNear, near };
}

/** a log(a/b) − a + b: never negative, 0 only where a = b. */
export function bregman(a: Node, b: Node, difference: Node): Node {
  const { terms, near } = relativeEntropy(a, b, difference);
  return add(terms, where(near, 0, difference));
}

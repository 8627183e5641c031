/** How often an expression changes, which says how far out of the loops it can be computed. */
import type { Expression } from "../../../compile/kernel.ts";

/** 0: the same everywhere · 1: the same along a row · 2: an element's own. */
export type Level = 0 | 1 | 2;

function levelOfStrides(strides: readonly number[]): Level {
  if (strides.length > 0 && strides.at(-1) !== 0) return 2;
  return strides.some((stride) => stride !== 0) ? 1 : 0;
}

/** A function that remembers: expressions are shared, and deep. */
export function levelFinder(): (e: Expression) => Level {
  const known = new Map<Expression, Level>();
  const find = (e: Expression): Level => {
    if (e.kind === "constant") return 0;
    const cached = known.get(e);
    if (cached !== undefined) return cached;
    const level = compute(e);
    known.set(e, level);
    return level;
  };
  const compute = (e: Expression): Level => {
    if (e.kind === "load") return levelOfStrides(e.access.strides);
    if (e.kind === "index") return levelOfStrides(e.strides);
    if (e.kind === "reduced") return 1;
    if (e.kind === "accumulator") return 2;
    if (e.kind !== "op") return 0;
    let level: Level = 0;
    for (const arg of e.args) {
      const own = find(arg);
      if (own > level) level = own;
    }
    return level;
  };
  return find;
}

/** Visits every expression below the roots that is no constant, once. */
export function visitOnce(roots: readonly Expression[], visit: (e: Expression) => void): void {
  const seen = new Set<Expression>();
  const walk = (e: Expression): void => {
    if (e.kind === "constant" || seen.has(e)) return;
    seen.add(e);
    visit(e);
    if (e.kind === "op") e.args.forEach(walk);
  };
  roots.forEach(walk);
}

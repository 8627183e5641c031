/** simplify: each rule before and after, by node identity, and the same values at every edge. */
import { describe, expect, test } from "vitest";
import { cleanUp, simplify } from "../../../src/compile/passes/simplify.ts";
import * as g from "../../../src/graph/index.ts";

const x = g.input("x", "float64", [2, 3]);
const y = g.input("y", "float64", [2, 3]);
const s = g.input("s", "float64", []);
const flag = g.input("flag", "bool", [2, 3]);
const c = (value: number) => g.constant(value, "float64", [2, 3]);
const spread = (node: g.Node) => g.broadcastTo(node, [2, 3]);

const rules: readonly (readonly [name: string, before: g.Node, after: g.Node])[] = [
  ["arithmetic of constants", g.add(c(2), c(3)), c(5)],
  ["a function of a constant", g.exp(c(0)), c(1)],
  ["a comparison of constants", g.less(c(1), c(2)), g.constant(1, "bool", [2, 3])],
  ["int32 that wraps", g.add(g.constant(2147483647, "int32"), 1), g.constant(-2147483648, "int32")],
  ["x + 0", g.add(x, 0), x],
  ["0 + x", g.add(0, x), x],
  ["x − 0", g.sub(x, 0), x],
  ["x · 1", g.mul(x, 1), x],
  ["1 · x", g.mul(1, x), x],
  ["x / 1", g.div(x, 1), x],
  ["−(−x)", g.neg(g.neg(x)), x],
  ["x + (−y)", g.add(x, g.neg(y)), g.sub(x, y)],
  ["x · −1", g.mul(x, -1), g.neg(x)],
  ["−1 · x", g.mul(-1, x), g.neg(x)],
  ["where true", g.where(g.constant(1, "bool", [2, 3]), x, y), x],
  ["where false", g.where(g.constant(0, "bool", [2, 3]), x, y), y],
  ["where of equals", g.where(flag, x, x), x],
  ["broadcast of a broadcast", g.broadcastTo(g.broadcastTo(s, [3]), [2, 3]), spread(s)],
  ["transpose to the same axes", g.transpose(x, [0, 1]), x],
  ["a function of a broadcast scalar", g.exp(spread(s)), spread(g.exp(s))],
  ["two broadcast scalars", g.mul(spread(s), spread(g.exp(s))), spread(g.mul(s, g.exp(s)))],
  ["a broadcast scalar and a constant", g.mul(spread(s), 2), spread(g.mul(s, 2))],
  ["what several rules remove", g.sub(g.mul(g.add(x, g.neg(c(-0))), 1), 0), x],
];

/** What must stay. */
const kept: readonly (readonly [name: string, node: g.Node])[] = [
  ["x · 0, which is NaN for an infinity", g.mul(x, 0)],
  ["x − x, which is NaN for an infinity", g.sub(x, x)],
  ["x / x, which is NaN for 0", g.div(x, x)],
  ["x + −0, which keeps the sign of zero", g.add(x, -0)],
  ["0 − x, which is not −x at 0", g.sub(0, x)],
  ["where between different values", g.where(flag, x, y)],
  ["a transpose", g.transpose(x)],
  ["constants of different values", g.add(g.constant([1, 2], "float64"), g.constant([3, 4], "float64"))],
  ["a scalar beside a matrix", g.mul(x, spread(s))],
  ["a function of a row that is broadcast", g.exp(spread(g.input("row", "float64", [3])))],
];

const edges = [0, -0, 1, -1, 1.5, -2.5, 5e-324, 1.7976931348623157e308, Infinity, -Infinity, Number.NaN];

describe("simplify", () => {
  test.each(rules)("%s", (_, before, after) => {
    expect(simplify([before])[0]).toBe(simplify([after])[0]);
    expect(cleanUp([before])[0]).toBe(simplify([before])[0]);
    expect(simplify([before])[0]).not.toBe(before);
  });

  test.each(rules.filter(([name]) => name !== "what several rules remove"))(
    "%s is the form given",
    (_, before, after) => {
      expect(simplify([before])[0]).toBe(after);
    },
  );

  test.each(kept)("leaves %s", (_, node) => {
    expect(simplify([node])[0]).toBe(node);
  });

  test("drops stopGradient before decomposing and keeps it afterwards", () => {
    const stopped = g.exp(g.stopGradient(x));
    expect(simplify([stopped])[0]).toBe(g.exp(x));
    expect(cleanUp([stopped])[0]).toBe(stopped);
  });

  test("is exact at every pair of edges", () => {
    let compared = 0;
    for (const [name, before] of rules) {
      const [after] = simplify([before]) as [g.Node];
      for (const a of edges) {
        for (const b of edges) {
          const feeds = new Map<g.Node, number[]>([
            [x, [a, b, a, b, a, b]],
            [y, [b, b, a, a, 1, 0]],
            [s, [a]],
            [flag, [1, 0, 1, 0, 1, 0]],
          ]);
          const [was, is] = g.evaluateFloat64([before, after], feeds) as [Float64Array, Float64Array];
          // +0 and −0 are equal to every op of the language.
          expect(
            [...is].map((v) => v + 0),
            `${name} at ${a}, ${b}`,
          ).toEqual([...was].map((v) => v + 0));
          compared++;
        }
      }
    }
    expect(compared).toBe(rules.length * edges.length ** 2);
  });
});

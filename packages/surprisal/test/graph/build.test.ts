/** What the builders do before a record sees the operands. */
import { expect, test } from "vitest";
import * as g from "../../src/graph/index.ts";
import { defineLoss, unit } from "../../src/losses.ts";

const x = g.input("x", "float64", [3]);

test("two plain numbers stay a number, a number beside a node takes its dtype", () => {
  expect(g.sub(0.25, 1)).toBe(-0.75);
  expect(g.mul(2, x).inputs[0]).toBe(g.constant(2, "float64", [3]));
});

test("making a node twice gives the same node; constants of different sign of zero differ", () => {
  expect(g.add(x, g.mul(x, x))).toBe(g.add(x, g.mul(x, x)));
  expect(g.constant(0, "float64")).not.toBe(g.constant(-0, "float64"));
  expect(g.constant(Number.NaN, "float64")).not.toBe(g.constant(Number.POSITIVE_INFINITY, "float64"));
});

test("a slice as long as its operand must start at 0", () => {
  expect(g.slice(x, [0], [3])).toBe(x);
  expect(() => g.slice(x, [1], [3])).toThrow(/must lie inside \[3\]/);
});

test("a loss of one's own in the words of the README", () => {
  const { maximum, mul, sub } = g;
  const tilted = defineLoss({
    name: "tilted",
    task: "regression",
    params: { tau: unit(0.5, "the quantile") },
    value: (yTrue, yPred, { tau }) => maximum(mul(tau, sub(yTrue, yPred)), mul(sub(tau, 1), sub(yTrue, yPred))),
  });
  const { perSample, gradient } = tilted.evaluate([1, 1], [0, 3], { tau: 0.9, reduction: "sum" });
  expect(Array.from(perSample.data)).toEqual([0.9, expect.closeTo(0.2, 14)]);
  expect(Array.from(gradient.data)).toEqual([-0.9, expect.closeTo(0.1, 14)]);
});

test("a rule about sums of logarithms leaves other ops of logarithms alone", () => {
  const m = g.input("m", "float64", [2, 3]);
  const w = g.input("w", "float64", [3, 2]);
  const product = g.mul(g.input("y", "float64", [2, 2]), g.matmul(g.log(m), w));
  expect(g.stabilise([product])).toEqual([product]);
});

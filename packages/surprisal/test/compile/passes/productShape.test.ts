/** productShape: elementwise work on a reshaped product moves to the product's shape, and means the same. */
import { expect, test } from "vitest";
import { productShape } from "../../../src/compile/passes/productShape.ts";
import * as g from "../../../src/graph/index.ts";
import { values } from "../../backends/harness.ts";

const a = g.input("a", "float64", [6, 5]);
const b = g.input("b", "float64", [5, 4]);
const deep = g.input("deep", "float64", [2, 3, 4]);
const product = g.reshape(g.matmul(a, b), [2, 3, 4]);
const feeds = new Map(
  [a, b, deep].map((x, i) => [
    x,
    values(
      x.shape.reduce((n, dim) => n * dim, 1),
      i,
    ),
  ]),
);

function expectSame(before: g.Node): g.Node {
  const [after] = productShape([before]) as [g.Node];
  g.verify([after]);
  expect(after.shape).toEqual(before.shape);
  const [was, is] = g.evaluateFloat64([before, after], feeds) as [Float64Array, Float64Array];
  expect([...is]).toEqual([...was]);
  return after;
}

/** Shapes of the elementwise nodes. */
const shapesOf = (node: g.Node) =>
  g
    .topological([node])
    .filter(({ op }) => op.kind === "elementwise")
    .map(({ shape }) => shape.join());

test("a chain of one operand, with numbers", () => {
  const after = expectSame(g.maximum(g.mul(g.tanh(product), 2), 0));
  expect(shapesOf(after)).toEqual(["6,4", "6,4", "6,4"]);
  expect(after.op).toBe(g.ops.reshape);
});

test("together with what lies row by row", () => {
  expect(shapesOf(expectSame(g.where(g.less(product, 0), deep, g.exp(deep)))).sort()).toEqual(["2,3,4", "6,4", "6,4"]);
});

test("not where an operand would have to be copied", () => {
  const turned = g.transpose(g.input("turned", "float64", [4, 3, 2]));
  const repeated = g.broadcastTo(g.input("repeated", "float64", [3, 1]), [2, 3, 4]);
  for (const other of [turned, repeated]) {
    const [after] = productShape([g.add(product, other)]) as [g.Node];
    expect(shapesOf(after)).toEqual(["2,3,4"]);
  }
});

test("not where the last axis was split", () => {
  const before = g.tanh(g.reshape(g.matmul(a, b), [6, 2, 2]));
  expect(productShape([before])[0]).toBe(before);
});

/** Every loss with its gradient, compiled against interpreted, in the arithmetic that models train with. */
import { expect, test } from "vitest";
import type { Node } from "../../src/graph/index.ts";
import * as g from "../../src/graph/index.ts";
import * as losses from "../../src/losses.ts";
import { referenceWithBounds, runOnWasm, uncovered, values, worstExcess } from "./harness.ts";

const shapes = [
  [1, 3],
  [4, 1],
  [5, 10],
  [33, 7],
] as const;

/** Data that every domain takes: probabilities where the loss wants them, scores otherwise. */
function inputs(loss: losses.LossFunction, rows: number, columns: number) {
  const raw = values(rows * columns, 5);
  const unit = raw.map((x) => Math.fround(1 / (1 + Math.exp(-x))));
  const inUnit = /unit|simplex|binary|distribution/;
  const yPred =
    inUnit.test(loss.definition.yPred?.name ?? "real") || loss.definition.yPred?.name === "nonNegative" ? unit : raw;
  const name = loss.definition.yTrue?.name ?? "real";
  const other = values(rows * columns, 6);
  const yTrue =
    inUnit.test(name) || name === "nonNegative"
      ? other.map((x) => Math.fround(1 / (1 + Math.exp(-x))))
      : name === "sign"
        ? other.map((x) => (x < 0 ? -1 : 1))
        : other;
  const labels = Array.from({ length: rows }, (_, i) => (i * 7) % columns);
  return { yPred, yTrue: loss.targets === "classIndex" ? labels : yTrue };
}

let ran = 0;
const cases = losses.list().flatMap(({ name }) => (["float32", "float64"] as const).map((dtype) => ({ name, dtype })));

test.each(cases)("$name in $dtype", async ({ name, dtype }) => {
  const loss = losses.get(name) as losses.LossFunction;
  for (const [rows, columns] of shapes) {
    const data = inputs(loss, rows, columns);
    const index = loss.targets === "classIndex";
    const z = g.input("yPred", dtype, [rows, columns]);
    const y = g.input("yTrue", index ? "int32" : dtype, index ? [rows] : [rows, columns]);
    const w = g.input("sampleWeight", dtype, [rows]);
    const graph = loss.graph(y, z, { sampleWeight: w });
    const [perSample, value] = g.stabilise([graph.perSample, graph.value]) as [Node, Node];
    const outputs = [perSample, value, g.gradient(value, [z])[0] as Node];
    const feeds = new Map<Node, ArrayLike<number>>([
      [z, data.yPred],
      [y, data.yTrue],
      [w, values(rows, 9).map((x) => Math.abs(x))],
    ]);
    const { values: got, report, touched } = await runOnWasm(outputs, feeds);
    const worst = worstExcess(got, referenceWithBounds(outputs, feeds, dtype), dtype);
    expect(worst.excess, JSON.stringify(worst)).toBeLessThanOrEqual(1);
    expect(touched).toBeUndefined();
    if (columns > 1) expect(uncovered(outputs, report)).toEqual([]);
    ran++;
  }
});

test("all losses ran", () => {
  expect(ran).toBe(cases.length * shapes.length);
  expect(cases.length).toBeGreaterThanOrEqual(22);
});

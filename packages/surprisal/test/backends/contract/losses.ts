/** Every loss with its gradient, in the arithmetic that models train with. */
import { describe, expect, test } from "vitest";
import type { FloatDType } from "../../../src/base/dtype.ts";
import { simplify } from "../../../src/compile/passes/simplify.ts";
import type { Node } from "../../../src/graph/index.ts";
import * as g from "../../../src/graph/index.ts";
import * as losses from "../../../src/losses.ts";
import type { Contract } from "../contract.ts";
import { prepare, referenceWithBounds, runOn, uncovered, values, worstExcess } from "../harness.ts";

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
      : name === "sign" || name === "bit"
        ? other.map((x) => (x < 0 ? (name === "bit" ? 0 : -1) : 1))
        : other;
  const labels = Array.from({ length: rows }, (_, i) => (i * 7) % columns);
  return { yPred, yTrue: loss.targets === "classIndex" ? labels : yTrue };
}

/** Value of each sample, reduced value, and its gradient. */
function graphOf(loss: losses.LossFunction, dtype: FloatDType, rows: number, columns: number) {
  const data = inputs(loss, rows, columns);
  const index = loss.targets === "classIndex";
  const z = g.input("yPred", dtype, [rows, columns]);
  const y = g.input("yTrue", index ? "int32" : dtype, index ? [rows] : [rows, columns]);
  const w = g.input("sampleWeight", dtype, [rows]);
  const graph = loss.graph(y, z, { sampleWeight: w });
  const [perSample, value] = g.stabilise([graph.perSample, graph.value]) as [Node, Node];
  const feeds = new Map<Node, ArrayLike<number>>([
    [z, data.yPred],
    [y, data.yTrue],
    [w, values(rows, 9).map((x) => Math.abs(x))],
  ]);
  return { outputs: [perSample, value, g.gradient(value, [z])[0] as Node], feeds };
}

export function lossContract({ makeDevice, check }: Contract): void {
  const names = losses.list().map(({ name }) => name);

  describe.each(["float32", "float64"] as const)("losses, %s", (dtype) => {
    for (const name of names) {
      check(name, async () => {
        let ran = 0;
        for (const [rows, columns] of shapes) {
          const { outputs, feeds } = graphOf(losses.get(name) as losses.LossFunction, dtype, rows, columns);
          const { values: got, touched } = await runOn(makeDevice(), outputs, feeds);
          const worst = worstExcess(got, referenceWithBounds(outputs, feeds, dtype), dtype);
          expect(worst.excess, JSON.stringify(worst)).toBeLessThanOrEqual(1);
          expect(touched).toBeUndefined();
          ran++;
        }
        expect(ran).toBe(shapes.length);
      });
    }

    check("every op of a loss is in a kernel", async () => {
      for (const name of names) {
        for (const [rows, columns] of shapes.filter(([, c]) => c > 1)) {
          const { outputs, feeds } = graphOf(losses.get(name) as losses.LossFunction, dtype, rows, columns);
          const { report } = await prepare(makeDevice(), outputs, feeds);
          // What simplifying turns into another op is not missing.
          expect(uncovered(simplify(outputs), report), name).toEqual([]);
        }
      }
    });
  });

  test("there are losses", () => {
    expect(names.length).toBeGreaterThanOrEqual(11);
  });
}

/** Every loss with its gradient, in the arithmetic that models train with. */
import { describe, expect, test } from "vitest";
import type { FloatDType } from "../../../src/base/dtype.ts";
import { decompose } from "../../../src/compile/passes/decompose.ts";
import { cleanUp, simplify } from "../../../src/compile/passes/simplify.ts";
import type { Node } from "../../../src/graph/index.ts";
import * as g from "../../../src/graph/index.ts";
import * as losses from "../../../src/losses.ts";
import { type AnyLoss, problem } from "../../loss/problems.ts";
import type { Contract } from "../contract.ts";
import { prepare, referenceWithBounds, runOn, uncovered, worstExcess } from "../harness.ts";

/** Rows and classes. */
const shapes = [
  [1, 3],
  [4, 1],
  [5, 10],
  [33, 7],
] as const;
/** Losses of several arrays have graphs of some thousand nodes. */
const shapesOf = (loss: AnyLoss) => (losses.takesArrays(loss) ? shapes.slice(2, 3) : shapes);

/** Value of each sample, reduced value, and gradients. */
function graphOf(loss: AnyLoss, dtype: FloatDType, rows: number, columns: number) {
  const { graph, predicted, feeds } = problem(loss, {}, rows, 5, columns).graph(dtype);
  const [perSample, value] = g.stabilise([graph.perSample, graph.value]) as [Node, Node];
  return { outputs: [perSample, value, ...g.gradient(value, predicted)], feeds };
}

export function lossContract({ makeDevice, check }: Contract): void {
  const all: readonly AnyLoss[] = losses.list();

  describe.each(["float32", "float64"] as const)("losses, %s", (dtype) => {
    for (const loss of all) {
      check(loss.name, async () => {
        let ran = 0;
        for (const [rows, columns] of shapesOf(loss)) {
          const { outputs, feeds } = graphOf(loss, dtype, rows, columns);
          const { values: got, touched } = await runOn(makeDevice(), outputs, feeds);
          const worst = worstExcess(got, referenceWithBounds(outputs, feeds, dtype), dtype);
          expect(worst.excess, JSON.stringify(worst)).toBeLessThanOrEqual(1);
          expect(touched).toBeUndefined();
          ran++;
        }
        expect(ran).toBe(shapesOf(loss).length);
      });
    }

    check("every op of a loss is in a kernel", async () => {
      for (const loss of all) {
        for (const [rows, columns] of shapesOf(loss).filter(([, c]) => c > 1)) {
          const { outputs, feeds } = graphOf(loss, dtype, rows, columns);
          const { report } = await prepare(makeDevice(), outputs, feeds);
          // What the passes prove away, or turn into another op, is not missing.
          expect(uncovered(cleanUp(decompose(simplify(g.stabilise(outputs)))), report), loss.name).toEqual([]);
        }
      }
    });
  });

  test("there are losses", () => {
    expect(all.length).toBeGreaterThanOrEqual(160);
  });
}

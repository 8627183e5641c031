/** Compiled = interpreted: every op, in both precisions, at shapes around the vector width, and nothing falls back. */
import { describe, expect, test } from "vitest";
import { examples } from "./examples.ts";
import { gradient, isGradientDefined, type OpName, ops, sum } from "./graphs.ts";
import { referenceWithBounds, runOnWasm, uncovered, worstExcess } from "./harness.ts";

const shapes = [
  [1, 1],
  [1, 3],
  [3, 1],
  [5, 4],
  [4, 5],
  [7, 17],
  [2, 33],
  [300, 2],
] as const;

describe.each(["float32", "float64"] as const)("%s", (dtype) => {
  test.each(Object.keys(ops) as OpName[])("%s", async (name) => {
    let ran = 0;
    for (const [rows, columns] of shapes) {
      const { outputs, feeds } = examples[name](dtype, rows, columns);
      const wanted = [...outputs];
      for (const output of outputs) {
        const inputs = [...feeds.keys()].filter((x) => x.dtype === dtype);
        if (isGradientDefined(output) && inputs.length > 0) wanted.push(...gradient(sum(output), inputs));
      }
      const { values, report, touched } = await runOnWasm(wanted, feeds);
      const worst = worstExcess(values, referenceWithBounds(wanted, feeds, dtype), dtype);
      expect(worst, `${name} [${rows}, ${columns}] output ${worst.output}`).toMatchObject({
        excess: expect.toSatisfy((x: number) => x <= 1),
      });
      expect(touched, `${name} [${rows}, ${columns}] wrote outside its buffers`).toBeUndefined();
      // Along an axis of one element a reduction is no work.
      if (columns > 1 && rows > 1) expect(uncovered(outputs, report)).toEqual([]);
      expect(report.device).toBe("wasm");
      ran++;
    }
    expect(ran).toBe(shapes.length);
  });
});

test("every op has an example", () => {
  expect(Object.keys(examples).sort()).toEqual(Object.keys(ops).sort());
  expect(Object.keys(ops).length).toBeGreaterThanOrEqual(50);
});

/** Every op, in both precisions, at shapes around the vector width. */
import { describe, expect, test } from "vitest";
import type { FloatDType } from "../../../src/base/dtype.ts";
import type { Contract } from "../contract.ts";
import { examples } from "../examples.ts";
import { gradient, isGradientDefined, type OpName, ops, sum } from "../graphs.ts";
import { prepare, referenceWithBounds, runOn, uncovered, worstExcess } from "../harness.ts";

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

/** The example's outputs and their gradients. */
function withGradients(name: OpName, dtype: FloatDType, rows: number, columns: number) {
  const { outputs, feeds } = examples[name](dtype, rows, columns);
  const wanted = [...outputs];
  for (const output of outputs) {
    const inputs = [...feeds.keys()].filter((x) => x.dtype === dtype);
    if (isGradientDefined(output) && inputs.length > 0) wanted.push(...gradient(sum(output), inputs));
  }
  return { outputs, feeds, wanted };
}

export function opContract({ name: device, makeDevice, check }: Contract): void {
  const names = Object.keys(ops) as OpName[];

  describe.each(["float32", "float64"] as const)("ops, %s", (dtype) => {
    for (const name of names) {
      check(name, async () => {
        let ran = 0;
        for (const [rows, columns] of shapes) {
          const { feeds, wanted } = withGradients(name, dtype, rows, columns);
          const { values, report, touched } = await runOn(makeDevice(), wanted, feeds);
          const worst = worstExcess(values, referenceWithBounds(wanted, feeds, dtype), dtype);
          expect(worst, `${name} [${rows}, ${columns}] output ${worst.output}`).toMatchObject({
            excess: expect.toSatisfy((x: number) => x <= 1),
          });
          expect(touched, `${name} [${rows}, ${columns}] wrote outside its buffers`).toBeUndefined();
          expect(report.device).toBe(device);
          ran++;
        }
        expect(ran).toBe(shapes.length);
      });
    }

    check("every op is in a kernel", async () => {
      let ran = 0;
      for (const name of names) {
        // Along an axis of one element a reduction is no work.
        for (const [rows, columns] of shapes.filter(([r, c]) => r > 1 && c > 1)) {
          const { outputs, feeds, wanted } = withGradients(name, dtype, rows, columns);
          const { report } = await prepare(makeDevice(), wanted, feeds);
          expect(uncovered(outputs, report)).toEqual([]);
          ran++;
        }
      }
      expect(ran).toBe(names.length * 5);
    });
  });

  test("every op has an example", () => {
    expect(Object.keys(examples).sort()).toEqual([...names].sort());
    expect(names.length).toBeGreaterThanOrEqual(50);
  });
}

/** Random graphs with their gradients, compiled against interpreted. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { randomGraph } from "./graphs.ts";
import { referenceWithBounds, runOnWasm, worstExcess } from "./harness.ts";

const runs = Number(process.env.SURPRISAL_GRAPHS ?? 500);

describe.each(["float32", "float64"] as const)("%s", (dtype) => {
  test(`${runs} random graphs`, async () => {
    let ran = 0;
    const step = fc.tuple(fc.nat(1000), fc.nat(20), fc.nat(20));
    await fc.assert(
      fc.asyncProperty(
        fc.nat(100),
        fc.nat(100),
        fc.array(step, { minLength: 1, maxLength: 22 }),
        async (rows, columns, steps) => {
          const { outputs, feeds } = randomGraph(dtype, rows, columns, steps);
          const { values, touched } = await runOnWasm(outputs, feeds);
          const worst = worstExcess(values, referenceWithBounds(outputs, feeds, dtype, 6), dtype);
          expect(worst.excess, JSON.stringify(worst)).toBeLessThanOrEqual(1);
          expect(touched).toBeUndefined();
          ran++;
        },
      ),
      { numRuns: runs, seed: 7 },
    );
    expect(ran).toBeGreaterThanOrEqual(runs);
  });
});

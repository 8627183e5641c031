/** Random graphs with their gradients against the reference evaluator. */
import fc from "fast-check";
import { describe, expect } from "vitest";
import type { Contract } from "../contract.ts";
import { randomGraph } from "../graphs.ts";
import { referenceWithBounds, runOn, worstExcess } from "../harness.ts";

/** Lists of numbers that `randomGraph` makes graphs of. */
export const anyGraph = [
  fc.nat(100),
  fc.nat(100),
  fc.array(fc.tuple(fc.nat(1000), fc.nat(20), fc.nat(20)), { minLength: 1, maxLength: 22 }),
] as const;

export function randomContract({ makeDevice, check, graphs }: Contract): void {
  describe.each(["float32", "float64"] as const)("random graphs, %s", (dtype) => {
    check("random graphs", async () => {
      let ran = 0;
      await fc.assert(
        fc.asyncProperty(...anyGraph, async (rows, columns, steps) => {
          const { outputs, feeds } = randomGraph(dtype, rows, columns, steps);
          const { values, touched } = await runOn(makeDevice(), outputs, feeds);
          const worst = worstExcess(values, referenceWithBounds(outputs, feeds, dtype, 6), dtype);
          expect(worst.excess, JSON.stringify(worst)).toBeLessThanOrEqual(1);
          expect(touched).toBeUndefined();
          ran++;
        }),
        { numRuns: graphs, seed: 7 },
      );
      expect(ran).toBeGreaterThanOrEqual(graphs);
    });
  });
}

/** A value has the same bits whatever else its program computes, and run after run. */
import fc from "fast-check";
import { describe, expect } from "vitest";
import type { Node } from "../../../src/graph/index.ts";
import { cast, topological } from "../../../src/graph/index.ts";
import type { Contract } from "../contract.ts";
import { randomGraph } from "../graphs.ts";
import { prepare } from "../harness.ts";
import { anyGraph } from "./random.ts";

/** First output and element where two runs differ; NaN equals NaN. */
function firstDifference(a: readonly number[][], b: readonly number[][]): string | undefined {
  for (const [o, row] of a.entries()) {
    const i = row.findIndex((x, i) => !Object.is(x, b[o]?.[i]));
    if (i >= 0) return `output ${o}, element ${i}: ${row[i]} and ${b[o]?.[i]}`;
  }
  return undefined;
}

export function bitsContract({ makeDevice, check, graphs }: Contract): void {
  const count = Math.ceil(graphs / 4);

  describe.each(["float32", "float64"] as const)("bits, %s", (dtype) => {
    check("the same bits whatever else is computed", async () => {
      let compared = 0;
      await fc.assert(
        fc.asyncProperty(...anyGraph, async (rows, columns, steps) => {
          const { outputs, feeds } = randomGraph(dtype, rows, columns, steps);
          // Every intermediate value is asked for as well, so that units end, keep and store elsewhere.
          const inside = topological(outputs).filter((node) => node.op.kind !== "source" && !outputs.includes(node));
          // Some in the other precision, which changes how many elements a vector holds.
          const other = dtype === "float32" ? "float64" : "float32";
          const some = inside.filter((_, i) => i % 3 === 0).map((node) => cast(node, other));
          const run = async (wanted: readonly Node[]) => {
            const { values, again } = await twice(wanted);
            expect(firstDifference(values, again), "a second run").toBeUndefined();
            return values;
          };
          const twice = async (wanted: readonly Node[]) => {
            const { run } = await prepare(makeDevice(), wanted, feeds);
            return { values: await run(), again: await run() };
          };
          const alone = await run(outputs);
          expect(firstDifference(alone, await run([...outputs, ...some])), "some values besides").toBeUndefined();
          expect(firstDifference(alone, await run([...outputs, ...inside])), "all values besides").toBeUndefined();
          for (const [o, output] of outputs.slice(0, 2).entries()) {
            const [single] = await run([output]);
            expect(firstDifference([alone[o] as number[]], [single as number[]]), "by itself").toBeUndefined();
          }
          compared++;
        }),
        { numRuns: count, seed: 11 },
      );
      expect(compared).toBeGreaterThanOrEqual(count);
    });
  });
}

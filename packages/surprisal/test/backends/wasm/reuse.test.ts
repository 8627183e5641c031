/** Temporaries that share memory: the same bits as where each has its own (which is how red zones are laid out). */
import fc from "fast-check";
import { expect, test } from "vitest";
import { wasmDevice } from "../../../src/backends/wasm/device.ts";
import { randomGraph } from "../graphs.ts";
import { runOn } from "../harness.ts";

test.each(["float32", "float64"] as const)("60 random graphs in %s", async (dtype) => {
  const saved = { bytes: 0, programs: 0, ran: 0 };
  const step = fc.tuple(fc.nat(1000), fc.nat(20), fc.nat(20));
  await fc.assert(
    fc.asyncProperty(
      fc.nat(100),
      fc.nat(100),
      fc.array(step, { minLength: 8, maxLength: 30 }),
      async (rows, columns, steps) => {
        const { outputs, feeds } = randomGraph(dtype, rows, columns, steps);
        const apart = await runOn(wasmDevice({ redZone: 64 }), outputs, feeds);
        const shared = await runOn(wasmDevice(), outputs, feeds);
        expect(shared.values).toEqual(apart.values);
        const { scratchBytes, scratchBytesWithoutReuse } = shared.report;
        expect(scratchBytes).toBeLessThanOrEqual(scratchBytesWithoutReuse);
        saved.bytes += scratchBytesWithoutReuse - scratchBytes;
        if (scratchBytes < scratchBytesWithoutReuse) saved.programs++;
        saved.ran++;
      },
    ),
    { numRuns: 60, seed: 23 },
  );
  // Without sharing the comparison would say nothing.
  expect(saved.programs).toBeGreaterThan(30);
  expect(saved.ran).toBe(60);
});

/**
 * Seeded fuzz of a device against the reference evaluator: a test for each family of kernels. Every case comes from a seed of
 * its own, which a failure prints. FUZZ_RUNS sets how many cases there are in all, FUZZ_SEED the first seed:
 *   FUZZ_RUNS=20000 npx vitest run --project unit packages/surprisal/test/backends/wasm/fuzz.test.ts
 *   FUZZ_RUNS=1 FUZZ_SEED=417 npx vitest run --project unit packages/surprisal/test/backends/wasm/fuzz.test.ts -t rows
 */
import { describe, expect, test } from "vitest";
import { Draw } from "./fuzz/draw.ts";
import { generators } from "./fuzz/generators.ts";
import { runCase, wrongWith } from "./fuzz/run.ts";
import type { GuardedDevice } from "./harness.ts";

const runs = Number(process.env.FUZZ_RUNS ?? 2_200);
const firstSeed = Number(process.env.FUZZ_SEED ?? 1);
/** Failures shown of one family. */
const shown = 5;
const hundred = generators.reduce((sum, { share }) => sum + share, 0);

/** @param makeDevice makes a new device each time, with red zones if it has them. */
export function fuzzDevice(name: string, makeDevice: () => GuardedDevice): void {
  describe(`${name}, fuzz`, () => {
    for (const { name: family, share, make } of generators) {
      const count = Math.ceil((runs * share) / hundred);
      test(
        `${family}`,
        async () => {
          const failures: string[] = [];
          let ran = 0;
          for (let i = 0; i < count && failures.length < shown; i++) {
            const seed = firstSeed + i;
            const made = make(new Draw(seed));
            const wrong = wrongWith(made, await runCase(makeDevice(), made));
            if (wrong !== undefined) {
              failures.push(`FUZZ_RUNS=1 FUZZ_SEED=${seed} -t ${family}: ${made.title}: ${wrong}`);
            }
            ran++;
          }
          expect(failures).toEqual([]);
          expect(ran).toBe(count);
        },
        120_000 + runs * 30,
      );
    }
  });
}

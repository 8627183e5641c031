/**
 * The second target: the same kernels as C, compiled and run, give the bits of the WebAssembly device. Two renderings that share
 * nothing but the kernel language agree on every rounding.
 */
import { describe, expect, test } from "vitest";
import { Draw } from "../fuzz/draw.ts";
import { generators } from "../fuzz/generators.ts";
import { type Comparison, differences } from "./compare.ts";
import { compiler, withoutCompiler } from "./compiler.ts";

const runs = Number(process.env.FUZZ_RUNS ?? 2_200) / 15;
const firstSeed = Number(process.env.FUZZ_SEED ?? 1);
const hundred = generators.reduce((sum, { share }) => sum + share, 0);
/** Programs of one compilation. */
const batch = 200;

describe.skipIf(compiler === undefined)(`C${compiler === undefined ? ` (${withoutCompiler})` : ""}`, () => {
  for (const { name, share, make } of generators) {
    test(`${name} of the fuzz`, { timeout: 120_000 + runs * 500 }, async () => {
      const count = Math.ceil((runs * share) / hundred);
      const cases = Array.from({ length: count }, (_, i): Comparison => {
        const made = make(new Draw(firstSeed + i));
        return { ...made, title: `FUZZ_RUNS=1 FUZZ_SEED=${firstSeed + i} -t ${name}: ${made.title}` };
      });
      const problems: string[] = [];
      for (let from = 0; from < count; from += batch)
        problems.push(...(await differences(cases.slice(from, from + batch))));
      expect(problems).toEqual([]);
      expect(cases.length).toBe(count);
    });
  }
});

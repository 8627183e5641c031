/**
 * The second target: the same kernels as C, compiled and run, give the bits of the WebAssembly device. Two renderings that share
 * nothing but the kernel language agree on every rounding.
 */
import { describe, expect, test } from "vitest";
import { isFloat, roundTo } from "../../../src/base/dtype.ts";
import { sizeOf } from "../../../src/base/shape.ts";
import * as g from "../../../src/graph/index.ts";
import type { FuzzCase } from "../fuzz/case.ts";
import { Draw } from "../fuzz/draw.ts";
import { generators } from "../fuzz/generators.ts";
import { type Comparison, differences } from "./compare.ts";
import { compiler, withoutCompiler } from "./compiler.ts";

const runs = Number(process.env.FUZZ_RUNS ?? 2_200) / 15;
const firstSeed = Number(process.env.FUZZ_SEED ?? 1);
const hundred = generators.reduce((sum, { share }) => sum + share, 0);
/** Numbers whose sums depend on the order, in place of whole ones: here nothing has to be exact. */
const uneven = ({ feeds }: Pick<FuzzCase, "feeds">): Comparison["feeds"] =>
  new Map(
    [...feeds].map(([node, values]) => {
      if (!isFloat(node.dtype)) return [node, values];
      return [node, values.map((x, i) => roundTo(node.dtype, x * 1.1 ** (i % 23)))];
    }),
  );

/** Programs of one compilation. */
const batch = 200;

/** Rows and columns of up to seven blocks, and long chains: where an order of adding can differ. */
function sums(dtype: "float32" | "float64"): Comparison[] {
  const draw = new Draw(3);
  const one = (shape: readonly number[], make: (x: g.Node) => g.Node[]): Comparison => {
    const x = g.input("x", dtype, shape);
    const feeds = uneven({ feeds: new Map([[x, draw.values(dtype, sizeOf(shape), "real")]]) });
    return { title: `${dtype} [${shape.join(", ")}]`, outputs: make(x), feeds, state: new Map() };
  };
  return [
    ...[5, 4097, 3 * 4096, 4 * 4096, 20_483, 28_000].map((columns) =>
      one([2, columns], (x) => [g.sum(x, [1]), g.sum(g.exp(g.neg(g.abs(x))), [1])]),
    ),
    ...[3, 257, 3 * 256, 4 * 256, 1281, 1700].map((rows) => one([rows, 5], (x) => [g.sum(x, [0])])),
    one([7, 1100], (x) => [g.matmul(x, x, { transposeB: true })]),
  ];
}

describe.skipIf(compiler === undefined)(`C${compiler === undefined ? ` (${withoutCompiler})` : ""}`, () => {
  test.each(["float32", "float64"] as const)("sums of many blocks in %s", async (dtype) => {
    const cases = sums(dtype);
    expect(await differences(cases)).toEqual([]);
    expect(cases.length).toBe(13);
  });

  for (const { name, share, make } of generators) {
    test(`${name} of the fuzz`, { timeout: 120_000 + runs * 500 }, async () => {
      const count = Math.ceil((runs * share) / hundred);
      const cases = Array.from({ length: count }, (_, i): Comparison => {
        const made = make(new Draw(firstSeed + i));
        return {
          ...made,
          feeds: uneven(made),
          title: `FUZZ_RUNS=1 FUZZ_SEED=${firstSeed + i} -t ${name}: ${made.title}`,
        };
      });
      const problems: string[] = [];
      for (let from = 0; from < count; from += batch)
        problems.push(...(await differences(cases.slice(from, from + batch))));
      expect(problems).toEqual([]);
      expect(cases.length).toBe(count);
    });
  }
});

/** Random graphs with their gradients: the same bits in C as on the WebAssembly device. */
import { describe, expect, test } from "vitest";
import { Draw } from "../fuzz/draw.ts";
import { randomGraph, type Step } from "../graphs.ts";
import { type Comparison, differences } from "./compare.ts";
import { compiler, withoutCompiler } from "./compiler.ts";

describe.skipIf(compiler === undefined)(`C${compiler === undefined ? ` (${withoutCompiler})` : ""}`, () => {
  test.each(["float32", "float64"] as const)("30 random graphs in %s", { timeout: 120_000 }, async (dtype) => {
    const cases = Array.from({ length: 30 }, (_, seed): Comparison => {
      const draw = new Draw(seed);
      const steps = Array.from(
        { length: 1 + draw.below(16) },
        (): Step => [draw.below(1000), draw.below(20), draw.below(20)],
      );
      const { outputs, feeds } = randomGraph(dtype, draw.below(100), draw.below(100), steps);
      const lists = new Map([...feeds].map(([node, list]) => [node, Array.from(list)]));
      return { title: `graph ${seed}`, outputs, feeds: lists, state: new Map() };
    });
    expect(await differences(cases)).toEqual([]);
    expect(cases.length).toBe(30);
  });
});

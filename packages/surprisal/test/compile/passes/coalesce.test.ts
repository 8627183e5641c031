/** coalesce: fewer axes, the same elements touched in the same order. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stridesOf } from "../../../src/base/shape.ts";
import { literal } from "../../../src/compile/expressions.ts";
import type { Access, KernelBuffer, NestKernel } from "../../../src/compile/kernel.ts";
import { coalesce } from "../../../src/compile/passes/coalesce.ts";

const buffer: KernelBuffer = { id: 0, dtype: "float32", elements: 1, place: { kind: "temporary" } };

/** A kernel that loads, stores and (for rows) reduces with the given strides, and counts with the last. */
function kernel(space: readonly number[], strides: readonly (readonly number[])[], family: "map" | "row"): NestKernel {
  const access = (s: readonly number[]): Access => ({ buffer, offset: 7, strides: s });
  const [first, second, third] = strides as [readonly number[], readonly number[], readonly number[]];
  const load = { kind: "load", access: access(first), dtype: "float32" } as const;
  const index = { kind: "index", offset: 3, strides: third, dtype: "int32" } as const;
  const cast = { kind: "op", op: "cast", args: [index], dtype: "float32" } as const;
  const value = { kind: "op", op: "add", args: [load, cast], dtype: "float32" } as const;
  const reductions = family === "row" ? [{ kind: "sum", source: value, dtype: "float32" } as const] : [];
  return {
    family,
    name: "",
    ops: [],
    space,
    phases: [{ stores: [{ access: access(second), value }], reductions, columnSums: [], rowStores: [] }],
  };
}

/** Load, store and position at every index, in order. */
function touched({ space, phases }: NestKernel): number[][] {
  const [store] = phases[0]?.stores ?? [];
  const value = store?.value;
  if (value?.kind !== "op" || store === undefined) throw new Error("not this test's kernel");
  const [load, cast] = value.args;
  const index = cast?.kind === "op" ? cast.args[0] : undefined;
  if (load?.kind !== "load" || index?.kind !== "index") throw new Error("not this test's kernel");
  const strided = [load.access, store.access, index];
  let indices: number[][] = [[]];
  for (const dim of space) indices = indices.flatMap((i) => Array.from({ length: dim }, (_, n) => [...i, n]));
  return indices.map((i) =>
    strided.map(({ offset, strides }) => i.reduce((at, n, d) => at + n * (strides[d] as number), offset)),
  );
}

describe("coalesce", () => {
  test("touches the same elements in the same order", () => {
    let ran = 0;
    let fewer = 0;
    const way = fc.constantFrom("row-major", "row-major", "still", "spaced", "transposed");
    const cases = fc
      .array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 })
      .chain((space) =>
        fc.tuple(fc.constant(space), fc.array(fc.tuple(way, fc.nat(3)), { minLength: 3, maxLength: 3 })),
      );
    fc.assert(
      fc.property(cases, fc.constantFrom("map", "row"), ([space, ways], family) => {
        const own = stridesOf(space);
        const strides = ways.map(([way, axis]) =>
          own.map((stride, d) => {
            if (way === "still") return d === axis ? 0 : stride;
            if (way === "spaced") return d <= axis ? stride * 2 : stride;
            return way === "transposed" ? (stridesOf([...space].reverse()).reverse()[d] as number) : stride;
          }),
        );
        const before = kernel(space, strides, family);
        const after = coalesce(before);
        expect(touched(after)).toEqual(touched(before));
        expect(after.space.length).toBeLessThanOrEqual(space.length);
        if (family === "row") expect(after.space.at(-1)).toBe(space.at(-1));
        if (after.space.length < space.length) fewer++;
        ran++;
      }),
      { numRuns: 2000, seed: 17 },
    );
    expect(ran).toBe(2000);
    expect(fewer).toBeGreaterThan(500);
  });

  const full = [12, 4, 1];
  test.each([
    ["a contiguous map is one axis", [2, 3, 4], [full, full, full], "map", [24]],
    ["a repeated row stays two", [2, 3, 4], [[0, 4, 1], full, full], "map", [2, 12]],
    [
      "a transpose stays apart",
      [3, 4],
      [
        [1, 3],
        [4, 1],
        [4, 1],
      ],
      "map",
      [3, 4],
    ],
    ["a row keeps its own axis", [2, 3, 4], [full, full, full], "row", [6, 4]],
    [
      "axes of length 1 go",
      [1, 5, 1],
      [
        [5, 1, 1],
        [5, 1, 1],
        [5, 1, 1],
      ],
      "map",
      [5],
    ],
    [
      "but not that of a row",
      [5, 1],
      [
        [1, 1],
        [1, 1],
        [1, 1],
      ],
      "row",
      [5, 1],
    ],
  ] as const)("%s", (_, space, strides, family, expected) => {
    expect(coalesce(kernel(space, strides, family)).space).toEqual(expected);
  });

  test("a scalar has one axis of length 1", () => {
    const scalar = coalesce(kernel([], [[], [], []], "map"));
    expect(scalar.space).toEqual([1]);
    expect(scalar.phases[0]?.stores[0]?.access.strides).toEqual([0]);
  });

  test("what phases share stays shared", () => {
    const before = kernel(
      [2, 3],
      [
        [3, 1],
        [3, 1],
        [3, 1],
      ],
      "row",
    );
    const [phase] = before.phases;
    const [reduction] = phase?.reductions ?? [];
    if (phase === undefined || reduction === undefined) throw new Error("no reduction");
    const reduced = { kind: "reduced", reduction, dtype: "float32" } as const;
    const use = (value: NestKernel["phases"][0]["stores"][0]["value"]) => ({
      access: { buffer, offset: 0, strides: [3, 1] },
      value,
    });
    const second = {
      stores: [use(reduced), use(literal(1, "float32"))],
      reductions: [],
      columnSums: [],
      rowStores: [],
    };
    const after = coalesce({ ...before, phases: [phase, second] });
    const value = after.phases[1]?.stores[0]?.value;
    expect(value?.kind === "reduced" && value.reduction).toBe(after.phases[0]?.reductions[0]);
    expect(after.phases[0]?.reductions[0]?.source).toBe(after.phases[0]?.stores[0]?.value);
  });
});

/** plan: temporaries share bytes, but never with one that is still needed. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Kernel, KernelBuffer, KernelProgram } from "../../../src/compile/kernel.ts";
import { mayReplace } from "../../../src/compile/passes/inPlace.ts";
import { alignment, buffersOf, bytesOf, plan } from "../../../src/compile/passes/plan.ts";
import { anyGraph } from "../../backends/contract/random.ts";
import { randomGraph } from "../../backends/graphs.ts";
import { lowered } from "../lowering.ts";

/** Kernels that touch the buffers of these numbers. */
function programOf(sizes: readonly number[], touched: readonly (readonly number[])[]): KernelProgram {
  const buffers = sizes.map(
    (elements, id): KernelBuffer => ({
      id,
      dtype: id % 3 === 0 ? "float64" : "float32",
      elements,
      place: { kind: "temporary" },
    }),
  );
  const kernels = touched.map((ids): Kernel => {
    const stores = ids.map((id) => ({
      access: { buffer: buffers[id % buffers.length] as KernelBuffer, offset: 0, strides: [1] },
      value: { kind: "constant" as const, value: 0, dtype: "float32" as const },
    }));
    return {
      family: "map",
      name: "",
      ops: [],
      space: [1],
      phases: [{ stores, reductions: [], columnSums: [], rowStores: [] }],
    };
  });
  return { kernels, buffers };
}

/** Temporaries with the kernels between which they are needed. */
function lives({ kernels }: KernelProgram): Map<KernelBuffer, [from: number, to: number]> {
  const found = new Map<KernelBuffer, [number, number]>();
  kernels.forEach((kernel, k) => {
    for (const buffer of buffersOf(kernel))
      if (buffer.place.kind === "temporary") found.set(buffer, [found.get(buffer)?.[0] ?? k, k]);
  });
  return found;
}

/** Pairs that are needed at the same time, all of them apart. */
function checkPlan(program: KernelProgram, gap = 0): { sharing: boolean } {
  const { offsets, bytes, bytesWithoutReuse } = plan(program, gap);
  const needed = [...lives(program)];
  expect([...offsets.keys()].sort((a, b) => a.id - b.id)).toEqual(needed.map(([b]) => b).sort((a, b) => a.id - b.id));
  const placed = needed.map(([buffer, life]) => {
    const start = offsets.get(buffer) as number;
    return { buffer, start, end: start + bytesOf(buffer) + gap, life };
  });
  type Place = (typeof placed)[number];
  /** The last reader of one writes the other, element by element where it read. */
  const replaces = (p: Place, q: Place) =>
    gap === 0 &&
    p.start === q.start &&
    p.life[1] === q.life[0] &&
    mayReplace(program.kernels[p.life[1]] as Kernel, p.buffer, q.buffer);
  for (const [i, p] of placed.entries()) {
    expect(p.start % alignment).toBe(0);
    expect(p.start).toBeGreaterThanOrEqual(0);
    expect(p.end).toBeLessThanOrEqual(bytes);
    for (const q of placed.slice(i + 1)) {
      const together = gap > 0 || (p.life[0] <= q.life[1] && q.life[0] <= p.life[1]);
      if (together && !replaces(p, q) && !replaces(q, p)) expect(p.end <= q.start || q.end <= p.start).toBe(true);
    }
  }
  program.kernels.forEach((_, k) => {
    // One that replaces another takes its bytes.
    const live = new Map(placed.filter(({ life: [from, to] }) => from <= k && k <= to).map((p) => [p.start, p]));
    expect(bytes).toBeGreaterThanOrEqual([...live.values()].reduce((sum, { buffer }) => sum + bytesOf(buffer), 0));
  });
  expect(bytes).toBeLessThanOrEqual(bytesWithoutReuse);
  return { sharing: bytes < bytesWithoutReuse };
}

describe("plan", () => {
  const anyProgram = [
    fc.array(fc.nat(500), { minLength: 1, maxLength: 12 }),
    fc.array(fc.array(fc.nat(11), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 15 }),
  ] as const;

  test("no two that are needed at once overlap", () => {
    const ran = { all: 0, sharing: 0 };
    fc.assert(
      fc.property(...anyProgram, (sizes, touched) => {
        if (checkPlan(programOf(sizes, touched)).sharing) ran.sharing++;
        ran.all++;
      }),
      { numRuns: 1000, seed: 19 },
    );
    expect(ran.all).toBe(1000);
    expect(ran.sharing).toBeGreaterThan(300);
  });

  test("with gaps nothing is shared", () => {
    fc.assert(
      fc.property(...anyProgram, (sizes, touched) => {
        expect(checkPlan(programOf(sizes, touched), 128).sharing).toBe(false);
      }),
      { numRuns: 200, seed: 23 },
    );
  });

  test("a chain needs room for two", () => {
    const chain = programOf([128, 256, 256, 128], [[0], [0, 1], [1, 2], [2, 3]]);
    expect(plan(chain)).toMatchObject({ bytes: 2048, bytesWithoutReuse: 4096 });
  });

  test("an empty buffer still has an address of its own", () => {
    expect([...plan(programOf([0, 0], [[0, 1]])).offsets.values()]).toEqual([0, alignment]);
  });

  test("holds for lowered random graphs, which share", () => {
    const ran = { all: 0, sharing: 0 };
    fc.assert(
      fc.property(...anyGraph, (rows, columns, steps) => {
        if (checkPlan(lowered(randomGraph("float64", rows, columns, steps).outputs).program).sharing) ran.sharing++;
        ran.all++;
      }),
      { numRuns: 100, seed: 29 },
    );
    expect(ran.all).toBe(100);
    expect(ran.sharing).toBeGreaterThan(25);
  });
});

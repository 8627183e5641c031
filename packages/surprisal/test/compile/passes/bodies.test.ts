/** bodies: how many times a row is walked, what each walk computes, and what is kept for the next. */
import { describe, expect, test } from "vitest";
import type { NestKernel, Phase } from "../../../src/compile/kernel.ts";
import * as g from "../../../src/graph/index.ts";
import { expressionsOf, loadsOf, lowered, onlyNest } from "../lowering.ts";

const x = g.input("x", "float32", [8, 10]);
const nestOf = (...outputs: g.Node[]): NestKernel => onlyNest(lowered(outputs));

const roots = (phase: Phase) => [
  ...phase.stores.map((s) => s.value),
  ...phase.reductions.map((r) => r.source),
  ...phase.columnSums.map((c) => c.value),
];
const kindsOf = (phase: Phase) => phase.reductions.map(({ kind }) => kind);
const places = (phase: Phase) => phase.stores.map(({ access }) => access.buffer.place.kind);
const opsOf = (phase: Phase) => expressionsOf(roots(phase)).flatMap((e) => (e.kind === "op" ? [e.op] : []));

describe("phases", () => {
  test("elementwise work is one pass", () => {
    const { family, phases } = nestOf(g.add(x, 1));
    expect(family).toBe("map");
    expect(phases.length).toBe(1);
  });

  test("softmax: the largest, then the sum, then the quotients", () => {
    const { family, phases } = nestOf(g.softmax(x));
    expect(family).toBe("row");
    expect(phases.map(kindsOf)).toEqual([["max", "argmax"], ["sum"], []]);
    expect(phases.map(({ stores }) => stores.length)).toEqual([0, 1, 1]);
  });

  test("a row value of a reduction is used from the next pass on", () => {
    const { phases } = nestOf(g.sub(x, g.mean(x, [1], { keepDims: true })));
    expect(phases.map(kindsOf)).toEqual([["sum"], []]);
    const reduced = expressionsOf(roots(phases[1] as Phase)).filter((e) => e.kind === "reduced");
    expect(reduced.map((e) => e.kind === "reduced" && e.reduction)).toEqual([phases[0]?.reductions[0]]);
  });

  test("reductions that do not wait for each other share a pass", () => {
    const { phases } = nestOf(g.sum(x, [1]), g.max(x), g.argmax(x));
    expect(phases.map((phase) => kindsOf(phase).sort())).toEqual([["argmax", "max", "sum"]]);
    expect(phases[0]?.rowStores.length).toBe(3);
  });

  test("a row value from memory needs no pass of its own", () => {
    const row = g.input("row", "float32", [8, 1]);
    const { phases } = nestOf(g.add(x, g.broadcastTo(row, [8, 10])), g.sum(x, [1]));
    expect(phases.length).toBe(1);
  });

  test("row results are written once a row, after the pass", () => {
    const { phases } = nestOf(g.logSumExp(x, { keepDims: true }));
    expect(phases.map(({ rowStores }) => rowStores.length)).toEqual([0, 1]);
    expect(phases.flatMap(({ stores }) => stores)).toEqual([]);
    const [store] = phases[1]?.rowStores ?? [];
    expect(store?.access.strides).toEqual([1, 0]);
  });
});

describe("kept elements", () => {
  test("what is dear stays in one row of scratch for the later pass", () => {
    const { phases } = nestOf(g.softmax(x));
    const [, sums, quotients] = phases as [Phase, Phase, Phase];
    const scratch = sums.stores[0]?.access;
    expect(places(sums)).toEqual(["temporary"]);
    expect(scratch?.buffer.elements).toBe(10);
    expect(scratch?.strides).toEqual([0, 1]);
    expect(loadsOf(roots(quotients)).some(({ buffer }) => buffer === scratch?.buffer)).toBe(true);
    expect(opsOf(quotients)).not.toContain("pow2");
  });

  test("what is cheap is computed again", () => {
    const { phases } = nestOf(g.sub(g.mul(x, 2), g.sum(g.mul(x, 2), [1], { keepDims: true })));
    expect(phases.map(places)).toEqual([[], ["bound"]]);
    expect(opsOf(phases[0] as Phase)).toEqual(["mul"]);
    expect(opsOf(phases[1] as Phase).sort()).toEqual(["mul", "sub"]);
  });

  test("what is stored anyway is read back from its own buffer", () => {
    const t = g.tanh(x);
    const { phases } = nestOf(t, g.div(t, g.sum(t, [1], { keepDims: true })));
    expect(phases.map(places)).toEqual([["bound"], ["bound"]]);
    const written = phases[0]?.stores[0]?.access;
    expect(loadsOf(roots(phases[1] as Phase)).map(({ buffer }) => buffer)).toEqual([written?.buffer]);
    expect(opsOf(phases[1] as Phase)).toEqual(["div"]);
  });

  test("what only the same pass needs is not kept", () => {
    const { phases } = nestOf(g.sum(g.exp(x), [1]));
    expect(phases.map(places)).toEqual([[]]);
  });
});

describe("column sums", () => {
  test("are complete after all rows, in one row", () => {
    const { phases } = nestOf(g.sum(g.tanh(x), [0]));
    expect(phases[0]?.columnSums.map(({ into, partials }) => [into.strides, partials])).toEqual([[[0, 1], undefined]]);
  });

  test("of many rows have a partial row for each block of 256", () => {
    const partialsOf = (rows: number) =>
      nestOf(g.sum(g.input("tall", "float32", [rows, 3]), [0])).phases[0]?.columnSums[0]?.partials?.elements;
    expect([256, 257, 512, 513].map(partialsOf)).toEqual([undefined, 6, 6, 9]);
  });
});

test("positions and constants are in the expression, not in memory", () => {
  const { phases } = nestOf(g.add(g.cast(g.iota(1, [8, 10]), "float32"), g.mul(x, 3)));
  expect(loadsOf(roots(phases[0] as Phase)).length).toBe(1);
  const index = expressionsOf(roots(phases[0] as Phase)).find((e) => e.kind === "index");
  expect(index).toMatchObject({ offset: 0, strides: [0, 1] });
});

test("a product's epilogue reads the accumulator", () => {
  const [a, b] = [g.input("a", "float32", [4, 6]), g.input("b", "float32", [6, 5])];
  const bias = g.input("bias", "float32", [5]);
  const { program } = lowered([g.maximum(g.add(g.matmul(a, b), bias), 0)]);
  const [kernel] = program.kernels;
  expect(program.kernels.length).toBe(1);
  if (kernel?.family !== "contraction") throw new Error("no contraction");
  expect([kernel.m, kernel.n, kernel.k]).toEqual([4, 5, 6]);
  expect(kernel.stores.length).toBe(1);
  const values = kernel.stores.map(({ value }) => value);
  expect(expressionsOf(values).filter((e) => e.kind === "accumulator").length).toBe(1);
  expect(loadsOf(values).map(({ strides }) => strides)).toEqual([[0, 1]]);
});

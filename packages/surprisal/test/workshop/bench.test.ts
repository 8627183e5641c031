import { expect, test } from "vitest";
import { compare } from "../../../../bench/lib/compare.mjs";
import { judge, shownVerdict } from "../../../../bench/lib/verdicts.mjs";
import { workloads, workloadsNamed } from "../../../../bench/workloads/index.mjs";
import { valueApart } from "../../../../bench/workloads/valueApart.mjs";

const taking = ["surprisal", "other"].map((id) => ({ id, name: id, package: id }));
const work = { engines: ["surprisal", "other"], tolerance: 1e-3 };
const quiet = { say: () => {} };

test("the least time of all rounds counts, and ours is divided by it", async () => {
  const times: Record<string, number[][]> = {
    surprisal: [
      [3, 5],
      [2, 9],
    ],
    other: [
      [8, 4],
      [6, 7],
    ],
  };
  const { rows, problems, versions } = await compare(taking, work, {
    ...quiet,
    rounds: 2,
    turn: async ({ id }) => ({ answer: { version: "1", ms: times[id]?.shift() ?? [], figures: [[1], [0.5]] } }),
  });
  expect(problems).toEqual([]);
  expect(versions).toEqual({ surprisal: "1", other: "1" });
  expect(rows.map(({ ms, ratio, figures }) => [ms.min, ms.median, ms.max, ratio, figures])).toEqual([
    [2, 4, 9, 1, [1, 0.5]],
    [4, 6.5, 8, 0.5, [1, 0.5]],
  ]);
});

test("figures that differ, in any round, make a run worthless; so do engines that fail", async () => {
  let turns = 0;
  const figures = [[[1]], [[1.0005]], [[1]], [[1.002]]];
  const different = await compare(taking, work, {
    ...quiet,
    rounds: 2,
    turn: async () => ({ answer: { ms: [1], figures: figures[turns++] as number[][] } }),
  });
  expect(different.problems).toEqual(["other, round 2: 1.002 is not 1 (2.0e-3 apart)"]);
  const nothing = await compare(taking, work, {
    ...quiet,
    rounds: 1,
    turn: async () => ({ answer: { ms: [1], figures: [[Number.NaN]] } }),
  });
  expect(nothing.problems).toHaveLength(2);
  const failing = await compare(taking, work, {
    ...quiet,
    rounds: 2,
    turn: async ({ id }) => (id === "other" ? { failure: "no answer" } : { answer: { ms: [1], figures: [[1]] } }),
  });
  expect(failing.problems).toEqual(["other: no answer"]);
  expect(failing.rows.map(({ id }) => id)).toEqual(["surprisal"]);
});

test("what is missing is left out; an engine that takes one turn takes no second one; others may be further off", async () => {
  const asked: string[] = [];
  const { rows, problems } = await compare(
    taking,
    { ...work, once: ["other"], ownTolerance: { other: 0.1 } },
    {
      ...quiet,
      rounds: 2,
      turn: async ({ id }) => {
        asked.push(id);
        return { answer: { ms: [1], figures: [[id === "other" ? 1.05 : 1]] } };
      },
    },
  );
  expect(asked).toEqual(["surprisal", "other", "surprisal"]);
  expect(problems).toEqual([]);
  expect(rows).toHaveLength(2);
  const without = await compare(taking, work, {
    ...quiet,
    rounds: 1,
    turn: async ({ id }) => (id === "surprisal" ? { missing: "not yet" } : { answer: { ms: [1], figures: [[1]] } }),
  });
  expect(without.problems).toEqual([]);
  expect(without.rows.map(({ id, ratio }) => [id, ratio])).toEqual([["other", undefined]]);
});

test("a value is judged loosely, its gradients by their own largest entry", () => {
  const apart = valueApart(2);
  const reference = [1, ...Array(32).fill(1), ...Array(32).fill(1e-3)];
  expect(apart(reference, reference)).toBe(0);
  expect(apart([1.03, ...reference.slice(1)], reference)).toBeLessThan(1e-3);
  expect(apart([1.04, ...reference.slice(1)], reference)).toBeGreaterThan(1e-3);
  expect(apart(reference.with(40, 1.1e-3), reference)).toBeGreaterThan(1e-3);
  expect(apart(reference.slice(0, 40), reference)).toBeNaN();
});

test("a target is met at its figure and not above, and unknown where one of the two is not there", () => {
  const ms = (min: number) => ({ min, median: min, max: min });
  const row = (id: string, min: number) => ({ id, engine: id, ms: ms(min), figures: [], samples: 1 });
  const rows = [{ ...row("surprisal", 1), extraMB: 20, off: 2e-6 }, row("numpy", 2)];
  const verdicts = judge(
    [
      { of: "time", beside: "numpy", must: 0.5, aim: 0.4 },
      { of: "time", beside: "jax", must: 1 },
      { of: "extraMB", must: 16, aim: 24 },
      { of: "off", must: 1e-6 },
    ],
    rows,
    "surprisal",
    (id) => id,
  );
  expect(verdicts.map(({ value, met, reached }) => [value, met, reached])).toEqual([
    [0.5, true, false],
    [undefined, undefined, undefined],
    [20, false, true],
    [2e-6, false, undefined],
  ]);
  expect(shownVerdict(verdicts[0] as (typeof verdicts)[number])).toBe("0.5 × numpy (must 0.5: met; aim 0.4: not yet)");
});

test("rows are found by a part of their name, and each names engines that can do them", () => {
  expect(workloadsNamed([])).toBe(workloads);
  expect(workloadsNamed(["step-s", "mnist"]).map(({ name }) => name)).toEqual(["step-small", "mnist-epoch"]);
  expect(() => workloadsNamed(["nothing"])).toThrow(
    /no workload has "nothing" in its name; they are walkthrough-fit, /,
  );
  expect(workloads.map(({ engines }) => engines[0])).toEqual(workloads.map(() => "surprisal"));
});

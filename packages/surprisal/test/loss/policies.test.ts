/** The lines of docs/losses/policies.md: each call gives what its golden case, or the line itself, says. */
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { type Line, sections } from "../../../../tools/generate/policies/sections.mjs";
import { wasmDevice } from "../../src/backends/wasm/device.ts";
import { SurprisalError } from "../../src/base/errors.ts";
import { tensor } from "../../src/base/tensor.ts";
import * as losses from "../../src/losses.ts";
import { readGoldenLosses } from "../golden/goldenLosses.ts";

const { policies = [] } = readGoldenLosses(fileURLToPath(new URL("../golden/losses", import.meta.url))).files;
const golden = new Map(policies.map((one) => [`policies:${one.id}`, one]));
const lines = sections.flatMap((section) =>
  section.lines.map((line) => ({ ...line, title: titleOf(section.title, line) })),
);

function titleOf(section: string, { situation, loss }: Line): string {
  return `${section}: ${situation} (${loss})`;
}

/** The numbers of nested lists; words stand for what JSON has not. */
const flat = (value: unknown): number[] => (Array.isArray(value) ? value.flatMap(flat) : [Number(value)]);
const evaluate = ({ loss, yTrue, yPred, options }: Line) =>
  losses.get(loss).evaluate(yTrue, yPred, { reduction: "none", ...options } as object);

function expectNumbers(got: ArrayLike<number>, wanted: readonly number[]): void {
  expect(got.length).toBe(wanted.length);
  wanted.forEach((x, i) => {
    const found = got[i] as number;
    if (Number.isFinite(x)) expect(Math.abs(found - x)).toBeLessThanOrEqual(1e-13 * Math.abs(x) + 1e-300);
    else expect(found).toBe(x);
  });
}

test("the lines are many, and no two are the same", () => {
  expect(lines.length).toBeGreaterThanOrEqual(60);
  expect(new Set(lines.map(({ title }) => title)).size).toBe(lines.length);
});

describe.each(lines)("$title", (line) => {
  test("says what it must", () => {
    const says = [line.golden, line.losses ?? line.value, line.error].filter((part) => part !== undefined);
    expect(says.length).toBe(1);
    if (line.golden !== undefined) expect(golden.has(line.golden), line.golden).toBe(true);
    else if (line.error === undefined) expect(line.gradient).toBeDefined();
  });

  test("is what comes back", () => {
    if (line.error !== undefined) {
      expect(() => evaluate(line)).toThrow(SurprisalError);
      expect(() => evaluate(line)).toThrow(expect.objectContaining({ code: line.error }));
      return;
    }
    const { value, perSample, gradient } = evaluate(line);
    const expected = line.golden === undefined ? line : undefined;
    const known = golden.get(line.golden ?? "");
    if (known !== undefined) {
      expect(flat(line.yTrue)).toEqual(flat(known.inputs.yTrue));
      expect(flat(line.yPred)).toEqual(flat(known.inputs.yPred));
      expectNumbers(perSample.data, flat(known.expect.perSample));
      expectNumbers(gradient.data, flat(known.expect.gradient));
    } else if (expected?.value !== undefined) {
      expectNumbers([value], [expected.value]);
      expectNumbers(gradient.data, flat(expected.gradient));
    } else {
      expectNumbers(perSample.data, flat(expected?.losses));
      expectNumbers(gradient.data, flat(expected?.gradient));
    }
  });
});

const answered = lines.filter(({ error }) => error === undefined);
test.each(answered)("compiled, $title", async (line) => {
  const { loss, yTrue, yPred, options } = line;
  const given = { reduction: "none", ...options } as object;
  const there = await losses.get(loss).evaluateOn(wasmDevice(), yTrue, yPred, given);
  const here = evaluate(line);
  expectNumbers(there.perSample.data, Array.from(here.perSample.data));
  expectNumbers(there.gradient.data, Array.from(here.gradient.data));
});

test("70 000 classes: each label is its own", async () => {
  const classes = 70_000;
  const yPred = Float32Array.from({ length: 3 * classes }, (_, i) => (i % classes) / classes);
  const yTrue = [69_999, 32_768, 65_537];
  const rows = tensor(yPred, { shape: [3, classes] });
  const options = { fromLogits: true, reduction: "none" } as const;
  const { perSample, gradient } = losses.sparseCategoricalCrossentropy.evaluate(yTrue, rows, options);
  const there = await losses.sparseCategoricalCrossentropy.evaluateOn(wasmDevice(), yTrue, rows, {
    ...options,
    arithmetic: "float32",
  });
  const whole = Math.log(yPred.subarray(0, classes).reduce((total, x) => total + Math.exp(x), 0));
  yTrue.forEach((label, r) => {
    const wanted = whole - (yPred[label] as number);
    for (const result of [perSample, there.perSample]) {
      expect(Math.abs((result.data[r] as number) / wanted - 1)).toBeLessThan(1e-6);
    }
    for (const slope of [gradient, there.gradient]) {
      const row = slope.data.subarray(r * classes, (r + 1) * classes) as Float32Array;
      expect(row.findIndex((x) => x < 0)).toBe(label);
      expect(row.filter((x) => x < 0).length).toBe(1);
    }
  });
});

test("labels above 2^24 keep their last digit", () => {
  const classes = 2 ** 24 + 4;
  const { checkTargets } = losses.sparseCategoricalCrossentropy;
  expect(() => checkTargets([2 ** 24 + 3], [1], [1, classes])).not.toThrow();
  expect(() => checkTargets([2 ** 24 + 4], [1], [1, classes])).toThrow(/holds 16777220.*numbered 0 to 16777219/);
  // As float32 the two labels are the same number.
  const ignored = losses.sparseCategoricalCrossentropy({ ignoreClass: 2 ** 24 + 1, reduction: "none" });
  expect(ignored.evaluate([2 ** 24 + 1], tensor(Float32Array.of(0.5, 0.5), { shape: [1, 2] })).sum).toBe(0);
  expect(() => ignored.evaluate([2 ** 24], tensor(Float32Array.of(0.5, 0.5), { shape: [1, 2] }))).toThrow(/16777216/);
});

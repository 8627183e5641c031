/** The figures of docs/losses/accuracy.json are what the sources give, and within what the page promises. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { wasmDevice } from "../../src/backends/wasm/device.ts";
import { type Accuracy, measureAccuracy, type OursRow, worstUlp } from "../golden/accuracy.ts";
import { supportedLosses } from "../golden/dispatch-losses.ts";
import { readGoldenLosses } from "../golden/goldenLosses.ts";

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const golden = readGoldenLosses(path("../golden/losses"));
const native = { dtype: "float32", arithmetic: "float32", device: wasmDevice({ fusedMultiplyAdd: false }) } as const;
const published: Accuracy = JSON.parse(readFileSync(path("../../../../docs/losses/accuracy.json"), "utf8"));

/** Losses whose gradient has entries that are small differences of terms, more of them than their conditioning says; the worst, in ulp. */
const cancelInFloat32: Readonly<Record<string, number>> = {
  ciouLoss: 110,
  circle: 3000,
  ctc: 300,
  hellinger: 180,
  multiSimilarity: 700,
};
/** Losses that float32 holds, but not their sum over a row before it is divided for the mean. */
const overflowInFloat32: readonly string[] = ["exponentialLoss"];
/** Every number by its place; the functions of one engine differ from another's in the last digit, and so do sums of them. */
function figures(value: unknown, place: string): [string, unknown][] {
  if (typeof value !== "object" || value === null) return [[place, value]];
  return Object.entries(value).flatMap(([name, part]) => figures(part, `${place}.${name}`));
}
const alike = (a: unknown, b: unknown) =>
  typeof a === "number" && typeof b === "number" ? Math.abs(a - b) <= 1 + 0.1 * Math.max(a, b) : a === b;

const stale = "`npm run accuracy` measures again, `npm run generate` writes the page";

/** Losses that exist and of which the golden set has cases. */
const inGolden = new Set(Object.values(golden.files).flatMap((cases) => cases.map((one) => one.loss)));
const tried = supportedLosses()
  .filter((loss) => inGolden.has(loss))
  .sort();

test("the published figures are of the losses that exist", () => {
  expect(tried.length).toBeGreaterThanOrEqual(160);
  expect(Object.keys(published.all), stale).toEqual(tried);
  expect(published.versions, stale).toEqual(golden.frameworks.versions);
});

describe.each(tried)("%s", (loss) => {
  let measured: Accuracy;
  let failures: readonly string[];
  beforeAll(async () => {
    const found = await measureAccuracy(golden, native, [loss]);
    measured = found.accuracy;
    failures = found.failures.get(loss) ?? [];
  });

  test("every golden case, in float64 and rounded once to float32", () => {
    expect(failures).toEqual([]);
    expect(Object.keys(measured.all)).toEqual([loss]);
  });
  test("float32 throughout to 64 ulp, and to twice the conditioning where there is any", () => {
    const most = (row: OursRow) => Math.max(64, cancelInFloat32[loss] ?? 0) + 2 * (row.conditioning ?? 0);
    const errors = Object.entries(measured.all[loss] ?? {}).flatMap(([range, row]) =>
      row.native.flatMap((ulp) => {
        if (ulp === null || (ulp === "NaN" ? overflowInFloat32.includes(loss) : ulp <= most(row))) return [];
        return [`${range}: ${ulp}`];
      }),
    );
    expect(errors).toEqual([]);
  });
  test("what is published is current", () => {
    for (const table of ["all", "shared"] as const) {
      // Of `shared`, all that the loss predicts from.
      const own = ([name]: [string, unknown]) => name.split(" ")[0] === loss;
      const now = new Map(figures(Object.fromEntries(Object.entries(measured[table]).filter(own)), ""));
      const before = figures(Object.fromEntries(Object.entries(published[table]).filter(own)), "");
      expect(
        before.map(([place]) => place),
        stale,
      ).toEqual([...now.keys()]);
      expect(
        before.flatMap(([place, figure]) =>
          alike(figure, now.get(place)) ? [] : [`${place}: ${figure}, now ${now.get(place)}`],
        ),
        stale,
      ).toEqual([]);
    }
  });
});

describe("the measure", () => {
  test("counts units in the last place of the truth", () => {
    expect(worstUlp([1 + 2 ** -51], [1], "f64")).toBe(2);
    expect(worstUlp([1 - 2 ** -23, 5], [1, 5], "f32")).toBe(1);
    expect(worstUlp([8 + 2 ** -20], [8], "f32")).toBe(1);
    expect(worstUlp([0], [1e-3], "f32")).toBeGreaterThan(2 ** 23);
  });
  test("infinities and NaN must be where they belong", () => {
    const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
    expect(worstUlp([nan, inf, -inf], [nan, inf, -inf], "f64")).toBe(0);
    for (const [got, wanted] of [
      [inf, 1],
      [1, inf],
      [inf, -inf],
      [nan, inf],
      [0, nan],
    ] as const) {
      expect(worstUlp([got], [wanted], "f64")).toBe("NaN");
    }
  });
  test("a truth of 0 is measured against the largest", () => {
    expect(worstUlp([4, 2 ** -22], [4, 0], "f32")).toBe(0.5);
    expect(worstUlp([2 ** -52], [0], "f64")).toBe(1);
  });
  test("truths outside the normal range are left out, another length cannot be compared", () => {
    expect(worstUlp([0, 1], [1e-40, 1], "f32")).toBe(0);
    expect(worstUlp([0], [1e-40], "f32")).toBeNull();
    expect(worstUlp([1], [1, 1], "f64")).toBeNull();
  });
});

/** Special values, thresholds and subnormals against a table of true values from 60-digit arithmetic. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { FloatDType } from "../../../src/base/dtype.ts";
import { elementary } from "../../../src/compile/elementary/index.ts";
import { scaled } from "./doubleDouble.ts";
import { formats, scalars, ulpError } from "./measure.ts";
import { truths } from "./truth.ts";

type Shown = number | string;
type Row = [operands: Shown[], high: Shown, low?: number];
type Name = keyof typeof elementary;

const file = new URL("../../golden/elementary/edges.json.gz", import.meta.url);
const table = JSON.parse(gunzipSync(readFileSync(file)).toString()) as Record<Name, Record<FloatDType, Row[]>>;

const words: Record<string, number> = { inf: Infinity, "-inf": -Infinity, nan: Number.NaN, "-0": -0 };
const read = (x: Shown): number => (typeof x === "string" ? (words[x] as number) : x);

/** Zero where a product of factors is zero by definition: its sign means nothing. */
const isZero = (x: number): boolean => x === 0;

describe.each(["float32", "float64"] as const)("edges, %s", (precision) => {
  it("cover every function", () => {
    expect(Object.keys(table).sort()).toEqual(Object.keys(elementary).sort());
    const count = Object.values(table).reduce((sum, rows) => sum + rows[precision].length, 0);
    expect(count).toBe(12 * 306 + 3 * 550);
  });

  it.each(Object.keys(elementary) as Name[])("%s", (name) => {
    const s = scalars[precision];
    const bound = truths[name]?.bound[precision] ?? 0;
    for (const [operands, shown, low = 0] of table[name][precision]) {
      const [x, y] = operands.map(read) as [number, number];
      const high = read(shown);
      const got = elementary[name](s, x, y);
      if (name.startsWith("xlog") && isZero(high) && isZero(got)) continue;
      const error = ulpError(formats[precision], got, { value: [high, low], n: 0 });
      expect(error, `${name}(${operands.join(", ")}) = ${got}, not ${high}`).toBeLessThanOrEqual(bound);
    }
  });
});

it("the double-double truth agrees with the table", () => {
  // Products of operands beyond these overflow, or vanish in their low part.
  const usable = (x: number): boolean => Math.abs(x) > 2 ** -900 && Math.abs(x) < 2 ** 900;
  let compared = 0;
  for (const [name, { exact }] of Object.entries(truths)) {
    for (const [operands, shown, low = 0] of table[name as Name].float64) {
      const [x, y = 1] = operands.map(read) as [number, number?];
      const high = read(shown);
      if (!(usable(x) && usable(y) && usable(high))) continue;
      const { value, n } = exact(x, y);
      const [first, rest] = scaled(value, n);
      const difference = Math.abs(first - high + (rest - low)) / Math.abs(high);
      expect(difference, `${name}(${operands.join(", ")})`).toBeLessThanOrEqual(2 ** -62);
      compared++;
    }
  }
  expect(compared).toBe(3096);
});

/** The threshold of entmax and the tempered softmax: found in a fixed number of steps, whatever the logits. */
import { describe, expect, test } from "vitest";
import { evaluateFloat64, input } from "../../src/graph/index.ts";
import { newtonSteps, tempered } from "../../src/loss/classification/tempered.ts";
import * as losses from "../../src/losses.ts";

const alphas = [-3, -1, 0, 0.5, 0.875, 0.99, 1, 1.0009765625, 1.125, 1.25, 1.5, 1.625, 1.875, 1.9990234375, 2, 3];

function probabilities(rows: readonly number[][], alpha: number): number[][] {
  const shape = [rows.length, (rows[0] as number[]).length];
  const z = input("z", "float64", shape);
  const [p] = evaluateFloat64([tempered(z, alpha).p], new Map([[z, Float64Array.from(rows.flat())]]));
  return Array.from({ length: rows.length }, (_, r) => Array.from(p as Float64Array).slice(r * 60, (r + 1) * 60));
}

/** Equal, nearly equal, geometric, logarithmic and far logits, and such that lie at the edge of what is cut off. */
function hardRows(alpha: number): number[][] {
  const edge = 1 / Math.max(Math.abs(alpha - 1), 1e-3);
  const shapes: ((i: number) => number)[] = [
    () => 3,
    (i) => -i * 1e-3,
    (i) => -(2 ** (-i % 40)),
    (i) => -Math.log(1 + i),
    (i) => 20 * Math.sin(7 * i),
    (i) => -i * i,
    (i) => (i === 0 ? 0 : -edge + 2 ** (-(i % 50) - 1)),
    (i) => (i === 0 ? 0 : -edge * (1 + Math.sin(5 * i) / 10)),
    (i) => 1e6 - (i % 3),
  ];
  return shapes.map((shape) => Array.from({ length: 60 }, (_, i) => shape(i)));
}

/** p with the threshold halved in. */
function expected(z: readonly number[], alpha: number): number[] {
  const b = alpha - 1;
  const top = Math.max(...z);
  const at = (level: number) =>
    z.map((x) => {
      const base = b * (x - top) + level;
      return b === 0 ? Math.exp(x - top + level) : base <= 0 ? 0 : base ** (1 / b);
    });
  const total = (level: number) => at(level).reduce((s, p) => s + p, 0);
  // As a function of the level the sum rises for b ≥ 0, and falls for b < 0.
  let [under, over] = b === 0 ? [-10, 1] : b > 0 ? [0, 1] : [60 ** -b, 1];
  for (let step = 0; step < 120; step++) {
    const middle = (under + over) / 2;
    if (total(middle) > 1) over = middle;
    else under = middle;
  }
  return at(under);
}

describe.each(alphas)("alpha %d", (alpha) => {
  const rows = hardRows(alpha);
  test("sums to 1, in its order, and is what halving finds", () => {
    const got = probabilities(rows, alpha);
    rows.forEach((z, r) => {
      const p = got[r] as number[];
      expect(Math.abs(p.reduce((s, x) => s + x, 0) - 1)).toBeLessThan(1e-13);
      // Powers of 100 and more lose this much in the plain form that is compared with.
      expected(z, alpha).forEach((x, c) => {
        expect(Math.abs((p[c] as number) - x), `row ${r}, class ${c}`).toBeLessThan(
          Math.abs(alpha - 1) < 0.02 && alpha !== 1 ? 1e-12 : 1e-14,
        );
      });
    });
  });

  test("what the largest leaves is the sum of the others", () => {
    const z = input("z", "float64", [1, 3]);
    const { others, p } = tempered(z, alpha);
    const [rest, shares] = evaluateFloat64([others, p], new Map([[z, Float64Array.of(40, 0, 0)]]));
    expect((rest as Float64Array)[0]).toBe(2 * ((shares as Float64Array)[1] as number));
  });
});

test("how many steps it takes is known beforehand", () => {
  expect(newtonSteps(0.5, 10, "float64")).toBe(13);
  expect(newtonSteps(-0.2, 10, "float64")).toBe(10);
  expect(newtonSteps(-0.2, 10, "float32")).toBe(9);
  expect(newtonSteps(0.75, 1000, "float64")).toBe(35);
  expect(newtonSteps(1, 5, "float64")).toBe(5);
  expect(newtonSteps(1, 1000, "float32")).toBe(23);
  expect(newtonSteps(0.5, 1, "float64")).toBeGreaterThan(0);
});

describe("logits that are not numbers, and targets that need no number", () => {
  const gradient = (loss: string, z: readonly number[], params: object = {}) => {
    const got = losses.get(loss).evaluate([[1, 0, 0]], [z], { ...params, reduction: "sum" });
    return { value: got.value, gradient: Array.from(got.gradient.data) };
  };
  test.each([{ loss: "sparsemaxLoss" }, { loss: "entmaxLoss" }, { loss: "entmaxLoss", params: { alpha: 3 } }])(
    "$loss $params",
    ({ loss, params = {} }) => {
      expect(gradient(loss, [0, Number.NEGATIVE_INFINITY, -99], params)).toEqual({ value: 0, gradient: [0, 0, 0] });
      expect(gradient(loss, [Number.POSITIVE_INFINITY, 0, 1], params)).toEqual({ value: 0, gradient: [0, 0, 0] });
      const lost = { value: Number.POSITIVE_INFINITY, gradient: [-1, 1, 0] };
      expect(gradient(loss, [Number.NEGATIVE_INFINITY, 9, 0], params)).toEqual(lost);
      expect(gradient(loss, [0, Number.POSITIVE_INFINITY, 1], params)).toEqual(lost);
      const nan = { value: Number.NaN, gradient: [Number.NaN, Number.NaN, Number.NaN] };
      expect(gradient(loss, [Number.NaN, 0, 1], params)).toEqual(nan);
      expect(gradient(loss, new Array<number>(3).fill(Number.NEGATIVE_INFINITY), params)).toEqual(nan);
    },
  );

  test("biTemperedLogistic is bounded where an outlier is infinitely far", () => {
    expect(gradient("biTemperedLogistic", [0, Number.POSITIVE_INFINITY, 1])).toEqual({
      value: expect.closeTo(5, 14),
      gradient: [0, 0, 0],
    });
    expect(gradient("biTemperedLogistic", [Number.NaN, 0, 1]).gradient).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });
});

test("nearly the target: the loss keeps its digits where a sum of powers would not", () => {
  // D(y, p) ≈ ½ Σ y^(s−2) (p − y)² for small differences.
  const far = losses.biTemperedLogistic.evaluate([[1, 0, 0]], [[1e6, 0, 0]], { t1: 0.75, t2: 1.5 });
  const p = 2 * (1 + 0.5 * 1e6) ** -2;
  expect(far.value / ((2 * (p / 2) ** 1.25) / 1.25)).toBeCloseTo(1, 3);
  expect(far.gradient.data[0]).toBe(-(far.gradient.data[1] as number) - (far.gradient.data[2] as number));

  // The shares of the others are some 1e-9: 1 less the largest would have half of their digits.
  const { value, gradient } = losses.entmaxLoss.evaluate([[1, 0, 0]], [[3.96875, 0, 0]], { alpha: 1.25 });
  const share = gradient.data[1] as number;
  expect(share).toBeLessThan(1e-8);
  expect(gradient.data[0]).toBe(-2 * share);
  expect(share / 3.725286745752884e-9).toBeCloseTo(1, 12);
  expect(value / 4.65661009752247e-11).toBeCloseTo(1, 12);
});

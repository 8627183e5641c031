/** Margin losses with targets or curves of their own. */
import { describe, expect, test } from "vitest";
import * as losses from "../../src/losses.ts";

const { multiLabelMargin, tangentLoss } = losses;

describe("multiLabelMargin", () => {
  const of = (labels: number[], scores: number[]) => multiLabelMargin.evaluate([labels], [scores]);

  test("reads labels up to the first -1", () => {
    expect(of([1, -1, 2], [0, 0, 0]).value).toBe(of([1, -1, -1], [0, 0, 0]).value);
    expect(of([-1, 1, 2], [3, 1, 2]).value).toBe(0);
    expect(of([2, 0, 1], [3, 1, 2]).value).toBe(0);
    expect(of([2, 0, -1], [3, 1, 2]).value).toBe(of([0, 2, -1], [3, 1, 2]).value);
  });

  test("a label that is listed twice counts twice", () => {
    expect(of([1, 1, -1], [0, 0, 0]).value).toBe(2 * of([1, -1, -1], [0, 0, 0]).value);
  });

  test("refuses numbers that name no class, and is NaN in a graph that meets them unchecked", () => {
    expect(() => of([3, -1, -1], [0, 0, 0])).toThrow(/sees 3 classes, numbered 0 to 2/);
    expect(() => of([-2, -1, -1], [0, 0, 0])).toThrow(/-1 after the last/);
    expect(() => of([0.5, -1, -1], [0, 0, 0])).toThrow(/-1 after the last/);
    expect(() => multiLabelMargin.evaluate([[0, -1]], [[0, 0, 0]])).toThrow(/yTrue of shape/);
    expect(of([0, -1, -1], [0, Number.NaN, 0]).value).toBeNaN();
  });
});

describe("tangentLoss", () => {
  test("keeps its digits where it vanishes", () => {
    // arctan(tan ½ + h) − ½ = h/(1 + t²) − t h²/(1 + t²)² + …, at the float64 nearest to tan ½ plus a little.
    const t = 0.5463024898437905;
    const off = 2.909657621683717e-17;
    for (const h of [2 ** -12, -(2 ** -20), 2 ** -30]) {
      const x = t + h;
      const from = x - t - off;
      const bend = 1 / (1 + t * t);
      const angle = from * bend - t * (from * bend) ** 2 + ((3 * t * t - 1) / 3) * (from * bend) ** 3;
      expect(tangentLoss.evaluate([[1]], [[x]]).value / (2 * angle) ** 2).toBeCloseTo(1, 9);
    }
  });

  test("is bounded at both ends", () => {
    const { perSample, gradient } = tangentLoss.evaluate([[1], [1]], [[1e300], [-1e300]]);
    expect(perSample.data[0]).toBeCloseTo((Math.PI - 1) ** 2, 14);
    expect(perSample.data[1]).toBeCloseTo((Math.PI + 1) ** 2, 13);
    expect(Array.from(gradient.data)).toEqual([0, 0]);
  });
});

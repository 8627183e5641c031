/** The primitives over JavaScript numbers. */
import { describe, expect, it } from "vitest";
import type { FloatDType } from "../../../src/base/dtype.ts";
import { formats, scalars } from "./measure.ts";

const precisions: FloatDType[] = ["float32", "float64"];

describe.each(precisions)("number primitives, %s", (precision) => {
  const s = scalars[precision];
  const { minExponent, maxExponent, bits, round } = formats[precision];

  it("takes numbers apart and makes powers of two, at every normal exponent", () => {
    let cases = 0;
    for (let e = minExponent; e <= maxExponent; e++) {
      expect(s.pow2(e)).toBe(2 ** e);
      for (const m of [1, 1 + 2 ** (1 - bits), 1.5, 2 - 2 ** (1 - bits)]) {
        expect(s.exponent(m * 2 ** e)).toBe(e);
        expect(s.significand(m * 2 ** e)).toBe(m);
        cases++;
      }
    }
    expect(cases).toBe(4 * (maxExponent - minExponent + 1));
  });

  it("rounds to the nearest integer, halves to even, zeros keeping their sign", () => {
    const cases = [
      [0.5, 0],
      [1.5, 2],
      [2.5, 2],
      [-0.5, -0],
      [-1.5, -2],
      [-2.5, -2],
      [0.49999997, 0],
      [-0.3, -0],
      [-0, -0],
      [8388607.5, precision === "float32" ? 8388608 : 8388608],
      [1e30, round(1e30)],
      [Infinity, Infinity],
      [-Infinity, -Infinity],
      [Number.NaN, Number.NaN],
    ] as const;
    for (const [x, expected] of cases) expect(s.nearest(round(x))).toBe(expected);
    expect(cases.length).toBe(14);
  });

  it("copies signs of zeros, infinities and NaN's magnitude", () => {
    expect(s.copySign(2, -0)).toBe(-2);
    expect(s.copySign(-2, 0)).toBe(2);
    expect(s.copySign(0, -3)).toBe(-0);
    expect(s.copySign(Infinity, -1)).toBe(-Infinity);
    expect(s.copySign(Number.NaN, -1)).toBeNaN();
  });

  it("rounds every operation to the precision", () => {
    const third = round(1 / 3);
    expect(s.constant(1 / 3)).toBe(third);
    expect(s.div(1, 3)).toBe(third);
    expect(s.add(third, 1)).toBe(round(third + 1));
    expect(s.sub(third, 1)).toBe(round(third - 1));
    expect(s.mul(third, third)).toBe(round(third * third));
    expect(s.sqrt(2)).toBe(round(Math.SQRT2));
    expect(s.mul(2 ** maxExponent, 2)).toBe(Infinity);
  });

  it("has min and max that give their first operand at a NaN or a tie", () => {
    expect(s.min(Number.NaN, 1)).toBeNaN();
    expect(s.min(1, Number.NaN)).toBe(1);
    expect(s.max(Number.NaN, 1)).toBeNaN();
    expect(s.max(1, Number.NaN)).toBe(1);
    expect(s.min(-0, 0)).toBe(-0);
    expect(s.max(-0, 0)).toBe(-0);
  });

  it("has masks that are false at NaN", () => {
    for (const compare of [s.equal, s.less, s.lessEqual]) {
      expect(s.select(compare(Number.NaN, 1), 1, 2)).toBe(2);
      expect(s.select(s.not(compare(1, Number.NaN)), 1, 2)).toBe(1);
    }
    const [yes, no] = [s.less(0, 1), s.less(1, 0)];
    expect([s.and(yes, no), s.or(yes, no), s.lessEqual(1, 1)]).toEqual([no, yes, yes]);
  });
});

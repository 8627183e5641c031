import { describe, expect, it } from "vitest";
import { evaluateFloat64, input } from "../../src/graph/index.ts";
import { gradientError, someNumbers } from "./differentiate.ts";
import { constraintRegistry, constraints, regularizerRegistry, regularizers } from "./face.ts";

const weight = [3, -0.5, -4, 0.25, 0, 1];
function values(make: (w: ReturnType<typeof input>) => ReturnType<typeof input>, given: number[] = weight): number[] {
  const w = input("w", "float64", [3, 2]);
  return [...evaluateFloat64([make(w)], new Map([[w, given]]))[0]!];
}

describe("regularizers", () => {
  const expected: [ReturnType<typeof regularizers.l1>, number][] = [
    [regularizers.l1(0.1), 0.1 * 8.75],
    [regularizers.l1(), 0.01 * 8.75],
    [regularizers.l2({ l2: 0.1 }), 0.1 * 26.3125],
    [regularizers.l1l2({ l1: 0.1, l2: 0.2 }), 0.1 * 8.75 + 0.2 * 26.3125],
    [regularizers.l1l2(), 0],
  ];
  it.each(expected.map(([r, v]) => [JSON.stringify(r.toConfig()), r, v] as const))("%s", (_, regularizer, value) => {
    expect(values((w) => regularizer.penalty(w))[0]).toBeCloseTo(value, 12);
    const w = input("w", "float64", [3, 2]);
    expect(gradientError(regularizer.penalty(w), new Map([[w, someNumbers(6)]]))).toBeLessThan(1e-8);
    expect(regularizerRegistry.resolve(JSON.parse(JSON.stringify(regularizer.toConfig()))).toConfig()).toEqual(
      regularizer.toConfig(),
    );
  });

  it("take factors that are not negative", () => {
    expect(() => regularizers.l1(-1)).toThrow(expect.objectContaining({ code: "l1/l1" }));
    expect(regularizerRegistry.names).toEqual(Object.keys(regularizers).sort());
    expect(regularizerRegistry.resolve("L1L2").name).toBe("l1l2");
  });
});

describe("constraints", () => {
  // Columns of the weight: (3, −4, 0) and (−0.5, 0.25, 1), of norms 5 and 1.1456….
  const norm = Math.hypot(-0.5, 0.25, 1);
  const scale = (a: number, b: number) => weight.map((w, i) => w * (i % 2 === 0 ? a : b));
  const expected: [ReturnType<typeof constraints.nonNeg>, number[]][] = [
    [constraints.nonNeg(), [3, 0, 0, 0.25, 0, 1]],
    [constraints.maxNorm(2), scale(2 / 5, 1)],
    [constraints.maxNorm({ maxValue: 2, axis: [0, 1] }), weight.map((w) => (w * 2) / Math.hypot(5, norm))],
    [constraints.unitNorm(), scale(1 / 5, 1 / norm)],
    [constraints.unitNorm(1), weight.map((w, i) => w / Math.hypot(weight[2 * (i >> 1)]!, weight[2 * (i >> 1) + 1]!))],
    [constraints.minMaxNorm({ minValue: 2, maxValue: 4 }), scale(4 / 5, 2 / norm)],
    [constraints.minMaxNorm({ minValue: 2, maxValue: 4, rate: 0.5 }), scale(4.5 / 5, (1 + norm / 2) / norm)],
  ];
  it.each(expected.map(([c, v]) => [JSON.stringify(c.toConfig()), c, v] as const))("%s", (_, constraint, projected) => {
    // Keras's guard in the denominator moves results by up to 1e-7 of their size.
    values((w) => constraint.project(w)).forEach((value, i) => {
      expect(Math.abs(value - projected[i]!)).toBeLessThanOrEqual(2e-7 * Math.abs(projected[i]!));
    });
    expect(values((w) => constraint.project(w), [0, 0, 0, 0, 0, 0])).toEqual([0, 0, 0, 0, 0, 0]);
    expect(constraintRegistry.resolve(JSON.parse(JSON.stringify(constraint.toConfig()))).toConfig()).toEqual(
      constraint.toConfig(),
    );
  });

  it("have their guard where Keras has it", () => {
    expect(values((w) => constraints.unitNorm().project(w))[0]).toBe(3 / (1e-7 + 5));
    expect(values((w) => constraints.maxNorm(2).project(w))[0]).toBe(3 * (2 / (1e-7 + 5)));
  });

  it("refuse what makes no sense", () => {
    expect(() => constraints.minMaxNorm({ minValue: 2 })).toThrow(
      expect.objectContaining({ code: "min-max-norm/bounds" }),
    );
    expect(() => constraints.maxNorm(-1)).toThrow(expect.objectContaining({ code: "max-norm/max-value" }));
    expect(() => constraints.unitNorm({ axis: [] })).toThrow(expect.objectContaining({ code: "unit-norm/axis" }));
    expect(constraintRegistry.names).toEqual(Object.keys(constraints).sort());
    expect(constraintRegistry.resolve("nonNegative").name).toBe("nonNeg");
  });
});

/** Losses of real targets where formulas lose their digits or have a limit: directions, Barron's family, ensembles. */
import { describe, expect, test } from "vitest";
import * as losses from "../../src/losses.ts";
import { roundingDevice } from "./roundingDevice.ts";

const { barron, cauchy, cosineDistance, cosineSimilarity, crpsEnsemble, gemanMcClure, pseudoHuber, welsch } = losses;

const single = { dtype: "float32", arithmetic: "float32" } as const;

describe("directions", () => {
  test("nearly parallel, the distance and both slopes keep their digits", () => {
    for (const e of [2 ** -2, 2 ** -10, 2 ** -20, 2 ** -30]) {
      const root = Math.sqrt(1 + e * e);
      for (const scale of [1, -1]) {
        const { value, gradient } = cosineDistance.evaluate([[1, 0, 0]], [[scale, scale * e, 0]]);
        const distance = (e * e) / (1 + root) / root;
        expect(scale > 0 ? value / distance : value + distance - 1).toBeCloseTo(1, 14);
        expect((gradient.data[0] as number) / ((-e * e) / root ** 3)).toBeCloseTo(1, 14);
        expect((gradient.data[1] as number) / (e / root ** 3)).toBeCloseTo(1, 14);
      }
    }
  });

  test("the same direction at another length has distance 0 and no slope; so has a vector against itself", () => {
    for (const factor of [1, 3, 2 ** 40, -5]) {
      const far = [1, 2, 2].map((x) => factor * x);
      const { value, gradient } = cosineSimilarity.evaluate([[1, 2, 2]], [far]);
      expect([value, ...gradient.data]).toEqual([-Math.sign(factor), 0, 0, 0]);
    }
  });

  test("a zero vector has no direction: 0 and 1, and no slope", () => {
    for (const [y, p] of [
      [
        [0, 0],
        [1, 2],
      ],
      [
        [1, 2],
        [0, 0],
      ],
      [
        [0, 0],
        [0, 0],
      ],
    ] as [number[], number[]][]) {
      expect([cosineSimilarity, cosineDistance].map((loss) => loss.evaluate([y], [p]).value)).toEqual([0, 1]);
      expect(Array.from(cosineDistance.evaluate([y], [p]).gradient.data)).toEqual([0, 0]);
    }
    expect(cosineSimilarity.evaluate([[0, 1]], [[Number.NaN, 1]]).value).toBeNaN();
  });

  test("no square overflows in the arithmetic of float32", async () => {
    const [y, p] = [[[3e30, 4e30]], [[-8e-30, 6e-30]]];
    const { value, gradient } = await cosineSimilarity.evaluateOn(roundingDevice(), y, p, single);
    expect(value).toBeCloseTo(0, 6);
    expect((gradient.data[0] as number) / -6e28).toBeCloseTo(1, 5);
    expect((gradient.data[1] as number) / -8e28).toBeCloseTo(1, 5);
  });
});

describe("barron", () => {
  const [y, p] = [[[0, 0, 0, 0]], [[0.25, -1, 3, -40]]];
  const of = (loss: typeof barron | typeof cauchy | typeof pseudoHuber) => loss.evaluate(y, p);

  test("is the losses that it contains", () => {
    const same = [
      [barron, pseudoHuber],
      [barron({ alpha: 0 }), cauchy],
      [barron({ alpha: -2 }), gemanMcClure],
      [barron({ alpha: Number.NEGATIVE_INFINITY }), welsch],
      [barron({ alpha: 2, c: Math.SQRT1_2 }), losses.meanSquaredError],
    ] as [typeof barron, typeof cauchy][];
    for (const [ours, other] of same) {
      expect(of(ours).value / of(other).value, other.name).toBeCloseTo(1, 13);
      of(ours).gradient.data.forEach((g, i) => {
        expect(g, other.name).toBeCloseTo(of(other).gradient.data[i] as number, 13);
      });
    }
  });

  test("goes over into its limits", () => {
    for (const [near, at] of [
      [1e-9, 0],
      [-1e-9, 0],
      [2 - 1e-9, 2],
      [2 + 1e-9, 2],
    ] as const) {
      expect(of(barron({ alpha: near }) as typeof barron).value).toBeCloseTo(
        of(barron({ alpha: at }) as typeof barron).value,
        3,
      );
    }
  });

  test("-Infinity is kept as a word, so that JSON can hold it", () => {
    const loss = barron({ alpha: Number.NEGATIVE_INFINITY });
    expect(loss.toConfig()).toEqual({ name: "barron", params: { alpha: "-Infinity", c: 1 } });
    const again = losses.fromConfig(JSON.parse(JSON.stringify(loss.toConfig())));
    expect(again.toConfig()).toEqual(loss.toConfig());
    expect(barron({ alpha: "-Infinity" }).toConfig()).toEqual(loss.toConfig());
    for (const alpha of [Number.POSITIVE_INFINITY, Number.NaN, "Infinity", "1"]) {
      expect(() => barron({ alpha: alpha as number })).toThrow(/a finite number or -Infinity/);
    }
  });

  test("no residual is too large for the arithmetic of float32 where the loss is not", async () => {
    const cases = [
      [1, 1e25, 1],
      [1.5, (0.5 / 1.5) * 2 ** 0.75 * 1e25 ** 1.5, 2 ** -0.25 * Math.sqrt(1e25)],
      [0, 2 * Math.log(1e25) - Math.LN2, 2e-25],
      [0.5, 1.5 * 2 * (1e25 / Math.sqrt(1.5)) ** 0.5, 1e25 * ((1e25 * 1e25) / 1.5) ** -0.75],
      [-2, 2, 0],
      ["-Infinity", 1, 0],
    ] as const;
    for (const [alpha, value, slope] of cases) {
      const got = await barron({ alpha }).evaluateOn(roundingDevice(), [[0]], [[1e25]], single);
      expect(got.value / value, `alpha ${alpha}`).toBeCloseTo(1, 4);
      const pull = got.gradient.data[0] as number;
      expect(slope === 0 ? pull : pull / slope - 1, `alpha ${alpha}`).toBeCloseTo(0, 4);
    }
  });
});

describe("crpsEnsemble", () => {
  const crps = (y: number, members: number[], fair = false) => crpsEnsemble.evaluate([y], [members], { fair }).value;

  test("one member: the absolute error; all the same: too", () => {
    expect(crps(1, [4])).toBe(3);
    expect(crps(1, [4, 4, 4])).toBe(3);
    expect(crps(1, [4, 4, 4], true)).toBe(3);
    expect(() => crps(1, [4], true)).toThrow(/takes two/);
  });

  test("is the area between the ensemble's steps and the one at y, squared", () => {
    const members = [-2, 0.5, 0.75, 3, 3];
    const y = 1;
    const step = 2 ** -12;
    let area = 0;
    for (let x = -4 + step / 2; x < 4; x += step) {
      const share = members.filter((member) => member <= x).length / members.length;
      area += (share - (x >= y ? 1 : 0)) ** 2 * step;
    }
    expect(crps(y, members)).toBeCloseTo(area, 12);
  });

  test("NaN stays, any leading axes will do, and targets are one number an ensemble", () => {
    expect(crps(1, [4, Number.NaN])).toBeNaN();
    const deep = crpsEnsemble.evaluate(
      [
        [1, 2],
        [3, 4],
      ],
      [
        [
          [1, 2, 3],
          [2, 2, 2],
        ],
        [
          [0, 1, 2],
          [4, 5, 6],
        ],
      ],
    );
    expect(deep.perSample.shape).toEqual([2, 2]);
    expect(() => crpsEnsemble.evaluate([[1, 2]], [[1, 2]])).toThrow(/yTrue of shape/);
  });

  test("a member on the target, or on another: the mean of the slopes at both sides", () => {
    const slopes = (y: number, members: number[]) => Array.from(crpsEnsemble.evaluate([y], [members]).gradient.data);
    expect(slopes(0, [0, 2])).toEqual([0.25, 0.25]);
    expect(slopes(0, [1, 1])).toEqual([0.5, 0.5]);
    expect(slopes(0, [0, 0])).toEqual([0, 0]);
  });
});

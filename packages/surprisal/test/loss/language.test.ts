/** Losses of tokens and of teachers: nothing under- or overflows, nearly equal rows keep their digits, classes may be ruled out. */
import { describe, expect, test } from "vitest";
import * as losses from "../../src/losses.ts";

const { distillationKl, softcapCrossentropy, unlikelihood, zLossCrossentropy } = losses;
const numbers = (tensor: losses.Tensor): number[] => Array.from(tensor.data);
const close = (got: number, wanted: number, within = 1e-13): void => {
  expect(Math.abs(got - wanted), `${got} for ${wanted}`).toBeLessThanOrEqual(within * Math.abs(wanted));
};
const out = Number.NEGATIVE_INFINITY;

describe("unlikelihood", () => {
  test("a token with nearly all of the mass costs by its lead, in float64 and float32", () => {
    const sure = unlikelihood.evaluate([[1, 0, 0]], [[3000, 0, 0]]);
    close(sure.value, 3000 - Math.LN2);
    expect(numbers(sure.gradient)).toEqual([1, -0.5, -0.5]);
    const single = unlikelihood.evaluate([[1, 0, 0]], [[200, 0, out]], { dtype: "float32" });
    expect(single.value).toBe(200);
    expect(numbers(single.gradient)).toEqual([1, -1, 0]);
  });

  test("a token with hardly any mass keeps its digits", () => {
    const rare = unlikelihood.evaluate([[0, 1]], [[100, 0]]);
    close(rare.value, Math.exp(-100));
    close(rare.gradient.data[1] as number, Math.exp(-100));
  });

  test("just above and below half of the mass the two forms agree", () => {
    const at = (z: number) => unlikelihood.evaluate([[1, 0]], [[z, 0]]).value;
    for (const z of [-1e-9, 0, 1e-9, 0.25]) close(at(z), Math.log1p(Math.exp(z)));
  });

  test("the only token there is must be said", () => {
    expect(unlikelihood.evaluate([[1, 0]], [[0, out]]).value).toBe(Number.POSITIVE_INFINITY);
    expect(unlikelihood.evaluate([[0, 1]], [[0, out]]).value).toBe(0);
  });
});

describe("softcapCrossentropy", () => {
  test("logits far above the cap keep their difference", () => {
    // 30 (tanh(10) − tanh(9)), from mpmath.
    const gap = 7.901295536742087e-7;
    const got = softcapCrossentropy.evaluate([1], [[300, 270]]);
    close(got.value, Math.LN2 + gap / 2 + gap ** 2 / 8, 1e-15);
    const slopes = numbers(got.gradient);
    close((slopes[0] as number) / Math.cosh(10) ** -2, 0.5, 1e-6);
    close((slopes[1] as number) / Math.cosh(9) ** -2, -0.5, 1e-6);
  });

  test("infinite logits stop at the cap, and have no slope", () => {
    const got = softcapCrossentropy({ softcap: 2 }).evaluate([0], [[out, Number.POSITIVE_INFINITY]]);
    close(got.value, 4 + Math.log1p(Math.exp(-4)));
    expect(numbers(got.gradient)).toEqual([0, 0]);
  });

  test("a large cap is no cap", () => {
    const data = [[2], [[1, -2, 0.5]]] as const;
    close(
      softcapCrossentropy({ softcap: 2 ** 40 }).evaluate(...data).value,
      losses.sparseCategoricalCrossentropy({ fromLogits: true }).evaluate(...data).value,
    );
  });
});

describe("zLossCrossentropy", () => {
  test("counts padding neither in the value nor in the divisor", () => {
    const options = { ignoreClass: -100, reduction: { op: "mean", over: "valid" } } as const;
    const padded = zLossCrossentropy.evaluate(
      [1, -100],
      [
        [3, 4],
        [Number.NaN, 0],
      ],
      options,
    );
    close(padded.value, zLossCrossentropy.evaluate([1], [[3, 4]]).value);
    expect(numbers(padded.gradient).slice(2)).toEqual([0, 0]);
  });

  test("what logits have in common costs, as in cross-entropy it does not", () => {
    const at = (offset: number) => zLossCrossentropy({ zLoss: 0.5 }).evaluate([0], [[offset, offset]]);
    close(at(100).value, Math.LN2 + (100 + Math.LN2) ** 2 / 2);
    close(
      numbers(at(100).gradient).reduce((a, b) => a + b, 0),
      100 + Math.LN2,
    );
  });
});

describe("distillationKl", () => {
  const directions = ["forward", "reverse", "jsd"] as const;
  /** The second-order form of all three: weight · Var(change) / 2 under the teacher. */
  const weights = { forward: 1, reverse: 1, jsd: 0.25 };

  test.each(directions)("%s: nearly equal rows keep their digits, and cost nothing when equal", (direction) => {
    const teacher = [3, 1, -2, 0.5];
    const e = 2 ** -40;
    const changes = [1, -2, 3, 0.5];
    const student = teacher.map((z, c) => z + e * (changes[c] as number));
    const got = distillationKl({ direction, temperature: 1 }).evaluate([teacher], [student]);
    const total = teacher.reduce((sum, z) => sum + Math.exp(z), 0);
    const p = teacher.map((z) => Math.exp(z) / total);
    const mean = p.reduce((sum, share, c) => sum + share * (changes[c] as number), 0);
    const variance = p.reduce((sum, share, c) => sum + share * ((changes[c] as number) - mean) ** 2, 0);
    close(got.value, (weights[direction] * e * e * variance) / 2, 1e-10);
    p.forEach((share, c) => {
      close(got.gradient.data[c] as number, weights[direction] * e * share * ((changes[c] as number) - mean), 1e-10);
    });
    const equal = distillationKl({ direction, temperature: 3 }).evaluate([teacher], [teacher.map((z) => z + 64)]);
    expect([equal.value, ...numbers(equal.gradient)]).toEqual([0, 0, 0, 0, 0]);
  });

  test.each(directions)("%s: never negative", (direction) => {
    for (let k = 0; k < 200; k++) {
      const teacher = [0, 1, 2, 3].map((c) => 6 * Math.sin(1.7 * k + c * c));
      const student = teacher.map((z, c) => z + 2 ** -(k / 4) * Math.cos(k + 2 * c));
      expect(distillationKl({ direction }).evaluate([teacher], [student]).value).toBeGreaterThanOrEqual(0);
    }
  });

  test("a class that is out for both is no class; one that only the student has costs in reverse without bound", () => {
    const of = (direction: (typeof directions)[number], teacher: number[], student: number[]) =>
      distillationKl({ direction }).evaluate([teacher], [student]);
    for (const direction of directions) {
      const with3 = of(direction, [1, 2, out], [2, 1, out]);
      close(with3.value, of(direction, [1, 2], [2, 1]).value);
      expect(with3.gradient.data[2]).toBe(0);
    }
    close(of("forward", [0, out], [0, 0]).value, Math.LN2);
    expect(of("reverse", [0, out], [0, 0]).value).toBe(Number.POSITIVE_INFINITY);
    expect(of("forward", [0, 0], [0, out]).value).toBe(Number.POSITIVE_INFINITY);
    // log 2 − (3/4) log(4/3) − …: half of KL(½,½ ‖ ¾,¼) and of KL(1,0 ‖ ¾,¼).
    close(of("jsd", [0, 0], [0, out]).value, (Math.log(4 / 3) / 2 + Math.log(4 / 3)) / 2, 1e-12);
    expect(() => of("forward", [0, Number.NaN], [0, 0])).toThrow(/logits of a teacher/);
  });

  test("T² undoes T in the gradient as T grows, with rows that would round badly over it", () => {
    const at = (temperature: number) => distillationKl({ temperature }).evaluate([[0, 1000]], [[0, 999]]).gradient.data;
    close(at(1e7)[1] as number, -0.25 * 1, 1e-3);
    expect(() => distillationKl({ temperature: 0 })).toThrow(/above 0/);
    expect(() => distillationKl({ beta: 1 })).toThrow(/between 0 and 1/);
  });
});

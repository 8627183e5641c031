/** Losses of ranked lists and of cosines: lists of different length, ties, cosines at the ends of their range. */
import { describe, expect, test } from "vitest";
import * as losses from "../../src/losses.ts";

const { approxNdcg, arcFace, cosFace, listMle, listNet, normalizedSoftmax, rankNet } = losses;
const overLists = [rankNet, listNet, listMle, approxNdcg] as const;
const numbers = (tensor: losses.Tensor): number[] => Array.from(tensor.data);
const close = (got: number, wanted: number, within = 1e-13): void => {
  expect(Math.abs(got - wanted), `${got} for ${wanted}`).toBeLessThanOrEqual(within * Math.abs(wanted));
};

describe.each(overLists.map((loss) => ({ name: loss.name, loss: loss as losses.LossFunction })))(
  "$name",
  ({ loss }) => {
    const grades = [2, 0, 1, 2];
    const scores = [0.5, -1, 2, 0.25];

    test("an item that is left out is an item that is not there, even if it is NaN", () => {
      const short = loss.evaluate([grades], [scores]);
      const long = loss.evaluate([[2, 3, 0, 1, 2, 1]], [[0.5, Number.NaN, -1, 2, 0.25, 40]], {
        classMask: [[true, false, true, true, true, false]],
      });
      expect(short.value).toBeGreaterThan(0.1);
      close(long.value, short.value);
      const [a, gap, ...rest] = numbers(long.gradient);
      expect([gap, rest.pop()]).toEqual([0, 0]);
      [a as number, ...rest].forEach((slope, i) => {
        close(slope, short.gradient.data[i] as number);
      });
    });

    test("a list of which nothing is left costs 0", () => {
      const mask = [
        [false, false],
        [true, true],
      ];
      const both = loss.evaluate(
        [
          [1, 0],
          [1, 0],
        ],
        [
          [3, 4],
          [3, 4],
        ],
        { classMask: mask, reduction: "sum" },
      );
      const alone = loss.evaluate([[1, 0]], [[3, 4]]);
      expect(numbers(both.perSample)).toEqual([0, alone.value]);
      expect(numbers(both.gradient)).toEqual([0, 0, ...numbers(alone.gradient)]);
    });

    test("the order of the items does not matter where no two are alike", () => {
      const distinct = [3, 0, 1, 2];
      const order = [2, 0, 3, 1];
      const pick = (x: number[]) => order.map((i) => x[i] as number);
      const still = loss.evaluate([distinct], [scores]);
      const moved = loss.evaluate([pick(distinct)], [pick(scores)]);
      close(moved.value, still.value);
      pick(numbers(still.gradient)).forEach((slope, i) => {
        close(moved.gradient.data[i] as number, slope);
      });
    });

    test("what all scores have in common does not matter", () => {
      close(loss.evaluate([grades], [scores.map((x) => x + 1024)]).value, loss.evaluate([grades], [scores]).value);
    });

    test("lists may lie in more than two axes", () => {
      const deep = loss.evaluate([[grades, grades]], [[scores, scores.map((x) => 2 * x)]], { reduction: "none" });
      expect(deep.perSample.shape).toEqual([1, 2]);
      close(deep.perSample.data[1] as number, loss.evaluate([grades], [scores.map((x) => 2 * x)]).value);
    });
  },
);

test("grades are checked: listNet and approxNdcg take none below 0, the others any order", () => {
  for (const loss of [listNet, approxNdcg]) expect(() => loss.evaluate([[-1, 0]], [[0, 0]])).toThrow(/from 0 up/);
  for (const loss of [rankNet, listMle, listNet({ softmaxLabels: true })]) {
    close(loss.evaluate([[-1, 0]], [[0, 0]]).value, loss.evaluate([[0, 1]], [[0, 0]]).value);
  }
});

test("listMle keeps tied items in the order of the list", () => {
  const first = listMle.evaluate([[1, 1]], [[5, 0]]).value;
  const second = listMle.evaluate([[1, 1]], [[0, 5]]).value;
  close(first, Math.log1p(Math.exp(-5)));
  close(second, 5 + Math.log1p(Math.exp(-5)));
});

describe("approxNdcg", () => {
  test("keeps its digits where the order is right, ties included", () => {
    // 1 − DCG/IDCG of two items whose ranks are off by e = σ(−20), gains 3 and 1.
    const e = 1 / (1 + Math.exp(20));
    const slope = (rank: number) => Math.LN2 / ((1 + rank) * Math.log(1 + rank) ** 2);
    const best = 3 + 1 / Math.log2(3);
    close(approxNdcg.evaluate([[2, 1]], [[20, 0]]).value, (e * (3 * slope(1) - slope(2))) / best, 1e-8);
    const tied = (scores: number[]) => approxNdcg.evaluate([[1, 1]], [scores]).value;
    close(tied([0, 20]), (e * (slope(1) - slope(2))) / (1 + 1 / Math.log2(3)), 1e-8);
    expect(tied([0, 20])).toBe(tied([20, 0]));
  });

  test("a last item that should be first, in a long list", () => {
    const n = 300;
    const scores = Array.from({ length: n }, (_, i) => -i * 1000);
    const grades = scores.map((_, i) => (i === n - 1 ? 3 : 0));
    close(approxNdcg.evaluate([grades], [scores]).value, 1 - 1 / Math.log2(1 + n));
    const upward = scores.map((_, i) => i * 1000);
    expect(approxNdcg.evaluate([grades], [upward]).value).toBe(0);
  });

  test("grades may be fractions", () => {
    const gain = 2 ** 0.5 - 1;
    close(approxNdcg.evaluate([[0.5, 0]], [[0, 0]]).value, 1 - gain / Math.log2(2.5) / gain);
  });
});

describe("cosines", () => {
  test.each(
    [arcFace, cosFace, normalizedSoftmax].map((loss) => ({ name: loss.name, loss: loss as losses.LossFunction })),
  )("$name takes a rounding error above 1, and nothing more", ({ loss }) => {
    const above = loss.evaluate([0], [[1 + 2 ** -23, 0.25]]);
    close(above.value, loss.evaluate([0], [[1, 0.25]]).value, 1e-4);
    expect(numbers(above.gradient).every(Number.isFinite)).toBe(true);
    expect(() => loss.evaluate([0], [[1.01, 0.25]])).toThrow(/cosines, numbers from -1 to 1/);
    expect(() => loss.evaluate([2], [[1, 0.25]])).toThrow(/2 classes/);
  });

  test("arcFace adds an angle, not degrees", () => {
    expect(() => arcFace({ margin: 28.6 })).toThrow(/radians/);
  });

  test("with the margin 0 the three are one", () => {
    const data = [[2], [[0.5, -0.25, 0.125]]] as const;
    const plain = normalizedSoftmax({ temperature: 0.125 }).evaluate(...data).value;
    close(cosFace({ margin: 0, scale: 8 }).evaluate(...data).value, plain);
    close(arcFace({ margin: 0, scale: 8 }).evaluate(...data).value, plain);
  });

  test("arcFace gives up m sin m beyond π − m", () => {
    const m = 0.5;
    const at = (c: number) => arcFace({ margin: m, scale: 1 }).evaluate([0], [[c, 0]]).value;
    const cost = (target: number) => Math.log1p(Math.exp(-target));
    close(at(-0.875), cost(Math.cos(Math.acos(-0.875) + m)));
    close(at(-0.9), cost(-0.9 - m * Math.sin(m)));
  });
});

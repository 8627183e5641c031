/** Boxes: the same, apart, touching, without area, turned inside out, and of any size. */
import { describe, expect, test } from "vitest";
import * as losses from "../../src/losses.ts";
import { roundingDevice } from "./roundingDevice.ts";

const { iouLoss, giouLoss, diouLoss, ciouLoss } = losses;
const all = [iouLoss, giouLoss, diouLoss, ciouLoss];
type Box = readonly [number, number, number, number];
const of = (loss: (typeof all)[number], yTrue: Box, yPred: Box, options = {}) =>
  loss.evaluate([yTrue], [yPred], options);
const gradient = (...given: Parameters<typeof of>) => Array.from(of(...given).gradient.data);

describe.each(all.map((loss) => ({ loss, name: loss.name })))("$name", ({ loss }) => {
  test("is 0 for the same box, also without area", () => {
    for (const box of [
      [0, 0, 3, 2],
      [1, 1, 1, 1],
      [1, 1, 4, 1],
      [-2, 0, -2, 5],
    ] as Box[]) {
      const { value, gradient: slope } = of(loss, box, box);
      expect([value, ...slope.data].every(Number.isFinite)).toBe(true);
      expect(value).toBe(0);
    }
  });

  test("has a finite value and slope wherever areas, unions and hulls are 0", () => {
    const boxes: Box[] = [
      [0, 0, 0, 0],
      [1, 1, 1, 1],
      [0, 0, 2, 0],
      [0, 0, 0, 2],
      [0, 0, 2, 2],
      [2, 2, 3, 3],
      [1, 0, 3, 0],
    ];
    let count = 0;
    for (const a of boxes) {
      for (const b of boxes) {
        const { value, gradient: slope } = of(loss, a, b);
        expect([value, ...slope.data].every(Number.isFinite), `${a} and ${b}`).toBe(true);
        expect(value === 0, `${a} and ${b}`).toBe(a === b);
        count++;
      }
    }
    expect(count).toBe(49);
  });

  test("does not depend on the unit, in the arithmetic of float32 neither", async () => {
    const options = { dtype: "float32", arithmetic: "float32" } as const;
    const at = (unit: number) => {
      const scaled = (box: Box) => box.map((x) => x * unit);
      return loss.evaluateOn(roundingDevice(), [scaled([0, 0, 3, 2])], [scaled([1, 0.5, 4, 4])], options);
    };
    const plain = await at(1);
    for (const unit of [2 ** -100, 2 ** -20, 2 ** 30, 2 ** 100]) {
      const { value, gradient: slope } = await at(unit);
      expect(value).toBeCloseTo(plain.value, 6);
      slope.data.forEach((g, i) => {
        expect((g * unit) / (plain.gradient.data[i] as number)).toBeCloseTo(1, 5);
      });
    }
  });

  test("is NaN for a predicted box turned inside out, and refuses a true one", () => {
    expect(of(loss, [0, 0, 1, 1], [1, 0, 0, 1]).value).toBeNaN();
    expect(of(loss, [0, 0, 1, 1], [0, 1, 1, 0]).value).toBeNaN();
    expect(of(loss, [0, 0, 1, 1], [1, 1, 0, 0]).value).toBeNaN();
    expect(of(loss, [0, 0, 1, 1], [0, 0, Number.NaN, 1]).value).toBeNaN();
    expect(() =>
      loss.evaluate(
        [
          [0, 0, 1, 1],
          [0, 1, 1, 0],
        ],
        [
          [0, 0, 1, 1],
          [0, 0, 1, 1],
        ],
      ),
    ).toThrow(/box 2 of yTrue is 0, 1, 1, 0/);
    expect(() => loss.checkTargets([1, 0, 0, 1], [1, 4], [1, 4])).toThrow(/with x1 up to x2/);
  });

  test("takes four numbers a box, in any number of leading axes", () => {
    expect(() => loss.evaluate([[0, 0, 1]], [[0, 0, 1]])).toThrow(/holds the four numbers/);
    const deep = loss.evaluate(
      [
        [
          [0, 0, 1, 1],
          [0, 0, 2, 1],
        ],
      ],
      [
        [
          [0, 0, 1, 1],
          [0, 0, 1, 1],
        ],
      ],
    );
    expect(deep.perSample.shape).toEqual([1, 2]);
  });
});

test("nearly the same: the loss keeps its digits", () => {
  for (const by of [2 ** -10, 2 ** -20, 2 ** -40]) {
    // Shared 1, united (1 + by)²: the corner is larger by `by` on both sides.
    const missed = (2 * by + by * by) / (1 + by) ** 2;
    expect(of(iouLoss, [0, 0, 1, 1], [0, 0, 1 + by, 1 + by]).value / missed).toBeCloseTo(1, 15);
    expect(of(giouLoss, [0, 0, 1, 1], [0, 0, 1 + by, 1 + by]).value / missed).toBeCloseTo(1, 15);
    // Moved along the diagonal, two corners of the hull are left over.
    const moved = 1 - (1 - by) ** 2 / (2 - (1 - by) ** 2) + (2 * by * by) / (1 + by) ** 2;
    const exact = (2 * (2 * by - by * by)) / (1 + 2 * by - by * by) + (2 * by * by) / (1 + by) ** 2;
    expect(moved).toBeCloseTo(exact, 12);
    expect(of(giouLoss, [0, 0, 1, 1], [by, by, 1 + by, 1 + by]).value / exact).toBeCloseTo(1, 14);
  }
});

test("apart: only the losses with a hull or centres pull", () => {
  const [near, far] = [
    [2, 0, 3, 1],
    [4, 0, 5, 1],
  ] as Box[] as [Box, Box];
  const target: Box = [0, 0, 1, 1];
  expect([of(iouLoss, target, near).value, of(iouLoss, target, far).value]).toEqual([1, 1]);
  expect(gradient(iouLoss, target, near)).toEqual([0, 0, 0, 0]);
  for (const loss of [giouLoss, diouLoss, ciouLoss]) {
    expect(of(loss, target, near).value).toBeLessThan(of(loss, target, far).value);
    expect(gradient(loss, target, far)[0]).toBeGreaterThan(0);
  }
  // Union 2, hull 3 by 1; gap in both directions: hull 9.
  expect(of(giouLoss, target, near).value).toBeCloseTo(1 + 1 / 3, 15);
  expect(of(giouLoss, target, [2, 2, 3, 3]).value).toBeCloseTo(1 + 7 / 9, 15);
});

test("where ends coincide, the slope is that of a predicted end that moves inwards, or the hull's own", () => {
  const box: Box = [0, 0, 1, 1];
  for (const loss of [iouLoss, diouLoss, ciouLoss]) expect(gradient(loss, box, box)).toEqual([1, 1, -1, -1]);
  expect(gradient(giouLoss, box, box)).toEqual([0, 0, 0, 0]);
  // Apart along x, level along y: hull 5 by 1, union 3.
  const level = gradient(giouLoss, [3, 0, 5, 1], [0, 0, 1, 1]);
  for (const [i, wanted] of [0.08, -0.4, -0.2, 0.4].entries()) expect(level[i]).toBeCloseTo(wanted, 15);
});

test("the shapes of boxes count, the more the better the boxes fit", () => {
  const [wide, tall] = [
    [0, 1, 4, 2],
    [1.5, 0, 2.5, 4],
  ] as Box[] as [Box, Box];
  const v = ((2 / Math.PI) * (Math.atan(4) - Math.atan(0.25))) ** 2;
  const missed = 1 - 1 / 7;
  const distance = 0.5 ** 2 / 32;
  expect(of(ciouLoss, wide, tall).value).toBeCloseTo(missed + distance + v ** 2 / (missed + v), 14);
  // A line has a shape, too; a point has none.
  expect(of(ciouLoss, [0, 0, 2, 0], [0, 0, 0, 2]).value).toBeCloseTo(1 + 0.25 + 1 / 2, 14);
  expect(of(ciouLoss, [0, 0, 2, 0], [0, 0, 0, 0]).value).toBeCloseTo(
    of(diouLoss, [0, 0, 2, 0], [0, 0, 0, 0]).value,
    15,
  );
});

test("alpha is held constant unless asked otherwise, and changes no value", () => {
  const [a, b] = [
    [0, 0, 4, 1],
    [1, -0.5, 3, 4],
  ] as Box[] as [Box, Box];
  const free = of(ciouLoss, a, b, { stopAlphaGradient: false });
  const held = of(ciouLoss, a, b);
  expect(held.value).toBe(free.value);
  // v in the numerator of alpha v counts once instead of twice, less what its denominator gives.
  const slopeOf = (loss: (typeof all)[number], i: number, options = {}) => {
    const moved = (by: number) => of(loss, a, b.map((x, j) => (j === i ? x + by : x)) as unknown as Box, options).value;
    return (moved(1e-6) - moved(-1e-6)) / 2e-6;
  };
  for (let i = 0; i < 4; i++) {
    expect(free.gradient.data[i]).toBeCloseTo(slopeOf(ciouLoss, i), 8);
    const vOf = (box: Box) => ((2 / Math.PI) * (Math.atan(4) - Math.atan((box[2] - box[0]) / (box[3] - box[1])))) ** 2;
    const alpha = vOf(b) / (of(iouLoss, a, b).value + vOf(b));
    const moved = (by: number) => vOf(b.map((x, j) => (j === i ? x + by : x)) as unknown as Box);
    const shape = (alpha * (moved(1e-6) - moved(-1e-6))) / 2e-6;
    expect(held.gradient.data[i]).toBeCloseTo(slopeOf(diouLoss, i) + shape, 8);
  }
});

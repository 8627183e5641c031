/** Curves of losses: the axis that their domains ask for, and the numbers of the losses themselves on it. */
import { describe, expect, test } from "vitest";
import { explainLoss } from "../../src/advise/explainLoss.ts";
import { type LossCurve, lossCurve } from "../../src/advise/lossCurve.ts";
import { SurprisalError } from "../../src/base/errors.ts";
import type { Domain } from "../../src/loss/domain.ts";
import * as losses from "../../src/losses.ts";

const curveOf = (loss: string | losses.Loss, options = {}): LossCurve => lossCurve(loss, options) as LossCurve;
const at = ({ points }: LossCurve, x: number) => points.find((point) => Math.abs(point.x - x) < 1e-9);
const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof SurprisalError) return error.code;
    throw error;
  }
  return "nothing was thrown";
};

/** Every loss with an axis, drawn. */
const drawn = losses.list().flatMap((loss) => {
  const curve = lossCurve(loss as losses.Loss);
  return curve === undefined ? [] : [{ name: loss.name, loss: loss as losses.LossFunction, curve }];
});
const plain = losses.list().filter(({ definition }) => !("losses" in definition));

test("every loss of one target and one prediction array has a curve, unless its rows are of things that differ", () => {
  expect(plain.length).toBeGreaterThanOrEqual(54);
  const names = new Set(drawn.map(({ name }) => name));
  // The four numbers of a box.
  const unlike = plain.filter(({ definition }) => definition.task === "boxes");
  expect(plain.filter(({ name }) => !names.has(name))).toEqual(unlike);
  expect(drawn.length + unlike.length).toBe(plain.length);
});

describe.each(drawn)("$name", ({ loss, curve }) => {
  test("its points are the loss's own values and gradients", () => {
    const { points, yTrue, axis } = curve;
    expect([points[0]?.x, points.at(-1)?.x]).toEqual([axis.from, axis.to]);
    const target = loss.targets === "classIndex" ? [yTrue] : [[yTrue].flat()];
    let compared = 0;
    for (const { prediction, value, gradient } of points.filter((_, i) => i % 25 === 3)) {
      const row = [prediction].flat();
      const result = loss.evaluate(target as number[][], [row], { reduction: "sum" });
      expect(result.value).toBe(value);
      expect(Array.from(result.gradient.data)).toContain(gradient);
      compared++;
    }
    expect(compared).toBeGreaterThan(1);
  });

  test("its gradient is the slope along the entry that is varied", () => {
    const { points, yTrue } = curve;
    const target = loss.targets === "classIndex" ? [yTrue] : [[yTrue].flat()];
    const entry = typeof yTrue === "number" && loss.targets === "classIndex" ? yTrue : 0;
    const step = 1e-6;
    for (const { x, prediction, value: here, gradient } of points.filter((_, i) => i % 40 === 21)) {
      if (!Number.isFinite(here)) continue;
      if (curve.kinks.some((kink) => Math.abs(kink - x) < 1e-3)) continue;
      const value = (by: number) => {
        const row = [prediction].flat().map((p, c) => (c === entry ? p + by : p));
        return loss.evaluate(target as number[][], [row], { reduction: "sum" }).value;
      };
      const slope = (value(step) - value(-step)) / (2 * step);
      expect(Math.abs(slope - gradient), `at ${x}`).toBeLessThan(1e-4 * Math.max(1, Math.abs(gradient)));
    }
  });
});

test("the domains choose the axis", () => {
  const axes = (loss: string | losses.Loss) => {
    const { kind, from, to } = curveOf(loss).axis;
    return [kind, from, to];
  };
  expect(axes("binaryCrossentropy")).toEqual(["probability", 0, 1]);
  expect(axes(losses.binaryCrossentropy({ fromLogits: true }))).toEqual(["logit", -6, 6]);
  expect(axes("sparseCategoricalCrossentropy")).toEqual(["probability", 0, 1]);
  expect(axes(losses.categoricalCrossentropy({ fromLogProbabilities: true }))).toEqual(["logProbability", -6, 0]);
  expect(axes("hinge")).toEqual(["margin", -3, 3]);
  expect(axes("huber")).toEqual(["residual", -3, 3]);
  expect(axes("poisson")).toEqual(["amount", 0, 4]);
  expect(axes(losses.poisson({ logInput: true }))).toEqual(["score", -3, 3]);
  expect(axes(losses.formulaLoss("(y - p)^2"))).toEqual(["residual", -3, 3]);
  expect(axes(losses.formulaLoss("-(y*log(p) + (1 - y)*log(1 - p))"))).toEqual(["probability", 0, 1]);
  const own = (yTrue: Domain, yPred: Domain) => losses.defineLoss({ name: "own", yTrue, yPred, value: (_, p) => p });
  const cosines: Domain = { name: "cosines", values: "", accepts: (x) => x >= -1 && x <= 1, hint: "" };
  expect(axes(own(losses.domains.real, cosines))).toEqual(["cosine", -1, 1]);
  expect(axes(own(losses.domains.unitInterval, losses.domains.rates))).toEqual(["probability", 0, 1]);
});

test("values and gradients that are known", () => {
  const bce = at(curveOf("bce"), 0.25);
  expect(bce).toEqual({ x: 0.25, prediction: 0.25, value: -Math.log(0.25), gradient: -4 });
  expect(curveOf("bce").points[0]).toMatchObject({ x: 0, value: Infinity, gradient: -Infinity });
  const softmax = at(curveOf(losses.sparseCategoricalCrossentropy({ fromLogits: true })), 0);
  expect(softmax?.prediction).toEqual([0, 0, 0]);
  expect(softmax?.value).toBeCloseTo(Math.log(3), 14);
  expect(softmax?.gradient).toBeCloseTo(-2 / 3, 14);
  expect(at(curveOf("scce"), 0.5)?.prediction).toEqual([0.5, 0.25, 0.25]);
  expect(at(curveOf(losses.huber({ delta: 2 })), 3)).toMatchObject({ prediction: 4, value: 4, gradient: 2 });
  expect(at(curveOf("hinge"), -3)).toMatchObject({ prediction: -3, value: 4, gradient: -1 });
  expect(at(curveOf("hinge", { yTrue: -1 }), -3)).toMatchObject({ prediction: 3, value: 4, gradient: 1 });
  expect(at(curveOf("hinge", { yTrue: 0 }), -3)).toMatchObject({ prediction: 3, value: 4 });
  expect(at(curveOf("bce", { yTrue: 0 }), 0.25)?.value).toBeCloseTo(-Math.log(0.75), 14);
  expect(curveOf("scce", { yTrue: 2 }).points[200]?.prediction).toEqual([0, 0, 1]);
  expect(curveOf("mse", { from: 0, to: 1, points: 3 }).points.map(({ value }) => value)).toEqual([0, 0.25, 1]);
  expect(curveOf("mse", { from: 0, to: 0.3, points: 4 }).points.map(({ x }) => x)).toEqual([0, 0.1, 0.2, 0.3]);
});

test("a loss that is infinite for a target without doubts is drawn for one with doubts", () => {
  const { yTrue, points } = curveOf("reverseKlDivergence");
  expect(yTrue).toEqual([0.5, 0.25, 0.25]);
  expect(points.filter(({ value }) => Number.isFinite(value)).length).toBeGreaterThan(198);
  expect(drawn.filter(({ curve }) => !curve.points.some(({ value }) => Number.isFinite(value)))).toEqual([]);
});

test("what lies outside the domain is left out of the axis", () => {
  const { axis, points } = curveOf("meanSquaredLogarithmicError", { from: -4, to: 4, points: 81 });
  expect([axis.from, axis.to, points.length]).toEqual([-1, 4, 51]);
});

test("kinks lie where the gradient jumps, for every target", () => {
  expect(curveOf("mae").kinks).toEqual([0]);
  expect(curveOf("hinge", { yTrue: -1 }).kinks).toEqual([1]);
  expect(curveOf("huber").kinks).toEqual([]);
  expect(curveOf("mae", { from: 1, to: 2 }).kinks).toEqual([]);
  expect(explainLoss("mae").kinks).toEqual([{ of: "residual", at: 0, before: -1, gradient: 0, after: 1 }]);
  expect(explainLoss("quantile").kinks).toEqual([{ of: "residual", at: 0, before: -0.5, gradient: -0.5, after: 0.5 }]);
  // The definition names -0.75, too, where the prediction is 0 for a target of 0.75.
  expect(curveOf("symmetricMeanAbsolutePercentageError").kinks).toEqual([0]);
});

test("options that are none", () => {
  expect(codeOf(() => lossCurve("bec"))).toBe("loss/unknown-name");
  for (const points of [1, 0, 2.5, Number.NaN, 1e9]) {
    expect(codeOf(() => lossCurve("bce", { points }))).toBe("loss-curve/points");
  }
  for (const [from, to] of [
    [1, 1],
    [2, 1],
    [0, Infinity],
    [Number.NaN, 1],
  ] as const) {
    expect(codeOf(() => lossCurve("bce", { from, to }))).toBe("loss-curve/axis");
  }
  expect(codeOf(() => lossCurve("scce", { yTrue: 3 }))).toBe("loss-curve/target");
  expect(codeOf(() => lossCurve("scce", { yTrue: 0.5 }))).toBe("loss-curve/target");
  expect(codeOf(() => lossCurve("mse", { yTrue: Infinity }))).toBe("loss-curve/target");
  expect(codeOf(() => lossCurve("bce", { yTrue: 2 }))).toBe("loss/out-of-domain");
});

test("a loss of several arrays has no curve, and one that says nothing of itself cannot be drawn", () => {
  expect(lossCurve("gaussianNll")).toBeUndefined();
  const bare = { ...losses.huber(), definition: undefined } as unknown as losses.Loss;
  expect(codeOf(() => lossCurve(bare))).toBe("loss/no-definition");
});

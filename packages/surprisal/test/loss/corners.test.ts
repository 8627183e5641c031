/** Places that neither a golden case nor the harness visits; each was found by a fault that went unnoticed there. */
import { expect, test } from "vitest";
import * as losses from "../../src/losses.ts";

test("polyCrossentropy with a negative epsilon counts targets that do not sum to 1", () => {
  const options = { fromLogits: true, epsilon: -0.5 };
  const { value } = losses.polyCrossentropy.evaluate([[2, 1]], [[0, 0]], options);
  expect(value).toBeCloseTo(3 * Math.LN2 - 0.5 * (1 - 1.5), 14);
});

test("supervisedContrastive of one sample costs nothing", () => {
  expect(losses.supervisedContrastive.evaluate([0], [[1, 2]]).value).toBe(0);
});

test("aft keeps the digits of an interval that is narrow", () => {
  const width = 2 ** -36;
  const options = { distribution: "logistic", sigma: 1 } as const;
  const { value } = losses.aft.evaluate({ lower: [1], upper: [1 + width] }, [0], options);
  // F(log u) − F(0) = tanh(log(u)/2)/2
  const wanted = -Math.log(Math.tanh(Math.log1p(width) / 2) / 2);
  expect(Math.abs(value / wanted - 1)).toBeLessThan(1e-14);
});

test.each([
  ["laplaceNll", "location", "scale"],
  ["studentTNll", "location", "scale"],
  ["crpsGaussian", "mean", "std"],
])("%s refuses a scale of 0", (name, center, scale) => {
  const loss = losses.get(name) as unknown as { evaluate(yTrue: unknown, yPred: unknown): unknown };
  expect(() => loss.evaluate([[1]], { [center]: [[0]], [scale]: [[0]] })).toThrow(/holds 0.*numbers above 0/);
});

test.each(["zeroInflatedPoissonNll", "zeroInflatedNegativeBinomialNll"])(
  "%s of a zero under a mean beyond all numbers",
  (name) => {
    const loss = losses.get(name) as unknown as {
      evaluate(
        yTrue: unknown,
        yPred: unknown,
      ): { value: number; gradient: Record<"logMean" | "logRate", losses.Tensor> & { zeroLogit: losses.Tensor } };
    };
    const mean = name === "zeroInflatedPoissonNll" ? "logRate" : "logMean";
    for (const zeroLogit of [-5, 0, 5]) {
      const { value, gradient } = loss.evaluate([[0]], { [mean]: [[1e6]], zeroLogit: [[zeroLogit]] });
      expect(Math.abs(value / Math.log1p(Math.exp(-zeroLogit)) - 1)).toBeLessThan(1e-14);
      expect(Array.from(gradient[mean].data)).toEqual([0]);
      expect(gradient.zeroLogit.data[0]).toBeCloseTo(-1 / (1 + Math.exp(zeroLogit)), 14);
    }
  },
);

test("approxNdcg takes grades between 0 and 1", () => {
  const [grades, scores] = [
    [0.75, 0.125, 0.5],
    [0.25, 1, -0.5],
  ];
  const { textbook } = losses.approxNdcg.definition;
  const wanted = textbook?.(grades, scores, losses.approxNdcg.params) as number;
  expect(Math.abs(losses.approxNdcg.evaluate([grades], [scores]).value / wanted - 1)).toBeLessThan(1e-13);
});

test("studentTNll grows with the logarithm of a residual whose square is beyond all numbers", () => {
  const { value } = losses.studentTNll.evaluate([[0]], { location: [[1e200]], scale: [[1]] }, { df: 1 });
  expect(Math.abs(value / (Math.log(Math.PI) + 2 * Math.log(1e200)) - 1)).toBeLessThan(1e-15);
});

test("classBalancedCrossentropy divides by the weights of the labels where weights are divided by", () => {
  const options = { beta: 0.5, classCounts: [1, 2], reduction: { op: "mean", over: "weightSum" } } as const;
  const { divisor } = losses.classBalancedCrossentropy.evaluate(
    [0, 1, 1],
    [
      [0.5, 0.5],
      [0.5, 0.5],
      [0.25, 0.75],
    ],
    options,
  );
  // (1 − beta)/(1 − beta^n): 1 for a class of one, 2/3 for a class of two
  expect(divisor).toBeCloseTo(1 + 4 / 3, 14);
});

test("multiLabelSoftMargin at infinite logits: 0 where they are right, Infinity where they are wrong", () => {
  const { POSITIVE_INFINITY: infinity } = Number;
  const of = (y: number, z: number) => losses.multiLabelSoftMargin.evaluate([[y]], [[z]]).value;
  expect([of(0, -infinity), of(1, infinity), of(0, infinity), of(1, -infinity)]).toEqual([0, 0, infinity, infinity]);
});

test("poissonNll of a zero at a rate of 0", () => {
  const { value, gradient } = losses.poissonNll.evaluate([[0]], [[Number.NEGATIVE_INFINITY]]);
  expect([value, ...gradient.data]).toEqual([0, 0]);
});

test("weibullNll takes times above 0", () => {
  const at = (time: number) =>
    losses.weibullNll.evaluate({ time: [time], event: [0] }, { logScale: [0], logShape: [0] });
  expect(Math.abs(at(1e-300).value / 1e-300 - 1)).toBeLessThan(1e-12);
  for (const time of [0, -1, Number.POSITIVE_INFINITY]) expect(() => at(time)).toThrow(/times above 0/);
});

test("crpsGaussian counts in standard deviations, however large the numbers are", () => {
  const at = (scale: number) => losses.crpsGaussian.evaluate([[scale]], { mean: [[0]], std: [[scale]] }).value;
  expect(Math.abs(at(2 ** 50) / (at(1) * 2 ** 50) - 1)).toBeLessThan(1e-14);
});

test("alphaDivergence at alpha 0 is infinite where q is too small for a number and p is 0", () => {
  const options = { alpha: 0, fromLogits: true } as const;
  expect(losses.alphaDivergence.evaluate([[1, 0]], [[0, -800]], options).value).toBe(Number.POSITIVE_INFINITY);
});

test("alphaDivergence at alpha 2 of a share that q thinks nearly impossible", () => {
  const options = { alpha: 2, fromLogits: true } as const;
  const { value } = losses.alphaDivergence.evaluate([[0.5, 0.5]], [[0, -100]], options);
  // (Σ p²/q − 1)/2, and 1/q is 1 + e^100
  const wanted = (0.25 * (1 + Math.exp(-100)) + 0.25 * (1 + Math.exp(100)) - 1) / 2;
  expect(Math.abs(value / wanted - 1)).toBeLessThan(1e-13);
});

test("diceCrossentropy of a class that is out, and is not there", () => {
  const { value } = losses.diceCrossentropy.evaluate([[[1, 0]]], [[[0, Number.NEGATIVE_INFINITY]]]);
  expect(value).toBe(0);
});

test("hellingerSquared keeps the slope of a share whose root counts and that itself does not", () => {
  const { gradient } = losses.hellingerSquared.evaluate([[0.5, 0.5]], [[0, -100]], { fromLogits: true });
  // 1 − Σ √(pq), so −½ √(pq) but for a multiple of q
  const wanted = -0.5 * Math.sqrt(0.5) * Math.exp(-50);
  expect(Math.abs((gradient.data[1] as number) / wanted - 1)).toBeLessThan(1e-13);
});

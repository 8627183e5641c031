/** Times until an event, intervals, ordered classes and counts with more zeros: edges, tails, and one loss as another's special case. */
import { describe, expect, test } from "vitest";
import * as losses from "../../src/losses.ts";
import { roundingDevice } from "./roundingDevice.ts";

const { aft, coxPartialLikelihood, cumulativeLink, deepHitNll, discreteTimeHazard, weibullNll } = losses;
const infinity = Number.POSITIVE_INFINITY;
const close = (got: number, wanted: number, within = 1e-14): void => {
  const isNear = got === wanted || Math.abs(got - wanted) <= within * Math.abs(wanted);
  expect(isNear, `${got} for ${wanted}`).toBe(true);
};
const numbers = (tensor: losses.Tensor): number[] => Array.from(tensor.data);
const noises = ["normal", "logistic", "extreme"] as const;
const links = ["logit", "probit", "cloglog"] as const;
/** As far as a prediction goes in a run that diverges. */
const far = [0, 1, -1, 30, -30, 89, -89, 800, -800, 1e4, -1e4, 1e15, -1e15, 1e30, -1e30];
const times = [
  [1, 1],
  [0, 1],
  [1, infinity],
  [0, infinity],
  [1, 2],
  [1, 1.0000001],
  [1e-30, 1e30],
  [0, 1e30],
  [1e-30, infinity],
] as const;

describe("aft", () => {
  test.each(noises)("%s: no NaN in value or slope, whatever the times and however far the prediction", async (name) => {
    let count = 0;
    for (const [lower, upper] of times) {
      for (const arithmetic of ["float64", "float32"] as const) {
        const yTrue = { lower: far.map(() => lower), upper: far.map(() => upper) };
        const options = { distribution: name, sigma: 0.25, arithmetic, dtype: arithmetic, reduction: "sum" } as const;
        const got = await aft.evaluateOn(roundingDevice(), yTrue, far, options);
        for (const x of [...numbers(got.perSample), ...numbers(got.gradient)]) {
          count++;
          expect(x, `${lower} to ${upper}`).not.toBeNaN();
        }
      }
    }
    expect(count).toBe(times.length * 2 * 2 * far.length);
  });

  test.each(noises)("%s: a narrow interval is an event, less its width", (distribution) => {
    const [lower, upper] = [3, 3 + 2 ** -40];
    const event = aft.evaluate({ lower: [3 + 2 ** -41], upper: [3 + 2 ** -41] }, [1.5], { distribution });
    const interval = aft.evaluate({ lower: [lower], upper: [upper] }, [1.5], { distribution });
    close(interval.value, event.value - Math.log(2 ** -40), 1e-12);
    close(interval.gradient.data[0] as number, event.gradient.data[0] as number, 1e-11);
  });

  test.each(noises)("%s: what is below, between and above some times adds up to one", (distribution) => {
    const yTrue = { lower: [0, 1, 2.5], upper: [1, 2.5, infinity] };
    const { perSample } = aft.evaluate(yTrue, [0.25, 0.25, 0.25], { distribution, sigma: 0.5, reduction: "none" });
    close(
      numbers(perSample).reduce((total, cost) => total + Math.exp(-cost), 0),
      1,
    );
  });

  test("nothing known costs nothing, and has no slope", () => {
    const got = aft.evaluate({ lower: [0], upper: [infinity] }, [2]);
    expect([got.value, got.gradient.data[0]]).toEqual([0, 0]);
  });

  test("ends that are exchanged are no number; times that are none are refused by row", () => {
    for (const distribution of noises) {
      expect(aft.evaluate({ lower: [3], upper: [2] }, [0], { distribution }).value).toBeNaN();
    }
    expect(() => aft.evaluate({ lower: [1, -1], upper: [1, 2] }, [0, 0])).toThrow(/row 2 of lower holds -1/);
    expect(() => aft.evaluate({ lower: [0], upper: [0] }, [0])).toThrow(/row 1 of upper holds 0/);
    expect(() => aft.evaluate({ lower: [infinity], upper: [infinity] }, [0])).toThrow(/row 1 of lower/);
  });

  test("extreme noise and censoring are a Weibull distribution", () => {
    const time = [0.5, 3, 1.25];
    const event = [1, 0, 1];
    const f = [0.25, -0.5, 1];
    const sigma = 0.5;
    const upper = time.map((t, i) => (event[i] === 1 ? t : infinity));
    const yPred = { logScale: f, logShape: f.map(() => -Math.log(sigma)) };
    const got = aft.evaluate({ lower: time, upper }, f, { distribution: "extreme", sigma });
    const weibull = weibullNll.evaluate({ time, event }, yPred);
    close(got.value, weibull.value);
    numbers(got.gradient).forEach((slope, i) => {
      close(slope, weibull.gradient.logScale.data[i] as number);
    });
  });
});

describe("coxPartialLikelihood", () => {
  test("without ties Efron is Breslow", () => {
    const yTrue = { time: [3, 1, 4, 2, 5], event: [1, 0, 1, 1, 0] };
    const f = [0.5, -1, 2, 0.25, 1];
    const [breslow, efron] = (["breslow", "efron"] as const).map((ties) =>
      coxPartialLikelihood({ ties }).evaluate(yTrue, f),
    );
    close(efron?.value as number, breslow?.value as number);
  });

  test("with ties Efron's risk set loses a share of the tied events", () => {
    const f = [0.5, -1, 2];
    const [a, b, c] = f.map(Math.exp) as [number, number, number];
    const got = coxPartialLikelihood({ ties: "efron" }).evaluate({ time: [1, 1, 1], event: [1, 1, 0] }, f);
    close(got.value, Math.log(a + b + c) + Math.log((a + b) / 2 + c) - 0.5 + 1);
  });

  test("an order that is foreseen keeps the digits of its small loss and slopes", () => {
    const got = coxPartialLikelihood.evaluate({ time: [1, 2], event: [1, 1] }, [40, 0]);
    close(got.value, 4.248354255291589e-18);
    expect(numbers(got.gradient)).toEqual([-4.248354255291589e-18, 4.248354255291589e-18]);
  });

  test("a common offset changes nothing", () => {
    for (const ties of ["breslow", "efron"] as const) {
      const at = (offset: number) =>
        coxPartialLikelihood.evaluate(
          { time: [1, 1, 2, 3], event: [1, 1, 1, 0] },
          [0.5, 1, -1, 2].map((f) => f + offset),
          { ties },
        );
      close(at(2 ** 20).value, at(0).value);
      expect(numbers(at(2 ** 20).gradient)).toEqual(numbers(at(0).gradient));
    }
  });

  test("a batch without events costs nothing", () => {
    const got = coxPartialLikelihood.evaluate({ time: [1, 2], event: [0, 0] }, [3, -3]);
    expect([got.value, ...numbers(got.gradient)]).toEqual([0, 0, 0]);
    expect(() => coxPartialLikelihood.evaluate({ time: [1], event: [2] }, [0])).toThrow(/row 1 of event holds 2/);
  });
});

describe("cumulativeLink", () => {
  test.each(links)("%s: the classes' probabilities add up to one, and their slopes to none", (link) => {
    const yPred = { score: [0.75, 0.75, 0.75, 0.75], thresholds: [-2, 0.5, 1] };
    const got = cumulativeLink.evaluate([0, 1, 2, 3], yPred, { link, reduction: "none" });
    const shares = numbers(got.perSample).map((cost) => Math.exp(-cost));
    close(
      shares.reduce((a, b) => a + b, 0),
      1,
    );
    const slope = numbers(got.gradient.score).reduce((total, g, i) => total + g * (shares[i] as number), 0);
    expect(Math.abs(slope)).toBeLessThan(1e-15);
  });

  test.each(links)("%s: far scores give no NaN", async (link) => {
    for (const label of [0, 1, 2]) {
      for (const thresholds of [
        [-1, 1],
        [-1, -1 + 2 ** -14],
        [-1e4, 0],
        [0, 1e30],
      ]) {
        const options = { link, dtype: "float32", arithmetic: "float32", reduction: "sum" } as const;
        const yPred = { score: far, thresholds };
        const got = await cumulativeLink.evaluateOn(
          roundingDevice(),
          far.map(() => label),
          yPred,
          options,
        );
        const { score, thresholds: shared } = got.gradient;
        expect([...numbers(got.perSample), ...numbers(score), ...numbers(shared)].some(Number.isNaN)).toBe(false);
      }
    }
  });

  test.each(links)("%s: equal thresholds leave no room, and exchanged ones are no number", (link) => {
    expect(cumulativeLink.evaluate([1], { score: [0], thresholds: [1, 1] }, { link }).value).toBe(infinity);
    expect(cumulativeLink.evaluate([1], { score: [0], thresholds: [1, 0] }, { link }).value).toBeNaN();
  });

  test("two classes and the logit link are binary cross-entropy", () => {
    const got = cumulativeLink.evaluate([1, 0], { score: [0.5, -2], thresholds: [0.25] });
    const binary = losses.binaryCrossentropy({ fromLogits: true }).evaluate([[1], [0]], [[0.25], [-2.25]]);
    close(got.value, binary.value);
    expect(() => cumulativeLink.evaluate([2], { score: [0], thresholds: [0] })).toThrow(/2 classes, numbered 0 to 1/);
  });
});

describe("intervals of time", () => {
  test("a hazard's intervals have the probabilities of a softmax", () => {
    const z = [0.5, -1, 2];
    const survived = z.map((x) => 1 / (1 + Math.exp(x)));
    const upTo = (k: number) => survived.slice(0, k).reduce((a, b) => a * b, 1);
    const shares = [...z.map((_, k) => upTo(k) * (1 - (survived[k] as number))), upTo(3)];
    const logs = shares.map(Math.log);
    for (const interval of [0, 1, 2]) {
      for (const event of [0, 1]) {
        const yTrue = { interval: [interval], event: [event] };
        close(discreteTimeHazard.evaluate(yTrue, [z]).value, deepHitNll.evaluate(yTrue, [logs]).value, 1e-13);
      }
    }
  });

  test("what is after the interval has no slope, even if it is NaN; unknown intervals are refused", () => {
    const got = discreteTimeHazard.evaluate({ interval: [0], event: [1] }, [[0, Number.NaN]]);
    close(got.value, Math.LN2);
    expect(got.gradient.data[1]).toBe(0);
    expect(() => discreteTimeHazard.evaluate({ interval: [2], event: [1] }, [[0, 0]])).toThrow(/2 classes/);
    expect(() => deepHitNll.evaluate({ interval: [2], event: [1] }, [[0, 0, 0]])).toThrow(/2 classes/);
  });

  test("a row that is foreseen keeps the digits of its small loss", () => {
    close(deepHitNll.evaluate({ interval: [0], event: [0] }, [[-40, 0, 0]]).value, Math.exp(-40) / 2);
    close(deepHitNll.evaluate({ interval: [1], event: [1] }, [[-40, 0, -50]]).value, Math.exp(-40) + Math.exp(-50));
  });
});

describe("counts with more zeros", () => {
  const both = { logRate: "zeroInflatedPoissonNll", logMean: "zeroInflatedNegativeBinomialNll" } as const;
  test.each(Object.entries(both))("far %s: no NaN in value or slope", async (predicted, name) => {
    const loss = losses.get(name) as unknown as losses.AnyArrayLoss;
    const pairs = far.flatMap((a) => far.map((b) => [a, b] as const));
    for (const count of [0, 1, 1e6]) {
      const yPred = { [predicted]: pairs.map(([a]) => a), zeroLogit: pairs.map(([, b]) => b) };
      const options = { dtype: "float32", arithmetic: "float32", reduction: "sum" } as const;
      const yTrue = pairs.map(() => count);
      const got = await loss.evaluateOn(roundingDevice(), yTrue as never, yPred as never, options as never);
      const gradients = Object.values(got.gradient as Readonly<Record<string, losses.Tensor>>);
      expect([got.perSample, ...gradients].flatMap(numbers).some(Number.isNaN)).toBe(false);
    }
  });

  test("without zeros of its own it is the distribution, and with nothing else a zero is free", () => {
    const [plain, inflated] = [
      losses.poissonNll({ full: true }).evaluate([[0], [3]], [[0.5], [1]]),
      losses.zeroInflatedPoissonNll.evaluate([0, 3], { logRate: [0.5, 1], zeroLogit: [-1e4, -1e4] }),
    ];
    close(inflated.value, plain.value);
    expect(losses.zeroInflatedPoissonNll.evaluate([0], { logRate: [100], zeroLogit: [800] }).value).toBe(0);
  });
});

describe("scales", () => {
  test("by their logarithms or as they are", () => {
    const { crpsGaussian, laplaceNll, mixtureGaussianNll, studentTNll } = losses;
    const [y, at, logScale, scale] = [[[1.5]], [[0.25]], [[Math.LN2]], [[2]]];
    const pairs = [
      [laplaceNll.evaluate(y, { location: at, logScale }), laplaceNll.evaluate(y, { location: at, scale })],
      [studentTNll.evaluate(y, { location: at, logScale }), studentTNll.evaluate(y, { location: at, scale })],
      [crpsGaussian.evaluate(y, { mean: at, logStd: logScale }), crpsGaussian.evaluate(y, { mean: at, std: scale })],
      [
        mixtureGaussianNll.evaluate([1.5], { logits: [[0]], mean: at, logScale }),
        mixtureGaussianNll.evaluate([1.5], { logits: [[0]], mean: at, scale }),
      ],
    ] as const;
    for (const [byLogarithm, given] of pairs) close(byLogarithm.value, given.value);
    expect(() => laplaceNll.evaluate(y, { location: at, scale: [[0]] })).toThrow(/row 1 of scale holds 0/);
  });

  test("many degrees of freedom are a normal distribution, and far residuals do not overflow", () => {
    const { gaussianNll, studentTNll } = losses;
    const t = studentTNll.evaluate([[1.5]], { location: [[0.25]], scale: [[1]] }, { df: 1e12 });
    close(t.value, gaussianNll({ full: true }).evaluate([[1.5]], { mean: [[0.25]], variance: [[1]] }).value, 1e-11);
    const far = studentTNll.evaluate([[0]], { location: [[1e200]], scale: [[1]] }, { df: 1 });
    close(far.value, Math.log(Math.PI) + 2 * Math.log(1e200));
    close(far.gradient.location?.data[0] as number, 2e-200);
  });
});

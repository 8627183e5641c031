/** Names, configurations, functions of distributions, and a loss of one's own. */
import { describe, expect, test } from "vitest";
import { tensor } from "../../src/base/tensor.ts";
import { build } from "../../src/graph/index.ts";
import * as losses from "../../src/losses.ts";

describe("names", () => {
  test("every spelling that Keras, TensorFlow.js and PyTorch users would try", () => {
    const spellings: Record<string, string[]> = {
      binaryCrossentropy: ["bce", "BCE", "binary_crossentropy", "BinaryCrossentropy", "BCEWithLogits", "logLoss"],
      categoricalCrossentropy: ["crossEntropy", "cross_entropy", "CrossEntropyLoss", "softmaxCrossEntropy"],
      sparseCategoricalCrossentropy: ["sparse_categorical_crossentropy", "NLLLoss"],
      klDivergence: ["kld", "KLDivLoss", "kullback_leibler_divergence"],
      meanSquaredError: ["mse", "MSE", "mean_squared_error", "MSELoss"],
      meanAbsoluteError: ["mae", "L1Loss", "absoluteDifference"],
      logCosh: ["logcosh", "log_cosh"],
      meanAbsolutePercentageError: ["mape", "MAPE", "mean_absolute_percentage_error"],
      meanSquaredLogarithmicError: ["msle", "mean_squared_logarithmic_error"],
      smoothL1: ["smooth_l1", "SmoothL1Loss"],
      quantile: ["pinball", "quantile_loss"],
      squaredHinge: ["squared_hinge", "SquaredHinge"],
      binaryFocalCrossentropy: ["binary_focal_crossentropy", "sigmoid_focal_loss", "focal"],
      softMargin: ["SoftMarginLoss"],
      multiMargin: ["MultiMarginLoss"],
    };
    for (const [name, tried] of Object.entries(spellings)) {
      for (const spelling of tried) expect([spelling, losses.get(spelling).name]).toEqual([spelling, name]);
    }
  });

  test("no two losses share one", () => {
    const fold = (s: string) => s.toLowerCase().replace(/[^a-z0-9]/g, "");
    const all = losses.list().flatMap((loss) => [loss.name, ...(loss.definition.aliases ?? [])].map(fold));
    expect(new Set(all).size).toBe(all.length);
  });

  test("an unknown one lists the nearest; what is no loss is refused", () => {
    expect(() => losses.get("binaryCrossentrpy")).toThrow(/Did you mean "binaryCrossentropy"/);
    expect(() => losses.get("constructor")).toThrow(/no such name is known/);
    expect(() => losses.get(undefined as never)).toThrow(/a name, a loss or a configured loss/);
    expect(() => losses.get({} as never)).toThrow(/defineLoss/);
  });

  test("bare, configured, by name: one thing", () => {
    const configured = losses.huber({ delta: 2 });
    expect(losses.get(configured)).toBe(configured);
    expect(losses.get(losses.huber)).toBe(losses.huber);
    expect(losses.get("huber")).toBe(losses.huber);
    expect(losses.huber.name).toBe("huber");
    expect(losses.huber().toConfig()).toEqual(losses.huber.toConfig());
    expect(configured.toConfig()).toEqual({ name: "huber", params: { delta: 2 } });
    // Configuring again starts from the defaults, evaluating from what was configured.
    expect(configured.evaluate([0], [3]).value).toBe(4);
    expect(configured.evaluate([0], [3], { reduction: "sum" }).value).toBe(4);
  });
});

describe("configurations", () => {
  test("hostile ones are refused", () => {
    for (const config of [
      null,
      1,
      "huber",
      {},
      { name: "huber" },
      { name: 1, params: {} },
      { name: "huber", params: [] },
    ]) {
      expect(() => losses.fromConfig(config)).toThrow(/holds a name and an object of params/);
    }
    expect(() => losses.fromConfig({ name: "toString", params: {} })).toThrow(/no such name/);
    expect(() => losses.fromConfig({ name: "huber", params: { delta: "1" } })).toThrow(/a number above 0/);
    expect(() => losses.fromConfig({ name: "huber", params: JSON.parse('{"__proto__": 1}') })).toThrow(/no such name/);
    expect(() => losses.fromConfig({ name: "huber", params: { reduction: { op: "max" } } })).toThrow(/no such name/);
  });
});

describe("functions of distributions", () => {
  const { crossEntropy, entropy, klDivergence, perplexity } = losses;

  test("in nats, and in other bases", () => {
    expect(entropy([0.5, 0.5])).toBe(Math.LN2);
    expect(entropy([0.5, 0.5], { base: 2 })).toBe(1);
    expect(entropy([0.25, 0.25, 0.25, 0.25], { base: 2 })).toBe(2);
    expect(entropy([1, 0])).toBe(0);
    expect(crossEntropy([0.7, 0.2, 0.1], [0.6, 0.3, 0.1])).toBeCloseTo(0.8286310068007853, 14);
    expect(crossEntropy([1, 0], [0, 1])).toBe(Number.POSITIVE_INFINITY);
    expect(klDivergence([0.5, 0.5], [0.25, 0.75], { base: 2 })).toBeCloseTo(0.20751874963942185, 15);
    expect(perplexity([0.25, 0.25, 0.25, 0.25])).toBeCloseTo(4, 14);
    expect(perplexity([0.5, 0.5], [0.5, 0.5], { base: 2 })).toBeCloseTo(2, 14);
  });

  test("H(p, q) = H(p) + KL(p, q), and KL is never negative", () => {
    const p = tensor([0.2, 0.3, 0.5], { dtype: "float64" });
    const q = Float64Array.of(0.25, 0.35, 0.4);
    expect(crossEntropy(p, q)).toBeCloseTo(entropy(p) + klDivergence(p, q), 14);
    const near = [0.2 + 2 ** -40, 0.3 - 2 ** -40, 0.5];
    // Σ (p − q)² / 2p to first order; p log(p/q) summed plainly has no correct digit here.
    const wanted = (2 ** -80 / 2) * (1 / 0.2 + 1 / 0.3);
    expect(klDivergence([0.2, 0.3, 0.5], near) / wanted).toBeCloseTo(1, 4);
    expect(klDivergence(p, p)).toBe(0);
  });

  test("only of distributions", () => {
    expect(() => entropy([1, 2])).toThrow(/p holds 2/);
    expect(() => entropy([0.5, 0.4])).toThrow(/p sums to 0.9/);
    expect(() => entropy([Number.NaN])).toThrow(/holds NaN/);
    expect(() => crossEntropy([1], [0.5, 0.5])).toThrow(/same outcomes/);
    expect(() => entropy([1], { base: 1 })).toThrow(/above 0 other than 1/);
  });

  test("klDivergence is a loss, too", () => {
    expect(klDivergence().name).toBe("klDivergence");
    expect(klDivergence({ fromLogits: true }).evaluate([[0.5, 0.5]], [[0, 0]]).value).toBe(0);
    expect(klDivergence.evaluate([[1, 0]], [[0.5, 0.5]]).value).toBe(Math.LN2);
    expect(losses.get(klDivergence)).toBe(klDivergence);
  });
});

test("a loss of one's own is a loss like the others", () => {
  const { maximum, mul, sub, sum } = build;
  const tilted = losses.defineLoss({
    name: "tilted",
    task: "regression",
    params: { tau: losses.unit(0.5, "the quantile") },
    value: (yTrue, yPred, { tau }) => maximum(mul(tau, sub(yTrue, yPred)), mul(tau - 1, sub(yTrue, yPred))),
  });
  const { value, gradient, perSample } = tilted.evaluate([1, 2], [3, 1], { tau: 0.75 });
  expect(Array.from(perSample.data)).toEqual([0.5, 0.75]);
  expect(value).toBe(0.625);
  expect(gradient.toArray()).toEqual([0.125, -0.375]);
  expect(losses.fromConfig(tilted({ tau: 0.9 }).toConfig(), [tilted]).params).toEqual({ tau: 0.9 });
  expect(() => losses.fromConfig(tilted.toConfig())).toThrow(/no such name/);
  expect(() => tilted({ tau: 2 })).toThrow(/from 0 to 1/);
  const summed = losses.defineLoss({ name: "summed", value: (y, p) => sum(sub(y, p), [-1]) });
  expect(() => summed.evaluate([[1, 2]], [[1, 2]])).toThrow(/shape \[1\].*elementwise, or set axis: "class"/);
});

/** Losses on plain data, on the built package. */
import { losses } from "surprisal";
import {
  binaryCrossentropy,
  categoricalCrossentropy,
  crossEntropy,
  entropy,
  klDivergence,
  list,
  merge,
} from "surprisal/losses";
import { expect, test } from "vitest";

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

test("functions of distributions, in nats and in bits", () => {
  const p = [0.7, 0.2, 0.1];
  const q = [0.6, 0.3, 0.1];
  const nats = -sum(p.map((x, i) => x * Math.log(q[i] as number)));
  expect(crossEntropy(p, q)).toBeCloseTo(nats, 14);
  expect(crossEntropy(p, q, { base: 2 })).toBeCloseTo(nats / Math.LN2, 14);
  expect(entropy(p)).toBeCloseTo(-sum(p.map((x) => x * Math.log(x))), 14);
  expect(klDivergence(p, q)).toBeCloseTo(nats - entropy(p), 14);
});

test("a loss with its gradient, from logits", () => {
  const r = categoricalCrossentropy.evaluate([[0, 1, 0]], [[2.0, 1.0, 0.1]], { fromLogits: true });
  const exp = [2, 1, 0.1].map(Math.exp);
  const probabilities = exp.map((e) => e / sum(exp));
  expect(r.value).toBeCloseTo(-Math.log(probabilities[1] as number), 14);
  expect(r.perSample.shape).toEqual([1]);
  expect(r.gradient.shape).toEqual([1, 3]);
  r.gradient.toArray()[0].forEach((g: number, i: number) => {
    expect(g).toBeCloseTo((probabilities[i] as number) - (i === 1 ? 1 : 0), 14);
  });
  expect(r.sum / r.divisor).toBe(r.value);
});

test("results of batches add up to the result of the whole", () => {
  const y = [1, 0, 1, 1, 0];
  const z = [-20, 3, 0.5, -1, -2];
  const whole = binaryCrossentropy.evaluate(y, z, { fromLogits: true });
  const parts = [
    binaryCrossentropy.evaluate(y.slice(0, 2), z.slice(0, 2), { fromLogits: true }),
    binaryCrossentropy.evaluate(y.slice(2), z.slice(2), { fromLogits: true }),
  ] as const;
  const merged = merge(...parts);
  expect(merged.divisor).toBe(whole.divisor);
  expect(merged.value).toBeCloseTo(whole.value, 14);
});

test("bare, called or by name, with weights, a reduction and a dtype", () => {
  const y = [1, 0];
  const z = [0.3, -0.2];
  const options = {
    fromLogits: true,
    sampleWeight: [1, 3],
    reduction: { op: "mean", over: "weightSum" },
    dtype: "float64",
  } as const;
  const r = binaryCrossentropy.evaluate(y, z, options);
  const each = [Math.log1p(Math.exp(-0.3)), Math.log1p(Math.exp(-0.2))] as const;
  expect(r.value).toBeCloseTo((each[0] + 3 * each[1]) / 4, 14);
  expect(r.gradient.dtype).toBe("float64");
  expect(binaryCrossentropy({ labelSmoothing: 0.1 }).params.labelSmoothing).toBe(0.1);
  for (const name of ["binaryCrossentropy", "bce"]) expect(losses.get(name)).toBe(binaryCrossentropy);
  for (const like of ["pytorch", "keras", "sklearn", "onnx"] as const) {
    expect(binaryCrossentropy.evaluate(y, z, { fromLogits: true, reduction: { like } }).value).toBeGreaterThan(0);
  }
});

test("every loss says what it is", () => {
  expect(list().length).toBeGreaterThanOrEqual(11);
  for (const { definition } of list()) {
    expect(definition.task).toBeTypeOf("string");
    expect(definition.formula).toBeTypeOf("string");
    expect(definition.summary).toMatch(/\.$/);
  }
});

test("from −20 to −17: a confidently wrong unit goes on learning", async () => {
  const { layers, optimizers, sequential } = await import("surprisal");
  const model = sequential([layers.dense(1, { inputShape: [1], activation: "sigmoid", useBias: false })]);
  model.setWeights([[[-20]]]);
  model.compile({ optimizer: optimizers.sgd({ learningRate: 1 }), loss: "binaryCrossentropy" });
  const history = await model.fit([[1]], [1], { epochs: 3 });
  expect(history.loss[0]).toBeCloseTo(20.000000002, 6);
  expect((await model.getWeights())[0]?.item()).toBeCloseTo(-17, 6);
});

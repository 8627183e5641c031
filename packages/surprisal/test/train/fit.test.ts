import { describe, expect, it } from "vitest";
import { wasmDevice } from "../../src/backends/wasm/device.ts";
import { AbortError, InvalidArgumentError } from "../../src/base/errors.ts";
import { Tensor } from "../../src/base/tensor.ts";
import * as callbacks from "../../src/callbacks.ts";
import * as layers from "../../src/layers.ts";
import * as losses from "../../src/losses.ts";
import { networkFromConfig } from "../../src/model/index.ts";
import * as optimizers from "../../src/optimizers.ts";
import * as schedules from "../../src/schedules.ts";
import { compileOptionsFromConfig } from "../../src/train/compiledConfig.ts";
import { Model } from "../../src/train/model.ts";
import { flatWeights, makeModel, makeRows, rowsOf } from "./build.ts";

const withDropout = (dtype: "float32" | "float64" = "float32", seed = 0) => {
  const model = makeModel(
    [
      layers.dense(5, { inputShape: [4], activation: "tanh" }),
      layers.batchNormalization(),
      layers.dropout(0.4),
      layers.dense(3, { activation: "softmax" }),
    ],
    { dtype, seed },
  );
  model.compile({ optimizer: "nadam", loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
  return model;
};
const linear = (optimizer: Parameters<ReturnType<typeof makeModel>["compile"]>[0]["optimizer"] = "sgd") => {
  const model = makeModel([layers.dense(1, { inputShape: [4] })]);
  model.compile({ optimizer, loss: "mse", metrics: ["mae"] });
  return model;
};
const { x, index, real, binary } = makeRows(43, 4);

describe("the same seed", () => {
  it("gives the same bits: weights, history, dropout, order", async () => {
    const [a, b] = [withDropout(), withDropout()];
    const one = await a.fit(x, index, { epochs: 3, batchSize: 8, validationSplit: 0.2 });
    const two = await b.fit(x, index, { epochs: 3, batchSize: 8, validationSplit: 0.2 });
    expect(await flatWeights(a)).toEqual(await flatWeights(b));
    expect(one).toEqual(two);
    expect(Object.keys(one)).toEqual(["epoch", "loss", "accuracy", "valLoss", "valAccuracy"]);
  });

  it("gives the same bits compiled, too, and goes on from a state in them", async () => {
    const make = () => {
      const model = makeModel(
        [layers.dense(9, { inputShape: [4], activation: "gelu" }), layers.dropout(0.3), layers.dense(3)],
        { dtype: "float32", device: wasmDevice() },
      );
      const loss = losses.sparseCategoricalCrossentropy({ fromLogits: true });
      model.compile({ optimizer: "adam", loss, metrics: ["accuracy"] });
      return model;
    };
    const [a, b, c] = [make(), make(), make()];
    const one = await a.fit(x, index, { epochs: 4, batchSize: 8, validationSplit: 0.2 });
    await b.fit(x, index, { epochs: 2, batchSize: 8, validationSplit: 0.2 });
    c.setState(await b.getState());
    await c.fit(x, index, { epochs: 4, initialEpoch: 2, batchSize: 8, validationSplit: 0.2 });
    expect(await flatWeights(c)).toEqual(await flatWeights(a));
    expect(c.history!.valLoss).toEqual(one.valLoss!.slice(2));
  });

  it("and another seed, of the model or of the order, other ones", async () => {
    const weights: string[] = [];
    for (const [seed, order] of [
      [0, 0],
      [1, 0],
      [0, 1],
    ] as const) {
      const model = withDropout("float32", seed);
      await model.fit(x, index, { epochs: 1, batchSize: 8, seed: order });
      weights.push(String(await flatWeights(model)));
    }
    expect(new Set(weights).size).toBe(3);
  });

  it("goes on after a stop as if there had been none", async () => {
    const through = withDropout();
    await through.fit(x, index, { epochs: 4, batchSize: 8 });
    const first = withDropout();
    await first.fit(x, index, { epochs: 2, batchSize: 8 });
    const second = withDropout("float32", 0);
    second.setState(await first.getState());
    const history = await second.fit(x, index, { epochs: 4, initialEpoch: 2, batchSize: 8 });
    expect(await flatWeights(second)).toEqual(await flatWeights(through));
    expect(history.epoch).toEqual([2, 3]);
  });
});

describe("a configuration", () => {
  it("compiles the same again, losses as metrics included", async () => {
    const model = withDropout();
    model.compile({
      optimizer: optimizers.adamW({ learningRate: 0.02, clipNorm: 1 }),
      loss: losses.sparseCategoricalCrossentropy({ labelSmoothing: 0.1 }),
      metrics: ["accuracy", "sparse_categorical_crossentropy"],
      weightedMetrics: ["accuracy"],
    });
    const config = JSON.parse(JSON.stringify(model.toConfig())) as ReturnType<typeof model.toConfig>;
    const again = new Model(networkFromConfig(config.layers), {
      device: model.device,
      dtype: config.dtype,
      seed: config.seed,
    });
    again.compile(compileOptionsFromConfig(config.compiled!));
    expect(again.toConfig()).toEqual(config);
    const history = await model.fit(x, index);
    expect(await again.fit(x, index)).toEqual(history);
    expect(Object.keys(history).slice(2)).toEqual(["accuracy", "sparseCategoricalCrossentropy", "weightedAccuracy"]);
    expect(await flatWeights(again)).toEqual(await flatWeights(model));
  });
});

describe("rows", () => {
  it("of the last, smaller batch count exactly", async () => {
    // One epoch of plain gradient descent at rate 0 leaves the weights: the epoch's loss is that of all rows at once.
    const model = linear(optimizers.sgd({ learningRate: 0 }));
    const whole = await model.evaluate(x, real, { batchSize: 43 });
    for (const batchSize of [1, 5, 8, 42, 43, 64]) {
      const { loss, mae } = await model.fit(x, real, { batchSize });
      expect(loss[0]).toBeCloseTo(whole.loss!, 13);
      expect(mae![0]).toBeCloseTo(whole.mae!, 13);
      const parts = await model.evaluate(x, real, { batchSize });
      expect(parts.loss).toBeCloseTo(whole.loss!, 13);
    }
  });

  it("of validation are the last ones and never trained on", async () => {
    const spoiled = new Tensor(x.data.slice(), x.shape);
    for (let i = 34 * 4; i < 43 * 4; i++) spoiled.data[i] = 1000;
    const [a, b] = [linear(), linear()];
    const good = await a.fit(x, real, { epochs: 3, batchSize: 8, validationSplit: 0.2 });
    const bad = await b.fit(spoiled, real, { epochs: 3, batchSize: 8, validationSplit: 0.2 });
    expect(await flatWeights(b)).toEqual(await flatWeights(a));
    expect(bad.loss).toEqual(good.loss);
    expect(bad.valLoss).not.toEqual(good.valLoss);
    const last = await a.evaluate(rowsOf(x, 34, 43), real.slice(34));
    expect(good.valLoss!.at(-1)).toBeCloseTo(last.loss!, 13);
  });

  it("come in a new order each epoch, every one once", async () => {
    const seen: number[][] = [];
    const model = linear(optimizers.sgd({ learningRate: 0 }));
    const numbers = new Tensor(
      Float64Array.from({ length: 40 }, (_, i) => Math.floor(i / 4)),
      [10, 4],
    );
    model.setWeights([[[1], [0], [0], [0]], [0]]);
    let epoch: number[] = [];
    const watch = callbacks.lambda({
      onEpochBegin() {
        epoch = [];
        seen.push(epoch);
      },
      // The loss of one row of target 0 is the square of its number; the running mean tells it.
      onBatchEnd(batch, logs) {
        const sum = epoch.reduce((total, n) => total + n * n, 0);
        epoch.push(Math.round(Math.sqrt(Math.max(0, logs.loss! * (batch + 1) - sum))));
      },
    });
    await model.fit(numbers, new Float64Array(10), { epochs: 3, batchSize: 1, callbacks: [watch] });
    expect(seen).toHaveLength(3);
    for (const order of seen) expect([...order].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(new Set(seen.map(String)).size).toBe(3);
    seen.length = 0;
    await model.fit(numbers, new Float64Array(10), { batchSize: 1, shuffle: false, callbacks: [watch] });
    await model.fit(numbers, new Float64Array(10), {
      batchSize: 1,
      shuffle: (_, n) => Array.from({ length: n }, (_, i) => n - 1 - i),
      callbacks: [watch],
    });
    expect(seen).toEqual([
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
      [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
    ]);
  });

  it("in an order that is no permutation are refused", async () => {
    const model = linear();
    for (const order of [
      [0, 0, 1],
      [0, 1],
      [1, 2, 3],
    ]) {
      const run = model.fit(rowsOf(x, 0, 3), real.slice(0, 3), { shuffle: () => order });
      await expect(run).rejects.toMatchObject({ code: "fit/order" });
    }
  });

  it("weigh what class and sample weights say, in training", async () => {
    const model = makeModel([layers.dense(1, { inputShape: [4], activation: "sigmoid" })]);
    model.compile({
      optimizer: optimizers.sgd({ learningRate: 0 }),
      loss: "binaryCrossentropy",
      weightedMetrics: ["accuracy"],
    });
    const sampleWeight = Float64Array.from(binary, (label) => (label === 1 ? 3 : 0.5));
    const byRow = await model.fit(x, binary, { sampleWeight, validationSplit: 0.2 });
    for (const classWeight of [
      { 0: 0.5, 1: 3 },
      new Map([
        [0, 0.5],
        [1, 3],
      ]),
      [0.5, 3],
    ]) {
      const byClass = await model.fit(x, binary, { classWeight, validationSplit: 0.2 });
      expect(byClass.loss).toEqual(byRow.loss);
      expect(byClass.accuracy).toEqual(byRow.accuracy);
      // Class weights stay out of validation; sample weights are in it.
      const plain = await model.evaluate(rowsOf(x, 34, 43), binary.slice(34));
      expect(byClass.valLoss![0]).toBeCloseTo(plain.loss!, 13);
      expect(byClass.valLoss![0]).not.toBeCloseTo(byRow.valLoss![0]!, 5);
    }
    const both = model.fit(x, binary, { sampleWeight, classWeight: { 1: 3 } });
    await expect(both).rejects.toMatchObject({ code: "fit/two-weights" });
  });
});

describe("validation", () => {
  it("and evaluation see no dropout, and moving averages instead of the batch's", async () => {
    const model = withDropout("float64");
    const before = (await model.getWeights())[4]!.data.slice();
    const { valLoss } = await model.fit(x, index, { epochs: 2, batchSize: 8, validationData: [x, index] });
    expect((await model.getWeights())[4]!.data).not.toEqual(before);
    // One row at a time has no batch statistics to speak of.
    const p = (await model.predict(x, { batchSize: 1 })).data;
    const loss = index.reduce((sum, label, i) => sum - Math.log(p[3 * i + label]!), 0) / 43;
    expect((await model.evaluate(x, index)).loss).toBeCloseTo(loss, 12);
    expect(valLoss![1]).toBeCloseTo(loss, 12);
  });

  it("data may be given, with weights, as a list or by name", async () => {
    const [a, b] = [linear(), linear()];
    const [vx, vy, weight] = [rowsOf(x, 0, 7), real.slice(0, 7), Float64Array.of(1, 2, 0, 1, 1, 0.5, 3)];
    const one = await a.fit(x, real, {
      validationData: [vx, vy, weight],
      validationBatchSize: 3,
      validationSplit: 0.5,
    });
    const two = await b.fit(x, real, { validationData: { x: vx, y: vy, sampleWeight: weight } });
    expect(one.valLoss![0]).toBeCloseTo(two.valLoss![0]!, 13);
    expect(one.valLoss![0]).toBeCloseTo((await a.evaluate(vx, vy, { sampleWeight: weight })).loss!, 13);
    // validationData wins: all rows were trained on.
    expect(one.loss[0]).toBe(two.loss[0]);
  });

  it("may be left out of epochs", async () => {
    const every = await linear().fit(x, real, { epochs: 5, validationSplit: 0.2, validationFreq: 2 });
    expect(every.valLoss).toHaveLength(2);
    const listed = await linear().fit(x, real, { epochs: 5, validationSplit: 0.2, validationFreq: [1, 5] });
    expect(listed.valLoss).toHaveLength(2);
    expect(listed.loss).toHaveLength(5);
  });
});

describe("a run", () => {
  it("ends when the signal fires, and keeps weights and history", async () => {
    const model = linear();
    const controller = new AbortController();
    const before = await flatWeights(model);
    let ended = 0;
    const stopper = callbacks.lambda({
      onEpochEnd(epoch) {
        if (epoch === 1) controller.abort();
      },
      onTrainEnd() {
        ended++;
      },
    });
    const run = model.fit(x, real, { epochs: 100, signal: controller.signal, callbacks: [stopper] });
    await expect(run).rejects.toBeInstanceOf(AbortError);
    await expect(run).rejects.toMatchObject({ code: "fit/aborted" });
    expect(model.history!.epoch).toEqual([0, 1]);
    expect(model.history!.end!.how).toBe("aborted");
    expect(ended).toBe(1);
    expect(await flatWeights(model)).not.toEqual(before);
    // And the model is free again.
    const more = await model.fit(x, real, { epochs: 1 });
    expect(more.end).toEqual({ how: "completed", reason: "all epochs done" });
  });

  it("ends within an epoch, too, because it gives way to others", async () => {
    const model = linear();
    const controller = new AbortController();
    const run = model.fit(x, real, { epochs: 1000, batchSize: 1, signal: controller.signal });
    // Fires only if the loop lets the event loop turn.
    setImmediate(() => controller.abort());
    await expect(run).rejects.toBeInstanceOf(AbortError);
  });

  it("is not disturbed by predictions made while it runs, and refuses a second one", async () => {
    const [a, b] = [linear(), linear()];
    await a.fit(x, real, { epochs: 3 });
    const seen: number[] = [];
    const look = callbacks.lambda({
      async onEpochEnd() {
        seen.push((await b.predict(x)).data[0]!, (await b.evaluate(x, real)).loss!);
        await expect(b.fit(x, real)).rejects.toMatchObject({ code: "model/busy" });
        expect(() => b.compile({ optimizer: "sgd", loss: "mse" })).toThrow(InvalidArgumentError);
      },
    });
    await b.fit(x, real, { epochs: 3, callbacks: [look] });
    expect(await flatWeights(b)).toEqual(await flatWeights(a));
    expect(new Set(seen).size).toBe(6);
  });

  it("keeps a callback's error, and says how it ended", async () => {
    const model = linear();
    const failing = callbacks.lambda({
      onEpochEnd() {
        throw new Error("disk full");
      },
    });
    await expect(model.fit(x, real, { callbacks: [failing] })).rejects.toThrow("disk full");
    expect(model.history!.end).toEqual({ how: "failed", reason: "disk full" });
    expect(model.history!.epoch).toEqual([0]);
  });

  it("of no epochs changes nothing", async () => {
    const model = linear();
    const before = await flatWeights(model);
    expect((await model.fit(x, real, { epochs: 0 })).loss).toEqual([]);
    expect(await flatWeights(model)).toEqual(before);
  });
});

describe("single calls", () => {
  it("trainOnBatch is the step of fit", async () => {
    const [a, b] = [linear("adam"), linear("adam")];
    const logs = await a.trainOnBatch(x, real);
    const history = await b.fit(x, real, { batchSize: 43, shuffle: false });
    expect(await flatWeights(a)).toEqual(await flatWeights(b));
    expect(logs).toEqual({ loss: history.loss[0], mae: history.mae![0] });
  });

  it("predict keeps rows in order for any batch size, also when called at once", async () => {
    const model = linear();
    const whole = await model.predict(x, { batchSize: 43 });
    expect(whole.shape).toEqual([43, 1]);
    expect(whole.dtype).toBe("float64");
    const parts = await Promise.all([1, 4, 32, 42].map((batchSize) => model.predict(x, { batchSize })));
    for (const part of parts) expect(part.data).toEqual(whole.data);
    const pairs = await Promise.all([rowsOf(x, 0, 5), rowsOf(x, 5, 10)].map((rows) => model.predict(rows)));
    expect([...pairs[0]!.data, ...pairs[1]!.data]).toEqual([...whole.data.slice(0, 10)]);
    expect((await model.predict(new Tensor(new Float64Array(0), [0, 4]))).shape).toEqual([0, 1]);
  });

  it("weights go out and in, in Keras's order", async () => {
    const model = linear();
    model.setWeights([[[1], [2], [3], [4]], [5]]);
    expect(await flatWeights(model)).toEqual([1, 2, 3, 4, 5]);
    expect((await model.predict([[1, 1, 1, 1]])).item()).toBe(15);
    expect(() => model.setWeights([[[1], [2], [3], [4]]])).toThrow(/1 weights were given, but the model has 2/);
    expect(() => model.setWeights([[[1, 2, 3, 4]], [5]])).toThrow(/dense\/kernel has shape \[4, 1\]/);
    expect(await flatWeights(model)).toEqual([1, 2, 3, 4, 5]);
  });

  it("a foreign state is refused and changes nothing", async () => {
    const model = linear("adam");
    const state = await model.getState();
    const before = await flatWeights(model);
    expect(Object.keys(state.weights)).toEqual(["dense/kernel", "dense/bias"]);
    expect(state.optimizer!.updates).toBe(0);
    expect(() => linear("sgd").setState(state)).toThrow(/optimizer value/);
    expect(() => model.setState({ weights: {} })).toThrow(/lacks the weight "dense\/kernel"/);
    const { "dense/bias": _, ...rest } = state.weights;
    expect(() => model.setState({ weights: { ...rest, other: new Tensor(new Float64Array(1), [1]) } })).toThrow(
      /other/,
    );
    expect(await flatWeights(model)).toEqual(before);
  });

  it("a schedule sets the rate at each update, and callbacks may not", async () => {
    const schedule = schedules.piecewiseConstantDecay({ boundaries: [1, 2], values: [0.5, 0.25, 0.125] });
    const model = linear(optimizers.sgd({ learningRate: schedule }));
    const rates: number[] = [];
    const watch = callbacks.lambda({
      onEpochBegin(_, context) {
        rates.push(context.learningRate);
      },
    });
    await model.fit(x, real, { epochs: 4, batchSize: 43, callbacks: [watch] });
    expect(rates).toEqual([0.5, 0.5, 0.25, 0.125]);
    const scheduler = callbacks.learningRateScheduler(() => 0.1);
    await expect(model.fit(x, real, { callbacks: [scheduler] })).rejects.toMatchObject({
      code: "optimizer/rate-is-scheduled",
    });
  });

  it("summary and explain say what runs", async () => {
    const model = withDropout();
    expect(model.summary()).toContain("dense");
    const text = await model.explain({ batchSize: 16 });
    expect(text).toContain("train step, 16 rows on interpreter");
    expect(text).toContain("stabilise");
    expect(text).toContain("kernels");
  });
});

describe("every optimizer", () => {
  const names = optimizers.list().map((entry) => entry.name);
  it.each(names)("%s goes down, and on from its state bit by bit", async (name) => {
    const make = () => linear(optimizers.fromConfig({ name, options: { learningRate: 0.05 } }));
    const through = make();
    const { loss } = await through.fit(x, real, { epochs: 6, batchSize: 8 });
    expect(loss.at(-1)).toBeLessThan(loss[0]!);
    const [first, second] = [make(), make()];
    await first.fit(x, real, { epochs: 3, batchSize: 8 });
    second.setState(await first.getState());
    await second.fit(x, real, { epochs: 6, initialEpoch: 3, batchSize: 8 });
    expect(await flatWeights(second)).toEqual(await flatWeights(through));
  });

  it("were all run", () => {
    expect(names.length).toBeGreaterThanOrEqual(11);
  });
});

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  callbacks,
  FileError,
  InvalidArgumentError,
  layers,
  loadModel,
  losses,
  type Model,
  ModelFileError,
  metrics,
  modelFromBytes,
  optimizers,
  schedules,
  sequential,
  UnknownNameError,
  version,
} from "surprisal";
import { afterAll, describe, expect, test } from "vitest";
import { maximum, mul, sub } from "../../src/graph/index.ts";
import { bits, sampleModel, train, x, y } from "./sample.ts";

const folder = mkdtempSync(join(tmpdir(), "surprisal-model-"));
afterAll(() => rmSync(folder, { recursive: true }));

const weightBits = async (model: Model) => (await model.getWeights()).map(bits);
const device = "interpreter";

describe.each(["interpreter", "wasm"] as const)("a model saved and loaded on %s", (name) => {
  test.each(["float32", "float64"] as const)("predicts and goes on training bit for bit in %s", async (dtype) => {
    const model = sampleModel(name, dtype);
    await train(model, 0, 2);
    model.learningRate = 0.004;
    const path = join(folder, `${name}-${dtype}.safetensors`);
    await model.save(path, { optimizer: true });
    const loaded = await loadModel(path, { device: name });
    expect(loaded.dtype).toBe(dtype);
    expect(loaded.toConfig()).toEqual(model.toConfig());
    expect(bits(await loaded.predict(x))).toBe(bits(await model.predict(x)));
    expect(await loaded.evaluate(x, y)).toEqual(await model.evaluate(x, y));

    const history = await train(model, 2, 5);
    expect(await train(loaded, 2, 5)).toEqual(history);
    expect(Object.keys(history)).toEqual([
      "epoch",
      "loss",
      "accuracy",
      "sparseTopKCategoricalAccuracy",
      "weightedAccuracy",
    ]);
    expect(await weightBits(loaded)).toEqual(await weightBits(model));
    // And one more trip, from the loaded one.
    expect(await loaded.toBytes({ optimizer: true })).toEqual(await model.toBytes({ optimizer: true }));
  });
});

test("without the optimizer's state, a loaded model predicts the same and starts a fresh optimizer", async () => {
  const model = sampleModel(device, "float64");
  await train(model, 0, 2);
  const loaded = await modelFromBytes(await model.toBytes(), { device });
  expect(bits(await loaded.predict(x))).toBe(bits(await model.predict(x)));
  expect((await loaded.getState()).optimizer?.updates).toBe(0);
  model.compile({ optimizer: optimizers.nadam(), loss: "sparseCategoricalCrossentropy" });
  expect((await train(loaded, 0, 1)).loss).toEqual((await train(model, 0, 1)).loss);
});

test("a model that was never compiled, and one that is not to be compiled", async () => {
  const plain = sequential([layers.dense(2, { inputShape: [3] })], { device });
  const loaded = await modelFromBytes(await plain.toBytes(), { device });
  expect(loaded.compiled).toBeUndefined();
  expect(bits(await loaded.predict(x))).toBe(bits(await plain.predict(x)));
  await expect(plain.toBytes({ optimizer: true })).rejects.toThrow(/this model has no optimizer yet/);

  const model = sampleModel(device, "float32");
  const bare = await modelFromBytes(await model.toBytes({ optimizer: true }), { device, compile: false });
  expect(bare.compiled).toBeUndefined();
  expect(bits(await bare.predict(x))).toBe(bits(await model.predict(x)));
});

test("every optimizer goes on where it stood", async () => {
  const variants = [
    ...optimizers.list().map(({ name }) => optimizers.get(name)),
    optimizers.sgd({ momentum: 0.9, nesterov: true, clipNorm: 1, weightDecay: 0.01 }),
    optimizers.adam({ useEma: true, emaMomentum: 0.9 }),
    optimizers.adam({ gradientAccumulationSteps: 2 }),
    optimizers.rmsprop({ learningRate: schedules.cosineDecay({ initialLearningRate: 0.1, decaySteps: 20 }) }),
  ];
  let run = 0;
  for (const optimizer of variants) {
    const model = sequential([layers.dense(1, { inputShape: [3] })], { device, dtype: "float64" });
    model.compile({ optimizer, loss: "mse" });
    await train(model, 0, 1);
    const loaded = await modelFromBytes(await model.toBytes({ optimizer: true }), { device });
    expect(loaded.compiled?.optimizer.toConfig()).toEqual(optimizer.toConfig());
    const history = await train(model, 1, 3);
    expect(await train(loaded, 1, 3), optimizer.name).toEqual(history);
    expect(await weightBits(loaded)).toEqual(await weightBits(model));
    run++;
  }
  expect(run).toBe(15);
});

test("every loss and every metric comes back as it was", async () => {
  const network = [layers.dense(3, { inputShape: [3], activation: "softmax" })];
  const required: Record<string, object> = {
    precisionAtRecall: { recall: 0.5 },
    recallAtPrecision: { precision: 0.5 },
    sensitivityAtSpecificity: { specificity: 0.5 },
    specificityAtSensitivity: { sensitivity: 0.5 },
  };
  let run = 0;
  for (const loss of losses.list()) {
    const model = sequential(network, { device });
    model.compile({ optimizer: "sgd", loss: loss({ reduction: "sum" }), metrics: [loss.name] });
    const loaded = await modelFromBytes(await model.toBytes(), { device });
    expect(loaded.compiled?.loss.toConfig(), loss.name).toEqual(loss({ reduction: "sum" }).toConfig());
    expect(loaded.toConfig()).toEqual(model.toConfig());
    expect(JSON.stringify(loaded.toConfig())).not.toContain("custom");
    run++;
  }
  for (const { name } of metrics.list()) {
    const metric = metrics.fromConfig({ name, options: { ...required[name], name: "mine" } });
    const model = sequential(network, { device });
    model.compile({ optimizer: "sgd", loss: "categoricalCrossentropy", weightedMetrics: [metric] });
    const loaded = await modelFromBytes(await model.toBytes(), { device });
    expect(loaded.compiled?.metrics[0]?.metric.toConfig(), name).toEqual(metric.toConfig());
    expect(loaded.toConfig()).toEqual(model.toConfig());
    expect(JSON.stringify(loaded.toConfig())).not.toContain("custom");
    run++;
  }
  expect(run).toBe(losses.list().length + metrics.list().length);
  expect(run).toBeGreaterThan(35);
});

describe("parts of one's own", () => {
  const tilted = losses.defineLoss({
    name: "tilted",
    params: { tau: losses.unit(0.5, "the quantile") },
    value: (yTrue, yPred, { tau }) => maximum(mul(tau, sub(yTrue, yPred)), mul(tau - 1, sub(yTrue, yPred))),
  });
  const impostor = losses.defineLoss({ name: "huber", value: (yTrue, yPred) => sub(yTrue, yPred) });
  const model = () => sequential([layers.dense(1, { inputShape: [3] })], { device });

  test("a loss is found again when it is brought, with its parameters", async () => {
    const saved = model();
    saved.compile({ optimizer: "sgd", loss: tilted({ tau: 0.9 }) });
    const bytes = await saved.toBytes();
    const refused = modelFromBytes(bytes, { device });
    await expect(refused).rejects.toThrow(ModelFileError);
    await expect(refused).rejects.toThrow(/"tilted" is not one of the library's.*Pass it as losses, or compile: false/);
    const loaded = await modelFromBytes(bytes, { device, losses: [tilted] });
    expect(await loaded.evaluate(x, y)).toEqual(await saved.evaluate(x, y));
    expect(loaded.compiled?.loss.toConfig()).toEqual({ name: "tilted", params: { tau: 0.9 } });
  });

  test("a loss that bears another's name is not taken for it", async () => {
    const saved = model();
    saved.compile({ optimizer: "sgd", loss: impostor });
    await expect(modelFromBytes(await saved.toBytes(), { device })).rejects.toThrow(/"huber" is not one of/);
    const loaded = await modelFromBytes(await saved.toBytes(), { device, losses: [impostor] });
    expect(await loaded.evaluate(x, y)).toEqual(await saved.evaluate(x, y));
  });

  test("an optimizer whose rate is a function, with its state", async () => {
    const optimizer = optimizers.adam({ learningRate: (index) => 0.1 / (1 + index) });
    const saved = model();
    saved.compile({ optimizer, loss: "mse" });
    await train(saved, 0, 1);
    const bytes = await saved.toBytes({ optimizer: true });
    await expect(modelFromBytes(bytes, { device })).rejects.toThrow(/the optimizer "adam" is not one of/);
    const loaded = await modelFromBytes(bytes, { device, optimizer });
    expect(await train(loaded, 1, 2)).toEqual(await train(saved, 1, 2));
  });

  test("a metric", async () => {
    const bound = metrics.get("mae", { yTrueShape: [1, 1], yPredShape: [1, 1], targets: "real" });
    const own = { ...bound, name: "ours", toConfig: () => ({ name: "ours", options: {} }) };
    const saved = model();
    saved.compile({ optimizer: "sgd", loss: "mse", metrics: [own, "mse"] });
    const bytes = await saved.toBytes();
    await expect(modelFromBytes(bytes, { device })).rejects.toThrow(/the metric "ours" is not one of/);
    const loaded = await modelFromBytes(bytes, { device, metrics: [own] });
    expect(await loaded.evaluate(x, y)).toEqual(await saved.evaluate(x, y));
  });

  test("a layer cannot be saved, and the message says so", async () => {
    const dense = layers.dense(1, { inputShape: [3] });
    const saved = sequential([{ ...dense, layerType: { ...dense.layerType, type: "mine" } }], { device });
    await expect(saved.toBytes()).rejects.toThrow(InvalidArgumentError);
    await expect(saved.toBytes()).rejects.toThrow(/not one of the library's.*getWeights/);
  });
});

describe("what goes with a model", () => {
  test("preprocessing and metadata come back as they were", async () => {
    const model = sampleModel(device, "float32");
    const preprocessing = { columns: [{ name: "Größe", kind: "number" }], labels: ["a", "b"], nothing: null, zero: -0 };
    model.preprocessing = preprocessing;
    model.metadata = { source: "survey 7", licence: "CC0" };
    const loaded = await modelFromBytes(await model.toBytes({ metadata: { source: "survey 8" } }), { device });
    expect(loaded.preprocessing).toEqual(preprocessing);
    expect(loaded.metadata).toEqual({ source: "survey 8", licence: "CC0" });
    expect(model.metadata).toEqual({ source: "survey 7", licence: "CC0" });
  });

  test("preprocessing is checked by who will use it, before a model is made", async () => {
    const model = sampleModel(device, "float32");
    model.preprocessing = { transform: "evil" };
    const bytes = await model.toBytes();
    const seen: unknown[] = [];
    const checkPreprocessing = (given: unknown) => {
      seen.push(given);
      throw new UnknownNameError("transform/unknown-name", { received: `"evil" came`, expected: "no", hint: "Hm." });
    };
    const refused = modelFromBytes(bytes, { device, checkPreprocessing });
    await expect(refused).rejects.toThrow(ModelFileError);
    await expect(refused).rejects.toThrow(`the preprocessing of the model file: "evil" came, but no. Hm.`);
    expect(seen).toEqual([{ transform: "evil" }]);
  });

  test("what is not plain data is refused when saving, and nothing is written", async () => {
    const model = sampleModel(device, "float32");
    const path = join(folder, "never.safetensors");
    for (const bad of [new Map(), { a: Number.NaN }, { a: () => 1 }, JSON.parse('{"__proto__": 1}')]) {
      model.preprocessing = bad;
      await expect(model.save(path)).rejects.toThrow(InvalidArgumentError);
    }
    model.preprocessing = undefined;
    await expect(model.save(path, { metadata: { "surprisal.config": "{}" } })).rejects.toThrow(/are the library's/);
    await expect(model.save(path, { metadata: { a: 1 } as never })).rejects.toThrow(/text by key/);
    await expect(model.save(path, { optimiser: true } as never)).rejects.toThrow(/Did you mean "optimizer"/);
    expect(existsSync(path)).toBe(false);
  });
});

describe("files", () => {
  test("equal models give equal bytes, and a file is those bytes", async () => {
    const model = sampleModel(device, "float32");
    const path = join(folder, "same.safetensors");
    await model.save(path);
    expect(new Uint8Array(readFileSync(path))).toEqual(await sampleModel(device, "float32").toBytes());
    expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  test("a checkpoint is a model file; a log grows, and starts anew", async () => {
    const checkpoint = join(folder, "best-{epoch:02d}.safetensors");
    const log = join(folder, "log.csv");
    const model = sampleModel(device, "float32");
    for (const epochs of [3, 2]) {
      const used = [callbacks.modelCheckpoint(checkpoint), callbacks.csvLogger(log)];
      await model.fit(x, y, { epochs, verbose: 0, callbacks: used });
    }
    await model.fit(x, y, { verbose: 0, callbacks: [callbacks.csvLogger(log, { append: true })] });
    expect(readFileSync(log, "utf8").split("\n").length).toBe(1 + 2 + 1 + 1);
    const loaded = await loadModel(join(folder, "best-03.safetensors"), { device });
    expect(loaded.compiled?.loss.name).toBe("sparseCategoricalCrossentropy");
    const nowhere = callbacks.csvLogger(join(folder, "no", "log.csv"));
    await expect(model.fit(x, y, { verbose: 0, callbacks: [nowhere] })).rejects.toThrow(FileError);
  });

  test("trouble on the way in has a typed error that names the file", async () => {
    const missing = loadModel(join(folder, "missing.safetensors"));
    await expect(missing).rejects.toThrow(FileError);
    await expect(missing).rejects.toThrow(/missing\.safetensors could not be read/);
    const text = join(folder, "text.safetensors");
    writeFileSync(text, "this is no model, whatever its name says");
    await expect(loadModel(text)).rejects.toThrow(ModelFileError);
    await expect(loadModel(text)).rejects.toThrow(text);
    await expect(loadModel(text, { devise: "wasm" } as never)).rejects.toThrow(/Did you mean "device"/);
    await expect(loadModel(text, { device: "gpu" as never })).rejects.toThrow(UnknownNameError);
    await expect(modelFromBytes("path" as never)).rejects.toThrow(/For a path there is loadModel/);
  });

  test("steps in between do not mix two moments", async () => {
    /** The model after the third batch, saved while training waits, or while it goes on. */
    const savedAtBatch = async (waits: boolean): Promise<Uint8Array> => {
      const model = sampleModel("wasm", "float32");
      let saving: Promise<Uint8Array> | undefined;
      const saver = callbacks.lambda({
        async onBatchEnd(batch) {
          if (batch === 2) saving = model.toBytes({ optimizer: true });
          if (waits) await saving;
        },
      });
      await model.fit(x, y, { batchSize: 5, verbose: 0, callbacks: [saver] });
      return saving!;
    };
    expect(await savedAtBatch(false)).toEqual(await savedAtBatch(true));
  });
});

test("the version is the package's", () => {
  const { version: published } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  expect(version).toBe(published);
});

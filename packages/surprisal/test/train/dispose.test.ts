/** dispose: everything on the device comes back, and what needs it afterwards says so. */
import { describe, expect, test } from "vitest";
import { wasmDevice } from "../../src/backends/wasm/device.ts";
import { layers, losses, sequential } from "../../src/index.ts";

const x = Array.from({ length: 20 }, (_, i) => [Math.sin(i), Math.cos(i)]);
const y = Array.from({ length: 20 }, (_, i) => i % 2);

function make(device = wasmDevice()) {
  const model = sequential(
    [layers.dense(5, { inputShape: [2], activation: "tanh" }), layers.dense(1, { activation: "sigmoid" })],
    { device },
  );
  model.compile({ optimizer: "adam", loss: losses.binaryCrossentropy(), metrics: ["accuracy"] });
  return { model, device, inUse: () => device.memoryUse().inUse };
}

test("gives everything back, after everything a model can do", async () => {
  const { model, inUse } = make();
  await model.fit(x, y, { epochs: 2, batchSize: 8, validationSplit: 0.2, verbose: 0 });
  await model.evaluate(x, y);
  await model.predict(x);
  await model.trainOnBatch(x, y);
  await model.explain();
  model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  await model.trainOnBatch(x, y);
  expect(inUse()).toBeGreaterThan(0);
  model.dispose();
  expect(inUse()).toBe(0);
  model.dispose();
  expect(inUse()).toBe(0);
});

test("fit and explain leave nothing behind", async () => {
  const { model, inUse } = make();
  const before = inUse();
  await model.explain();
  expect(inUse()).toBe(before);
  await model.fit(x, y, { epochs: 1, verbose: 0 });
  const afterFirst = inUse();
  for (let i = 0; i < 3; i++) await model.fit(x, y, { epochs: 1, verbose: 0 });
  expect(inUse()).toBe(afterFirst);
});

test("a model beside it goes on with its bits", async () => {
  const device = wasmDevice();
  const [gone, stays, alone] = [make(device).model, make(device).model, make().model];
  for (const model of [gone, stays, alone]) await model.fit(x, y, { epochs: 1, verbose: 0 });
  gone.dispose();
  const third = make(device).model;
  await third.fit(x, y, { epochs: 3, verbose: 0 });
  for (const model of [stays, alone]) await model.fit(x, y, { epochs: 2, verbose: 0 });
  const weights = async (model: typeof stays) => (await model.getWeights()).map((t) => [...t.data]);
  expect(await weights(stays)).toEqual(await weights(alone));
});

describe("afterwards", () => {
  const uses: readonly (readonly [string, (model: ReturnType<typeof make>["model"]) => unknown])[] = [
    ["fit", (model) => model.fit(x, y)],
    ["evaluate", (model) => model.evaluate(x, y)],
    ["predict", (model) => model.predict(x)],
    ["predictor", (model) => model.predictor()],
    ["trainOnBatch", (model) => model.trainOnBatch(x, y)],
    ["getWeights", (model) => model.getWeights()],
    ["setWeights", (model) => model.setWeights([])],
    ["getState", (model) => model.getState()],
    ["compile", (model) => model.compile({ optimizer: "sgd", loss: "meanSquaredError" })],
    ["explain", (model) => model.explain()],
    ["toBytes", (model) => model.toBytes()],
    ["learningRate", (model) => model.learningRate],
  ];

  test.each(uses)("%s says so", async (_, use) => {
    const { model } = make();
    model.dispose();
    await expect((async () => use(model))()).rejects.toMatchObject({ code: "model/disposed" });
  });

  test("a predictor that was made before says so", async () => {
    const { model } = make();
    const predictor = await model.predictor();
    model.dispose();
    expect(() => predictor(x)).toThrow(expect.objectContaining({ code: "model/disposed" }));
  });

  test("what is known without the device stays", () => {
    const { model } = make();
    const [config, summary] = [model.toConfig(), model.summary()];
    model.dispose();
    expect([model.toConfig(), model.summary()]).toEqual([config, summary]);
  });

  test("work that had begun is done first", async () => {
    const { model, inUse } = make();
    const expected = [...(await model.predict(x)).data];
    const running = [model.predict(x, { batchSize: 3 }), model.predict(x)];
    model.dispose();
    const [inParts, atOnce] = await Promise.all(running);
    expect([...(atOnce?.data ?? [])]).toEqual(expected);
    expect([...(inParts?.data ?? [])]).toEqual(expected);
    // Its turn comes after theirs.
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    expect(inUse()).toBe(0);
  });

  test("while fit runs it is refused", async () => {
    const { model } = make();
    const training = model.fit(x, y, { epochs: 1, verbose: 0 });
    expect(() => model.dispose()).toThrow(expect.objectContaining({ code: "model/busy" }));
    await training;
    model.dispose();
  });
});

/** The binary walk-through, as the README and the examples have it, on the built package. */
import { layers, losses, sequential } from "surprisal";
import { makeClassification, StandardScaler, trainTestSplit } from "surprisal/data";
import { expect, test } from "vitest";

test("two classes: data, split, scaling, one sigmoid unit, ten epochs", async () => {
  const [X, y] = makeClassification({
    nSamples: 1000,
    nFeatures: 20,
    nInformative: 2,
    nRedundant: 10,
    randomState: 42,
  });
  const [XTrainRaw, XTestRaw, yTrain, yTest] = trainTestSplit(X, y, { testSize: 0.2, randomState: 42 });

  const scaler = new StandardScaler();
  const XTrain = scaler.fitTransform(XTrainRaw);
  const XTest = scaler.transform(XTestRaw);

  const model = sequential([layers.dense(1, { inputShape: [20], activation: "sigmoid" })]);

  const lossFn = losses.binaryCrossentropy();

  model.compile({ optimizer: "adam", loss: lossFn, metrics: ["accuracy"] });
  const history = await model.fit(XTrain, yTrain, { epochs: 10, batchSize: 32, validationSplit: 0.2 });

  const predictions = await model.predict(XTest);
  const { loss, accuracy } = await model.evaluate(XTest, yTest);

  expect(predictions.shape).toEqual([200, 1]);
  expect(predictions.dtype).toBe("float32");
  expect(Object.keys(history)).toEqual(["epoch", "loss", "accuracy", "valLoss", "valAccuracy"]);
  expect(history.epoch).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  // One seed, within what twenty seeds of the reference give (mean ± three deviations).
  expect(history.valLoss?.at(-1)).toBeGreaterThan(0.2);
  expect(history.valLoss?.at(-1)).toBeLessThan(0.9);
  expect(history.loss.at(-1)).toBeLessThan(history.loss[0] as number);
  expect(accuracy).toBeGreaterThan(0.44);
  expect(loss).toBeGreaterThan(0.1);
  expect(model.device.name).toBe("wasm");

  // And the same numbers every time.
  const again = sequential([layers.dense(1, { inputShape: [20], activation: "sigmoid" })]);
  again.compile({ optimizer: "adam", loss: lossFn, metrics: ["accuracy"] });
  expect(await again.fit(XTrain, yTrain, { epochs: 10, batchSize: 32, validationSplit: 0.2 })).toEqual(history);
});

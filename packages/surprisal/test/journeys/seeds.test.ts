/**
 * The walk-throughs over twenty seeds land where Keras 3.15 lands over twenty of its own: the mean of the last validation loss
 * and of the test accuracy, within three standard errors of the difference of two such means.
 */
import { layers, losses, sequential } from "surprisal";
import { makeClassification, StandardScaler, toCategorical, trainTestSplit } from "surprisal/data";
import { expect, test } from "vitest";

const seeds = Array.from({ length: 20 }, (_, seed) => seed);
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

interface Landing {
  readonly valLoss: number;
  readonly accuracy: number;
}

async function overSeeds(run: (seed: number) => Promise<Landing>): Promise<Landing> {
  const landings: Landing[] = [];
  for (const seed of seeds) landings.push(await run(seed));
  expect(new Set(landings.map(({ valLoss }) => valLoss)).size).toBe(seeds.length);
  return { valLoss: mean(landings.map((l) => l.valLoss)), accuracy: mean(landings.map((l) => l.accuracy)) };
}

test("binary: validation loss 0.538 ± 0.11, test accuracy 0.742 ± 0.09", async () => {
  const [X, y] = makeClassification({
    nSamples: 1000,
    nFeatures: 20,
    nInformative: 2,
    nRedundant: 10,
    randomState: 42,
  });
  const [rawTrain, rawTest, yTrain, yTest] = trainTestSplit(X, y, { testSize: 0.2, randomState: 42 });
  const scaler = new StandardScaler();
  const XTrain = scaler.fitTransform(rawTrain);
  const XTest = scaler.transform(rawTest);
  const landing = await overSeeds(async (seed) => {
    const model = sequential([layers.dense(1, { inputShape: [20], activation: "sigmoid" })], { seed });
    model.compile({ optimizer: "adam", loss: losses.binaryCrossentropy(), metrics: ["accuracy"] });
    const history = await model.fit(XTrain, yTrain, {
      epochs: 10,
      batchSize: 32,
      validationSplit: 0.2,
      seed,
      verbose: 0,
    });
    const { accuracy } = await model.evaluate(XTest, yTest);
    return { valLoss: history.valLoss?.at(-1) as number, accuracy: accuracy as number };
  });
  console.log(
    `binary over ${seeds.length} seeds: val loss ${landing.valLoss.toFixed(3)}, accuracy ${landing.accuracy.toFixed(3)}`,
  );
  expect(Math.abs(landing.valLoss - 0.538)).toBeLessThan(0.11);
  expect(Math.abs(landing.accuracy - 0.742)).toBeLessThan(0.09);
});

test("three classes: validation loss 0.667 ± 0.12, test accuracy 0.754 ± 0.08", async () => {
  const [X, y] = makeClassification({
    nSamples: 1000,
    nFeatures: 20,
    nClasses: 3,
    nInformative: 2,
    nRedundant: 10,
    nClustersPerClass: 1,
    randomState: 42,
  });
  const [rawTrain, rawTest, trainIndex, testIndex] = trainTestSplit(X, y, { testSize: 0.2, randomState: 42 });
  const scaler = new StandardScaler();
  const XTrain = scaler.fitTransform(rawTrain);
  const XTest = scaler.transform(rawTest);
  const [yTrain, yTest] = [toCategorical(trainIndex, { numClasses: 3 }), toCategorical(testIndex, { numClasses: 3 })];
  const landing = await overSeeds(async (seed) => {
    const model = sequential([layers.dense(3, { inputShape: [20], activation: "softmax" })], { seed });
    model.compile({ optimizer: "adam", loss: losses.categoricalCrossentropy(), metrics: ["accuracy"] });
    const history = await model.fit(XTrain, yTrain, {
      epochs: 10,
      batchSize: 32,
      validationSplit: 0.2,
      seed,
      verbose: 0,
    });
    const { accuracy } = await model.evaluate(XTest, yTest);
    return { valLoss: history.valLoss?.at(-1) as number, accuracy: accuracy as number };
  });
  console.log(
    `three classes over ${seeds.length} seeds: val loss ${landing.valLoss.toFixed(3)}, accuracy ${landing.accuracy.toFixed(3)}`,
  );
  expect(Math.abs(landing.valLoss - 0.667)).toBeLessThan(0.12);
  expect(Math.abs(landing.accuracy - 0.754)).toBeLessThan(0.08);
});

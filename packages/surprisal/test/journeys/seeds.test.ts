/**
 * The walk-throughs over twenty seeds land where Keras 3.15 lands over twenty of its own: the mean of the last validation loss
 * and of the test accuracy, within three standard errors of the difference of two such means.
 */
import { layers, losses, sequential, type Tensor } from "surprisal";
import { makeClassification, StandardScaler, toCategorical, trainTestSplit } from "surprisal/data";
import { expect, test } from "vitest";

const seeds = Array.from({ length: 20 }, (_, seed) => seed);
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

interface WalkThrough {
  readonly name: string;
  readonly classes: number;
  /** Options beyond those that both share. */
  readonly data: { readonly nClasses?: number; readonly nClustersPerClass?: number };
  readonly layer: Parameters<typeof sequential>[0][number];
  readonly loss: losses.Loss;
  /** Keras's mean, and how far ours may be from it. */
  readonly valLoss: readonly [mean: number, within: number];
  readonly accuracy: readonly [mean: number, within: number];
}

const walkThroughs: readonly WalkThrough[] = [
  {
    name: "binary",
    classes: 2,
    data: {},
    layer: layers.dense(1, { inputShape: [20], activation: "sigmoid" }),
    loss: losses.binaryCrossentropy(),
    valLoss: [0.538, 0.11],
    accuracy: [0.742, 0.09],
  },
  {
    name: "three classes",
    classes: 3,
    data: { nClasses: 3, nClustersPerClass: 1 },
    layer: layers.dense(3, { inputShape: [20], activation: "softmax" }),
    loss: losses.categoricalCrossentropy(),
    valLoss: [0.667, 0.12],
    accuracy: [0.754, 0.08],
  },
];

test.each(walkThroughs)("$name: validation loss $valLoss, test accuracy $accuracy", async (walk) => {
  const shared = { nSamples: 1000, nFeatures: 20, nInformative: 2, nRedundant: 10, randomState: 42 };
  const [X, y] = makeClassification({ ...shared, ...walk.data });
  const [rawTrain, rawTest, trainIndex, testIndex] = trainTestSplit(X, y, { testSize: 0.2, randomState: 42 });
  const scaler = new StandardScaler();
  const XTrain = scaler.fitTransform(rawTrain);
  const XTest = scaler.transform(rawTest);
  const targets = (index: Tensor) => (walk.classes === 2 ? index : toCategorical(index, { numClasses: walk.classes }));

  const valLosses: number[] = [];
  const accuracies: number[] = [];
  for (const seed of seeds) {
    const model = sequential([walk.layer], { seed });
    model.compile({ optimizer: "adam", loss: walk.loss, metrics: ["accuracy"] });
    const options = { epochs: 10, batchSize: 32, validationSplit: 0.2, seed, verbose: 0 } as const;
    const history = await model.fit(XTrain, targets(trainIndex), options);
    valLosses.push(history.valLoss?.at(-1) as number);
    accuracies.push((await model.evaluate(XTest, targets(testIndex))).accuracy as number);
  }
  expect(new Set(valLosses).size).toBe(seeds.length);
  console.log(`${walk.name}: val loss ${mean(valLosses).toFixed(3)}, accuracy ${mean(accuracies).toFixed(3)}`);
  expect(Math.abs(mean(valLosses) - walk.valLoss[0])).toBeLessThan(walk.valLoss[1]);
  expect(Math.abs(mean(accuracies) - walk.accuracy[0])).toBeLessThan(walk.accuracy[1]);
});

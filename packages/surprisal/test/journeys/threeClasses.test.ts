/** The three-class walk-through on the built package: the call that is refused, and the way out that the message teaches. */
import { InvalidArgumentError, layers, losses, sequential } from "surprisal";
import { makeClassification, toCategorical, trainTestSplit } from "surprisal/data";
import { expect, test } from "vitest";

test("more clusters than fit are refused, with the way out", () => {
  const call = () =>
    makeClassification({
      nSamples: 1000,
      nFeatures: 20,
      nClasses: 3,
      nInformative: 2,
      nRedundant: 10,
      randomState: 42,
    });
  expect(call).toThrow(InvalidArgumentError);
  let said = "";
  try {
    call();
  } catch (error) {
    said = String(error);
  }
  expect(said).toBe(
    "InvalidArgumentError [make-classification/too-many-clusters]: nClasses (3) × nClustersPerClass (2) = 6 clusters, but " +
      "nInformative = 2 leaves room for only 2 ** 2 = 4. Pass nClustersPerClass: 1, or nInformative: 3 or more.",
  );
});

test("three classes: one-hot targets, softmax, categorical cross-entropy", async () => {
  const [X, y] = makeClassification({
    nSamples: 1000,
    nFeatures: 20,
    nClasses: 3,
    nInformative: 2,
    nRedundant: 10,
    nClustersPerClass: 1,
    randomState: 42,
  });
  const [XTrain, XTest, yTrainIndex, yTestIndex] = trainTestSplit(X, y, { testSize: 0.2, randomState: 42 });
  const yTrain = toCategorical(yTrainIndex, { numClasses: 3 });
  const model = sequential([layers.dense(3, { inputShape: [20], activation: "softmax" })]);
  model.compile({ optimizer: "adam", loss: losses.categoricalCrossentropy(), metrics: ["accuracy"] });

  const history = await model.fit(XTrain, yTrain, { epochs: 10, batchSize: 32, validationSplit: 0.2 });
  const yTest = toCategorical(yTestIndex, { numClasses: 3 });
  const { loss, accuracy } = await model.evaluate(XTest, yTest);
  expect(yTrain.shape).toEqual([800, 3]);
  expect((await model.predict(XTest)).shape).toEqual([200, 3]);
  expect(history.valLoss?.length).toBe(10);
  expect(history.loss.at(-1)).toBeLessThan(history.loss[0] as number);
  expect(loss).toBeLessThan(1.2);
  expect(accuracy).toBeGreaterThan(0.45);
});

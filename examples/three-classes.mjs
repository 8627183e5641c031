/** Three classes: one-hot targets, a softmax layer, categorical cross-entropy. `npm run walkthrough` runs it. */
import { layers, losses, sequential } from "surprisal";
import { makeClassification, toCategorical, trainTestSplit } from "surprisal/data";

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
const yTest = toCategorical(yTestIndex, { numClasses: 3 });

const model = sequential([layers.dense(3, { inputShape: [20], activation: "softmax" })]);
model.compile({ optimizer: "adam", loss: losses.categoricalCrossentropy(), metrics: ["accuracy"] });
const history = await model.fit(XTrain, yTrain, { epochs: 10, batchSize: 32, validationSplit: 0.2 });

const predictions = await model.predict(XTest);
const { loss, accuracy } = await model.evaluate(XTest, yTest);
console.log(`final val loss ${history.valLoss?.at(-1)}`);
console.log(`test loss ${loss}`);
console.log(`test accuracy ${accuracy}`);
console.log(`predictions [${predictions.shape.join(", ")}]`);

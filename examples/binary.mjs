/** Two classes: data, split, scaling, one sigmoid unit, ten epochs. `npm run walkthrough` runs it. */
import { layers, losses, sequential } from "surprisal";
import { makeClassification, StandardScaler, trainTestSplit } from "surprisal/data";

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
model.compile({ optimizer: "adam", loss: losses.binaryCrossentropy(), metrics: ["accuracy"] });
const history = await model.fit(XTrain, yTrain, { epochs: 10, batchSize: 32, validationSplit: 0.2 });

const predictions = await model.predict(XTest);
const { loss, accuracy } = await model.evaluate(XTest, yTest);
console.log(`final val loss ${history.valLoss?.at(-1)}`);
console.log(`test loss ${loss}`);
console.log(`test accuracy ${accuracy}`);
console.log(`predictions [${predictions.shape.join(", ")}]`);

// @ts-nocheck The test's server puts surprisal.js beside this file.
/** The binary walk-through as a page has it: no bundler, one file. What it found goes into the document. */
import { data, layers, losses, modelFromBytes, sequential } from "./surprisal.js";

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

async function main() {
  const [X, y] = data.makeClassification({
    nSamples: 1000,
    nFeatures: 20,
    nInformative: 2,
    nRedundant: 10,
    randomState: 42,
  });
  const [XTrainRaw, XTestRaw, yTrain, yTest] = data.trainTestSplit(X, y, { testSize: 0.2, randomState: 42 });
  const scaler = new data.StandardScaler();
  const XTrain = scaler.fitTransform(XTrainRaw);
  const XTest = scaler.transform(XTestRaw);
  const model = sequential([layers.dense(1, { inputShape: [20], activation: "sigmoid" })]);
  model.compile({ optimizer: "adam", loss: losses.binaryCrossentropy(), metrics: ["accuracy"] });
  let turns = 0;
  const count = () => {
    turns++;
    timer = setTimeout(count, 0);
  };
  let timer = setTimeout(count, 0);
  const history = await model.fit(XTrain, yTrain, { epochs: 10, batchSize: 32, validationSplit: 0.2 });
  clearTimeout(timer);
  const scores = await model.evaluate(XTest, yTest);
  // The file travels through memory here; where there is no file system, a path says so.
  const bytes = await model.toBytes({ optimizer: true });
  const loaded = await modelFromBytes(bytes);
  const same = hex(new Uint8Array((await loaded.predict(XTest)).data.buffer));
  return { history, scores, file: hex(bytes), predictions: same, device: model.device.name, turns };
}

main().then(
  (result) => {
    globalThis.result = result;
    document.querySelector("#state").textContent = "done";
  },
  (error) => {
    document.querySelector("#state").textContent = `failed: ${error.stack}`;
  },
);

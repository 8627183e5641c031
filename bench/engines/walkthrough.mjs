/**
 * The binary walk-through of examples/ as a warm program does it: a new model each time, compiled and fitted whole, ten epochs
 * with validation. Writes one line of JSON: what the first fit took, and those after it.
 */
import { text } from "node:stream/consumers";
import { layers, losses, sequential } from "surprisal";
import { makeClassification, StandardScaler, trainTestSplit } from "surprisal/data";

/** @type {{ fits: number }} */
const { fits } = JSON.parse(await text(process.stdin));
const [X, y] = makeClassification({ nSamples: 1000, nFeatures: 20, nInformative: 2, nRedundant: 10, randomState: 42 });
const [XTrainRaw, , yTrain] = trainTestSplit(X, y, { testSize: 0.2, randomState: 42 });
const XTrain = new StandardScaler().fitTransform(XTrainRaw);

/** @type {number[]} */
const ms = [];
let valLoss = Number.NaN;
for (let i = 0; i <= fits; i++) {
  const began = performance.now();
  const model = sequential([layers.dense(1, { inputShape: [20], activation: "sigmoid" })]);
  model.compile({ optimizer: "adam", loss: losses.binaryCrossentropy(), metrics: ["accuracy"] });
  const history = await model.fit(XTrain, yTrain, { epochs: 10, batchSize: 32, validationSplit: 0.2, verbose: 0 });
  ms.push(performance.now() - began);
  valLoss = history.valLoss?.at(-1) ?? Number.NaN;
}
process.stdout.write(`${JSON.stringify({ firstMs: ms[0], fitMs: ms.slice(1), valLoss })}\n`);

/** Data and settings of the two walk-through rows: 1,000 rows of 20, split, scaled; one sigmoid unit, ten epochs, a fifth for validation. */
import { makeClassification, StandardScaler, trainTestSplit } from "surprisal/data";
import { writeArray } from "../lib/arrays.mjs";
import { denseWeights } from "../lib/draw.mjs";
import { adam } from "../lib/problem.mjs";

/** @param {string} folder */
export function writeWalkthrough(folder) {
  const [X, y] = makeClassification({
    nSamples: 1000,
    nFeatures: 20,
    nInformative: 2,
    nRedundant: 10,
    randomState: 42,
  });
  const [XTrain, XTest, yTrain, yTest] = trainTestSplit(X, y, { testSize: 0.2, randomState: 42 });
  const scaler = new StandardScaler();
  const [x, testX] = [scaler.fitTransform(XTrain), scaler.transform(XTest)];
  const arrays = {
    x: writeArray(folder, "x", Float32Array.from(x.data), [800, 20]),
    y: writeArray(folder, "y", Float32Array.from(yTrain.data)),
    testX: writeArray(folder, "testX", Float32Array.from(testX.data), [200, 20]),
    testY: writeArray(folder, "testY", Float32Array.from(yTest.data)),
    weights: writeArray(folder, "weights", denseWeights([20, 1])),
  };
  return { batch: 32, epochs: 10, training: 640, adam, arrays };
}

/** A small convolutional network by `fit`, where the library has its layers. */
import * as library from "surprisal";
import { weightsOf } from "../../lib/problem.mjs";
import { trainEpochs } from "./network.mjs";

/** @typedef {import("../worker.mjs").Engine} Engine */

const { optimizers, sequential, tensor, version } = library;
/** What a later version of the library has is not in this one's types. @type {any} */
const layers = library.layers;

/** @returns {Promise<Engine>} */
export async function load() {
  const missing = ["conv2d", "maxPooling2d"].filter((name) => !(name in layers));
  if (missing.length > 0) return { version, missing: `layers.${missing.join(" and layers.")} not there yet`, perform };
  return { version, perform };
}

/** @type {Engine["perform"]} */
async function perform(problem, onUnit) {
  const { shapes, adam, arrays } = problem;
  const model = sequential([
    layers.conv2d(32, 3, { activation: "relu", inputShape: [28, 28, 1] }),
    layers.maxPooling2d({ poolSize: 2 }),
    layers.conv2d(64, 3, { activation: "relu" }),
    layers.maxPooling2d({ poolSize: 2 }),
    layers.flatten(),
    layers.dense(10, { activation: "softmax" }),
  ]);
  model.setWeights(weightsOf(arrays.weights.values, shapes).map(({ values, shape }) => tensor(values, { shape })));
  model.compile({ optimizer: optimizers.adam(adam), loss: "sparseCategoricalCrossentropy" });
  await trainEpochs(model, problem, onUnit);
}

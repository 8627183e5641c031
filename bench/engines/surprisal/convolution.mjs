/** A small convolutional network by `fit`. */
import { layers, optimizers, sequential, tensor, version } from "surprisal";
import { weightsOf } from "../../lib/problem.mjs";
import { trainEpochs } from "./network.mjs";

/** @typedef {import("../worker.mjs").Engine} Engine */

/** @returns {Promise<Engine>} */
export async function load() {
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

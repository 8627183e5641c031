/** TensorFlow.js on its WebAssembly backend as its users call it: a layers model and `fit`. */
import { batchesOf } from "../lib/problem.mjs";
import { loadCore } from "./tfjs.mjs";

/** @typedef {import("./worker.mjs").Engine} Engine */

/** A name the type checker does not look up. @type {string} */
const layersPackage = "@tensorflow/tfjs-layers";

/** @returns {Promise<Engine>} */
export async function load() {
  const tf = await loadCore();
  const tfl = await import(layersPackage);
  return {
    version: tfl.version_layers,
    train: (problem, adam, onEpoch) => train(tf, tfl, problem, adam, onEpoch),
  };
}

/** @param {any} tf @param {any} tfl @param {import("./worker.mjs").Problem} problem @param {import("./worker.mjs").Adam} adam @param {(loss: number) => boolean} onEpoch */
async function train(tf, tfl, problem, { learningRate, beta1, beta2, epsilon }, onEpoch) {
  const { batch, layers, steps } = problem;
  const [inputs = 0, ...units] = layers;
  const classes = units.at(-1) ?? 0;
  const x = tf.tensor2d(problem.x, [steps * batch, inputs]);
  const oneHot = new Float32Array(steps * batch * classes);
  batchesOf(problem).forEach((part, step) => {
    oneHot.set(part.oneHot, step * batch * classes);
  });
  const y = tf.tensor2d(oneHot, [steps * batch, classes]);
  const model = tfl.sequential();
  units.forEach((count, i) => {
    const activation = i === units.length - 1 ? "softmax" : "relu";
    model.add(tfl.layers.dense({ units: count, activation, ...(i === 0 && { inputShape: [inputs] }) }));
  });
  model.setWeights(problem.weights.map(({ values, shape }) => tf.tensor(values, shape)));
  const optimizer = tf.train.adam(learningRate, beta1, beta2, epsilon);
  model.compile({ optimizer, loss: "categoricalCrossentropy" });
  await model.fit(x, y, {
    // Its History holds a tensor an epoch; a number that is never reached is all it takes to go on until stopped.
    epochs: 1_000_000,
    batchSize: batch,
    shuffle: false,
    verbose: 0,
    yieldEvery: "never",
    callbacks: {
      onEpochEnd(/** @type {number} */ _epoch, /** @type {{ loss: number }} */ { loss }) {
        if (!onEpoch(loss)) model.stopTraining = true;
      },
    },
  });
  tf.dispose([x, y]);
}

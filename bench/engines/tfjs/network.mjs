/** `optimizer.minimize` on batches that stay where they are. */
import { batchesOf, denseShapes, weightsOf } from "../../lib/problem.mjs";
import { adamOf, denseLogits, loadCore } from "./tf.mjs";

/** @typedef {import("../worker.mjs").Engine} Engine */

/** @returns {Promise<Engine>} */
export async function load() {
  const tf = await loadCore();
  return { version: tf.version_core, perform: (problem, onUnit) => perform(tf, problem, onUnit) };
}

/** @param {any} tf @param {any} problem @param {(figures: readonly number[]) => boolean} onUnit */
function perform(tf, problem, onUnit) {
  const { batch, layers, adam, arrays } = problem;
  const batches = batchesOf(problem).map(({ x, oneHot }) => ({
    x: tf.tensor2d(x, [batch, layers[0]]),
    y: tf.tensor2d(oneHot, [batch, layers.at(-1)]),
  }));
  const weights = weightsOf(arrays.weights.values, denseShapes(layers)).map(({ values, shape }) =>
    tf.variable(tf.tensor(values, shape)),
  );
  const optimizer = adamOf(tf, adam);
  let sum = 0;
  do {
    sum = 0;
    const values = batches.map(({ x, y }) =>
      optimizer.minimize(() => tf.losses.softmaxCrossEntropy(y, denseLogits(tf, weights, x)), true, weights),
    );
    for (const value of values) {
      sum += value.dataSync()[0];
      value.dispose();
    }
  } while (onUnit([sum / problem.steps]));
  tf.dispose([batches, weights]);
  optimizer.dispose();
}

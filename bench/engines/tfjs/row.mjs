/** One row after another. */
import { denseShapes, digestOf, weightsOf } from "../../lib/problem.mjs";
import { denseLogits, loadCore } from "./tf.mjs";

/** @typedef {import("../worker.mjs").Engine} Engine */

/** @returns {Promise<Engine>} */
export async function load() {
  const tf = await loadCore();
  return {
    version: tf.version_core,
    perform({ layers, rows, arrays }, onUnit) {
      const weights = weightsOf(arrays.weights.values, denseShapes(layers)).map(({ values, shape }) =>
        tf.tensor(values, shape),
      );
      const inputs = Array.from({ length: rows }, (_, i) => arrays.x.values.slice(20 * i, 20 * i + 20));
      let digest = 0;
      do {
        digest = 0;
        for (const row of inputs) {
          digest += tf.tidy(() =>
            digestOf(tf.softmax(denseLogits(tf, weights, tf.tensor2d(row, [1, layers[0]]))).dataSync()),
          );
        }
      } while (onUnit([digest]));
    },
  };
}

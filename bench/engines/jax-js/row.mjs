/** One row after another through a jitted function. */
import { denseShapes, digestOf, weightsOf } from "../../lib/problem.mjs";
import { denseLogits, loadJax } from "./jax.mjs";

/** @typedef {import("../worker.mjs").Engine} Engine */

/** @returns {Promise<Engine>} */
export async function load() {
  const { jax, version } = await loadJax();
  const { numpy: np, nn } = jax;
  return {
    version,
    perform({ layers, rows, arrays }, onUnit) {
      const weights = weightsOf(arrays.weights.values, denseShapes(layers)).map(({ values, shape }) =>
        np.array(values).reshape(shape),
      );
      const predict = jax.jit((/** @type {any[]} */ given, /** @type {any} */ x) =>
        nn.softmax(denseLogits(jax, given, x.reshape([1, layers[0]]))),
      );
      const inputs = Array.from({ length: rows }, (_, i) => arrays.x.values.slice(20 * i, 20 * i + 20));
      let digest = 0;
      do {
        digest = 0;
        for (const row of inputs) {
          const given = weights.map((w) => w.ref);
          digest += digestOf(predict(given, np.array(row)).dataSync());
        }
      } while (onUnit([digest]));
    },
  };
}

/** A small convolutional network, channels before height and width, as jax-js has them; kernels are brought into that order. */

import { channelsFirst } from "../../lib/channelsFirst.mjs";
import { batchesOf, weightsOf } from "../../lib/problem.mjs";
import { crossentropy, loadJax, stateOf, stepOf } from "./jax.mjs";
import { trainEpochs } from "./network.mjs";

/** @typedef {import("../worker.mjs").Engine} Engine */

/** @returns {Promise<Engine>} */
export async function load() {
  const { jax, version } = await loadJax();
  const { numpy: np, nn, lax } = jax;
  const pool = (/** @type {any} */ rows) => lax.reduceWindow(rows, np.max, [2, 2], [2, 2]);
  return {
    version,
    perform(problem, onUnit) {
      const { shapes, batch, adam, arrays } = problem;
      const step = stepOf(jax, adam, ([k1, b1, k2, b2, k3, b3], x, y) => {
        const bias = (/** @type {any} */ b) => b.reshape([1, -1, 1, 1]);
        const one = pool(nn.relu(lax.conv(x, k1, [1, 1], "VALID").add(bias(b1))));
        const two = pool(nn.relu(lax.conv(one, k2, [1, 1], "VALID").add(bias(b2))));
        return crossentropy(jax, np.matmul(two.reshape([batch, 1600]), k3).add(b3), y, batch);
      });
      const weights = channelsFirst(weightsOf(arrays.weights.values, shapes));
      trainEpochs(jax, step, stateOf(jax, weights), batchesOf(problem), [batch, 1, 28, 28], onUnit);
    },
  };
}

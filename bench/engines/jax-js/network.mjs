/** One jitted function a step (loss, gradients, Adam), batches and state resident, the loss read every step. */
import { batchesOf, denseShapes, weightsOf } from "../../lib/problem.mjs";
import { crossentropy, denseLogits, loadJax, stateOf, stepOf } from "./jax.mjs";

/** @typedef {import("../worker.mjs").Engine} Engine */

/** @returns {Promise<Engine>} */
export async function load() {
  const { jax, version } = await loadJax();
  return {
    version,
    perform(problem, onUnit) {
      const { layers, batch, adam, arrays } = problem;
      const step = stepOf(jax, adam, (weights, x, y) => crossentropy(jax, denseLogits(jax, weights, x), y, batch));
      const weights = weightsOf(arrays.weights.values, denseShapes(layers));
      trainEpochs(jax, step, stateOf(jax, weights), batchesOf(problem), [batch, layers[0]], onUnit);
    },
  };
}

/**
 * Whole epochs, each a unit.
 * @param {any} jax @param {any} step @param {any} start @param {readonly { x: Float32Array, oneHot: Float32Array }[]} given
 * @param {readonly number[]} shape of a batch @param {(figures: readonly number[]) => boolean} onUnit
 */
export function trainEpochs({ numpy: np }, step, start, given, shape, onUnit) {
  const [batch = 0] = shape;
  const batches = given.map(({ x, oneHot }) => ({
    x: np.array(x).reshape([...shape]),
    y: np.array(oneHot).reshape([batch, oneHot.length / batch]),
  }));
  let state = start;
  let sum = 0;
  do {
    sum = 0;
    for (const { x, y } of batches) {
      const [next, value] = step(state, x.ref, y.ref, []);
      state = next;
      // Read at once: what is pending makes every further step slower.
      sum += value.dataSync()[0];
    }
  } while (onUnit([sum / batches.length]));
}

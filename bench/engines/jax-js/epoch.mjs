/** An epoch from rows in memory to the last update, and the test's loss; the jitted functions are kept, the rows are brought batch by batch. */

import { gather } from "../../lib/gather.mjs";
import { denseShapes, oneHotOf, weightsOf } from "../../lib/problem.mjs";
import { crossentropy, denseLogits, freeState, loadJax, stateOf, stepOf } from "./jax.mjs";

/** @typedef {import("../worker.mjs").Engine} Engine */

/** @returns {Promise<Engine>} */
export async function load() {
  const { jax, version } = await loadJax();
  return { version, perform: (problem, onUnit) => perform(jax, problem, onUnit) };
}

/** @param {any} jax @param {any} problem @param {(figures: readonly number[]) => boolean} onUnit */
function perform(jax, { layers, classes, batch, dropout, divisor, adam, arrays }, onUnit) {
  const { numpy: np, random } = jax;
  const { x, y, testX, testY, order } = arrays;
  const width = layers[0];
  /** A step for batches of so many rows, one function a size. @param {number} rows */
  const make = (rows) =>
    stepOf(jax, adam, (weights, inputs, oneHot, extra) => {
      const hide = (/** @type {any} */ hidden) => {
        const kept = random.bernoulli(extra[0], 1 - dropout, [rows, layers.at(-2)]);
        return hidden.mul(kept.astype(np.float32)).mul(1 / (1 - dropout));
      };
      const logits = denseLogits(jax, weights, inputs, dropout > 0 ? hide : undefined);
      return crossentropy(jax, logits, oneHot, rows);
    });
  /** @type {Map<number, any>} */
  const steps = new Map();
  const test = jax.jit((/** @type {any[]} */ weights, /** @type {any} */ inputs, /** @type {any} */ oneHot) =>
    crossentropy(jax, denseLogits(jax, weights, inputs), oneHot, 1000),
  );
  /** @param {any} rows @param {any} labels @param {Int32Array | undefined} chosen @param {number} from @param {number} to */
  const part = (rows, labels, chosen, from, to) => {
    const picked = gather(rows, labels, chosen, from, to, divisor);
    const count = picked.labels.length;
    return [
      np.array(picked.x).reshape([count, width]),
      np.array(oneHotOf(picked.labels, classes)).reshape([count, classes]),
    ];
  };
  let figure = Number.NaN;
  do {
    let state = stateOf(jax, weightsOf(arrays.weights.values, denseShapes(layers)));
    let key = 0;
    let sum = 0;
    const total = y.values.length;
    for (let from = 0; from < total; from += batch) {
      const to = Math.min(from + batch, total);
      const [inputs, oneHot] = part(x, y, order.values, from, to);
      const step = steps.get(to - from) ?? make(to - from);
      steps.set(to - from, step);
      const [next, value] = step(state, inputs, oneHot, dropout > 0 ? [random.key(key++)] : []);
      state = next;
      sum += value.dataSync()[0] * (to - from);
    }
    figure = sum / total;
    if (testX !== undefined) {
      let tested = 0;
      for (let from = 0; from < testY.values.length; from += 1000) {
        const [inputs, oneHot] = part(testX, testY, undefined, from, from + 1000);
        const weights = state.weights.map((/** @type {any} */ w) => w.ref);
        tested += test(weights, inputs, oneHot).dataSync()[0];
      }
      figure = (tested * 1000) / testY.values.length;
    }
    freeState(state);
  } while (onUnit([figure]));
}

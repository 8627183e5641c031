/** Value and both gradients. */
import { oneHotOf, probesOf } from "../../lib/problem.mjs";
import { loadCore } from "./tf.mjs";

/** @typedef {import("../worker.mjs").Engine} Engine */

/** @returns {Promise<Engine>} */
export async function load() {
  const tf = await loadCore();
  return {
    version: tf.version_core,
    perform({ arrays: { hidden, weight, y } }, onUnit) {
      const [rows, classes] = [hidden.shape[0], weight.shape[0]];
      const given = [hidden, weight].map(({ values, shape }) => tf.tensor(values, shape));
      const oneHot = tf.tensor(oneHotOf(y.values, classes), [rows, classes]);
      const step = tf.valueAndGrads((/** @type {any} */ h, /** @type {any} */ w) =>
        tf.losses.softmaxCrossEntropy(oneHot, tf.matMul(h, w, false, true)),
      );
      /** @type {number[] | undefined} */
      let probes;
      let loss = Number.NaN;
      do {
        const { value, grads } = step(given);
        loss = value.dataSync()[0];
        probes ??= grads.flatMap((/** @type {any} */ g) => probesOf(g.dataSync(), 32));
        tf.dispose([value, grads]);
      } while (onUnit([loss, ...(probes ?? [])]));
    },
  };
}

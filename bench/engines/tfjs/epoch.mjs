/** An epoch from rows in memory to the last update, and the test's loss; rows are brought batch by batch. */
import { gather } from "../../lib/gather.mjs";
import { denseShapes, oneHotOf, weightsOf } from "../../lib/problem.mjs";
import { adamOf, denseLogits, loadCore } from "./tf.mjs";

/** @typedef {import("../worker.mjs").Engine} Engine */

/** @returns {Promise<Engine>} */
export async function load() {
  const tf = await loadCore();
  return { version: tf.version_core, perform: (problem, onUnit) => perform(tf, problem, onUnit) };
}

/** @param {any} tf @param {any} problem @param {(figures: readonly number[]) => boolean} onUnit */
function perform(tf, { layers, classes, batch, dropout, divisor, adam, arrays }, onUnit) {
  const { x, y, testX, testY, order } = arrays;
  const hide = dropout > 0 ? (/** @type {any} */ rows) => tf.dropout(rows, dropout) : undefined;
  /** @param {any} rows @param {any} labels @param {Int32Array | undefined} chosen @param {number} from @param {number} to */
  const part = (rows, labels, chosen, from, to) => {
    const picked = gather(rows, labels, chosen, from, to, divisor);
    const count = picked.labels.length;
    return [tf.tensor2d(picked.x, [count, layers[0]]), tf.tensor2d(oneHotOf(picked.labels, classes), [count, classes])];
  };
  let figure = Number.NaN;
  do {
    const weights = weightsOf(arrays.weights.values, denseShapes(layers)).map(({ values, shape }) =>
      tf.variable(tf.tensor(values, shape)),
    );
    const optimizer = adamOf(tf, adam);
    const total = y.values.length;
    let sum = 0;
    for (let from = 0; from < total; from += batch) {
      const to = Math.min(from + batch, total);
      const [inputs, oneHot] = part(x, y, order.values, from, to);
      const loss = () => tf.losses.softmaxCrossEntropy(oneHot, denseLogits(tf, weights, inputs, hide));
      const value = optimizer.minimize(loss, true, weights);
      sum += value.dataSync()[0] * (to - from);
      tf.dispose([inputs, oneHot, value]);
    }
    figure = sum / total;
    if (testX !== undefined) {
      let tested = 0;
      for (let from = 0; from < testY.values.length; from += 1000) {
        const [inputs, oneHot] = part(testX, testY, undefined, from, from + 1000);
        const value = tf.tidy(() => tf.losses.softmaxCrossEntropy(oneHot, denseLogits(tf, weights, inputs)));
        tested += value.dataSync()[0] * 1000;
        tf.dispose([inputs, oneHot, value]);
      }
      figure = tested / testY.values.length;
    }
    tf.dispose(weights);
    optimizer.dispose();
  } while (onUnit([figure]));
}

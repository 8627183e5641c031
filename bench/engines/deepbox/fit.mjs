/** The walk-through: a new network each time, ten epochs, validation loss and accuracy after each. */
import { adamOf, loadDeepbox, networkOf, rowsOf, update } from "./deepbox.mjs";

/** @typedef {import("../worker.mjs").Engine} Engine */

/** @returns {Promise<Engine>} */
export async function load() {
  const { deepbox, version } = await loadDeepbox();
  return {
    version,
    perform(problem, onUnit) {
      let going = true;
      while (going) going = onUnit([fit(deepbox, problem).valLoss]);
    },
  };
}

/** @param {import("./deepbox.mjs").Deepbox} deepbox @param {any} problem */
export function fit(deepbox, { batch, epochs, training, adam, arrays }) {
  const { nn, array } = deepbox;
  const { x, y, testX, testY } = arrays;
  /** @param {any} rows @param {any} labels @param {number} from @param {number} to */
  const part = (rows, labels, from, to) => ({
    x: rowsOf(deepbox, rows.values.slice(20 * from, 20 * to), [to - from, 20]),
    y: rowsOf(deepbox, labels.values.slice(from, to), [to - from, 1]),
  });
  const network = networkOf(deepbox, [20, 1], arrays.weights.values);
  const optimizer = adamOf(deepbox, network, adam);
  const batches = Array.from({ length: training / batch }, (_, i) => part(x, y, i * batch, (i + 1) * batch));
  const validation = part(x, y, training, y.values.length);
  /** Loss and accuracy of rows. @param {any} rows */
  const measure = (rows) =>
    array.noGrad(() => {
      const z = network.forward(rows.x);
      const right = rows.y.data.filter(
        (/** @type {number} */ label, /** @type {number} */ i) => z.data[i] > 0 === label > 0.5,
      );
      const loss = nn.binaryCrossEntropyWithLogitsLoss(z, rows.y).tensor.data[0];
      return { loss, accuracy: right.length / rows.y.data.length };
    });
  let valLoss = Number.NaN;
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const rows of batches) {
      update(optimizer, () => nn.binaryCrossEntropyWithLogitsLoss(network.forward(rows.x), rows.y));
    }
    valLoss = measure(validation).loss;
  }
  return { valLoss, testLoss: () => measure(part(testX, testY, 0, testY.values.length)).loss };
}

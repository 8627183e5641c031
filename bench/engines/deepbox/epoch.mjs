/** An epoch from rows in memory to the last update; it has no dropout here, and no test. */
import { gather } from "../../lib/gather.mjs";
import { adamOf, labelsOf, loadDeepbox, networkOf, rowsOf, update } from "./deepbox.mjs";

/** @typedef {import("../worker.mjs").Engine} Engine */

/** @returns {Promise<Engine>} */
export async function load() {
  const { deepbox, version } = await loadDeepbox();
  return {
    version,
    perform({ layers, batch, divisor, adam, arrays }, onUnit) {
      const { x, y, order } = arrays;
      let sum = 0;
      do {
        sum = 0;
        const network = networkOf(deepbox, layers, arrays.weights.values);
        const optimizer = adamOf(deepbox, network, adam);
        for (let from = 0; from < y.values.length; from += batch) {
          const picked = gather(x, y, order.values, from, Math.min(from + batch, y.values.length), divisor);
          const count = picked.labels.length;
          const rows = rowsOf(deepbox, picked.x, [count, layers[0]]);
          const labels = labelsOf(deepbox, picked.labels);
          sum += update(optimizer, () => deepbox.nn.crossEntropyLoss(network.forward(rows), labels)) * count;
        }
      } while (onUnit([sum / y.values.length]));
    },
  };
}

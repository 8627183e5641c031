/** Steps through data that stays where it is, an epoch a unit. */
import { batchesOf } from "../../lib/problem.mjs";
import { adamOf, labelsOf, loadDeepbox, networkOf, rowsOf, update } from "./deepbox.mjs";

/** @typedef {import("../worker.mjs").Engine} Engine */

/** @returns {Promise<Engine>} */
export async function load() {
  const { deepbox, version } = await loadDeepbox();
  return {
    version,
    perform(problem, onUnit) {
      const { layers, batch, adam, arrays } = problem;
      const network = networkOf(deepbox, layers, arrays.weights.values);
      const optimizer = adamOf(deepbox, network, adam);
      const batches = batchesOf(problem).map(({ x, labels }) => ({
        x: rowsOf(deepbox, x, [batch, layers[0]]),
        y: labelsOf(deepbox, labels),
      }));
      let sum = 0;
      do {
        sum = 0;
        for (const { x, y } of batches) {
          sum += update(optimizer, () => deepbox.nn.crossEntropyLoss(network.forward(x), y));
        }
      } while (onUnit([sum / batches.length]));
    },
  };
}

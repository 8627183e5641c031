/** One row after another; the softmax over three logits by hand, the quickest way there is. */
import { digestOf } from "../../lib/problem.mjs";
import { loadDeepbox, networkOf, rowsOf } from "./deepbox.mjs";

/** @typedef {import("../worker.mjs").Engine} Engine */

/** @returns {Promise<Engine>} */
export async function load() {
  const { deepbox, version } = await loadDeepbox();
  return {
    version,
    perform({ layers, rows, arrays }, onUnit) {
      const network = networkOf(deepbox, layers, arrays.weights.values);
      const inputs = Array.from({ length: rows }, (_, i) => arrays.x.values.slice(20 * i, 20 * i + 20));
      let digest = 0;
      do {
        digest = 0;
        for (const row of inputs) {
          const logits = deepbox.array.noGrad(() => network.forward(rowsOf(deepbox, row, [1, layers[0]]))).data;
          digest += digestOf(softmax(logits));
        }
      } while (onUnit([digest]));
    },
  };
}

/** @param {Float32Array} logits */
function softmax(logits) {
  const top = Math.max(...logits);
  const powers = logits.map((z) => Math.exp(z - top));
  const sum = powers.reduce((total, p) => total + p, 0);
  return powers.map((p) => p / sum);
}

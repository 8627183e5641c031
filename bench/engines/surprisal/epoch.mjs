/** An epoch from rows in memory, bytes or floats, to the last update and the test's loss: a new model, its data, `fit`, `evaluate`. */
import { tensor, version } from "surprisal";
import { makeModel } from "./network.mjs";

/** @typedef {import("../worker.mjs").Engine} Engine */

/** @returns {Promise<Engine>} */
export async function load() {
  return {
    version,
    async perform(problem, onUnit) {
      const { batch, divisor, arrays } = problem;
      const { x, y, testX, testY, order } = arrays;
      let figure = Number.NaN;
      do {
        const model = makeModel(problem);
        const history = await model.fit(rowsOf(x, divisor), y.values, {
          batchSize: batch,
          shuffle: () => order.values,
          verbose: 0,
        });
        figure = history.loss?.at(-1) ?? Number.NaN;
        if (testX !== undefined) {
          const test = await model.evaluate(rowsOf(testX, divisor), testY.values, { batchSize: 1000 });
          figure = test.loss ?? Number.NaN;
        }
      } while (onUnit([figure]));
    },
  };
}

/** @param {import("../../lib/arrays.mjs").ReadArray} array @param {number} divisor */
function rowsOf({ values, shape }, divisor) {
  if (divisor === 1) return tensor(values, { shape });
  const scaled = new Float32Array(values.length);
  const scale = 1 / divisor;
  for (let i = 0; i < scaled.length; i++) scaled[i] = values[i] * scale;
  return tensor(scaled, { shape });
}

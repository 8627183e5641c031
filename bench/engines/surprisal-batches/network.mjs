/** surprisal one `trainOnBatch` after another: each brings its rows from the host and reads the loss back. */
import { tensor, version } from "surprisal";
import { batchesOf } from "../../lib/problem.mjs";
import { makeModel } from "../surprisal/network.mjs";

/** @typedef {import("../worker.mjs").Engine} Engine */

/** @returns {Promise<Engine>} */
export async function load() {
  return { version, perform };
}

/** @type {Engine["perform"]} */
async function perform(problem, onUnit) {
  const model = makeModel(problem);
  const inputs = problem.layers[0] ?? 0;
  const batches = batchesOf(problem).map(({ x, labels }) => ({
    x: tensor(x, { shape: [problem.batch, inputs] }),
    labels,
  }));
  let sum = 0;
  do {
    sum = 0;
    for (const { x, labels } of batches) sum += (await model.trainOnBatch(x, labels)).loss ?? Number.NaN;
  } while (onUnit([sum / problem.steps]));
}

/** One row after another through a model: its predictor where there is one, else `predict`. */
import { tensor, version } from "surprisal";
import { digestOf } from "../../lib/problem.mjs";
import { makeModel } from "./network.mjs";

/** @typedef {import("../worker.mjs").Engine} Engine */

/** @returns {Promise<Engine>} */
export async function load() {
  return { version, perform };
}

/** @type {Engine["perform"]} */
async function perform(problem, onUnit) {
  const { rows, arrays } = problem;
  const model = makeModel(problem);
  /** What a later version of the library has is not in this one's types. @type {any} */
  const newer = model;
  const predict = await newer.predictor?.();
  const inputs = Array.from({ length: rows }, (_, i) => arrays.x.values.slice(20 * i, 20 * i + 20));
  let digest = 0;
  do {
    digest = 0;
    if (predict === undefined) {
      for (const row of inputs) digest += digestOf((await model.predict(tensor(row, { shape: [1, 20] }))).data);
    } else {
      for (const row of inputs) {
        const output = predict(row);
        digest += digestOf(output.data ?? output);
      }
    }
  } while (onUnit([digest]));
}

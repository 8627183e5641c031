/** The binary walk-through as a warm program does it: a new model each time, compiled and fitted whole, with validation. */
import { layers, losses, optimizers, sequential, tensor, version } from "surprisal";
import { denseShapes, weightsOf } from "../../lib/problem.mjs";

/** @typedef {import("../worker.mjs").Engine} Engine */

/** @returns {Promise<Engine>} */
export async function load() {
  return {
    version,
    async perform(problem, onUnit) {
      const [X, y] = data(problem);
      for (;;) {
        const { valLoss } = await fitWhole(problem, X, y);
        if (!onUnit([valLoss])) return;
      }
    },
  };
}

/** @param {any} problem */
export function data({ arrays: { x, y } }) {
  return /** @type {const} */ ([tensor(x.values, { shape: x.shape }), tensor(y.values)]);
}

/** @param {any} problem @param {import("surprisal").Tensor} X @param {import("surprisal").Tensor} y */
export async function fitWhole({ epochs, batch, adam, arrays: { weights } }, X, y) {
  const model = sequential([layers.dense(1, { inputShape: [20], activation: "sigmoid" })]);
  model.setWeights(
    weightsOf(weights.values, denseShapes([20, 1])).map(({ values, shape }) => tensor(values, { shape })),
  );
  model.compile({ optimizer: optimizers.adam(adam), loss: losses.binaryCrossentropy(), metrics: ["accuracy"] });
  const history = await model.fit(X, y, { epochs, batchSize: batch, validationSplit: 0.2, shuffle: false, verbose: 0 });
  return { model, valLoss: history.valLoss?.at(-1) ?? Number.NaN };
}

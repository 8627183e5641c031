/** surprisal through its public face: `fit`, the whole of it, as its users call it. */
import { callbacks, layers, optimizers, sequential, tensor, version } from "surprisal";

/** @typedef {import("./worker.mjs").Engine} Engine @typedef {import("./worker.mjs").Problem} Problem @typedef {import("./worker.mjs").Adam} Adam */

/** @returns {Promise<Engine>} */
export async function load() {
  return { version, train };
}

/** @type {Engine["train"]} */
async function train(problem, adam, onEpoch) {
  const { batch, steps, x, y } = problem;
  await makeModel(problem, adam).fit(tensor(x, { shape: [steps * batch, problem.layers[0] ?? 0] }), y, {
    epochs: Number.MAX_SAFE_INTEGER,
    batchSize: batch,
    shuffle: false,
    verbose: 0,
    callbacks: [
      callbacks.lambda({
        onEpochEnd(_epoch, { loss = Number.NaN }, context) {
          if (!onEpoch(loss)) context.stop("measured");
        },
      }),
    ],
  });
}

/** The problem's network with its weights. @param {Problem} problem @param {Adam} adam */
export function makeModel(problem, adam) {
  const [inputs = 0, ...units] = problem.layers;
  const model = sequential(
    units.map((count, i) =>
      layers.dense(count, {
        ...(i === 0 && { inputShape: [inputs] }),
        activation: i === units.length - 1 ? "softmax" : "relu",
      }),
    ),
  );
  model.setWeights(problem.weights.map(({ values, shape }) => tensor(values, { shape })));
  model.compile({ optimizer: optimizers.adam(adam), loss: "sparseCategoricalCrossentropy" });
  return model;
}

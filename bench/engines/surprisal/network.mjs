/** surprisal through its public face: `fit`, the whole of it, as its users call it. */
import { callbacks, layers, optimizers, sequential, tensor, version } from "surprisal";
import { denseShapes, weightsOf } from "../../lib/problem.mjs";

/** @typedef {import("../worker.mjs").Engine} Engine */

/** @returns {Promise<Engine>} */
export async function load() {
  return { version, perform };
}

/** @type {Engine["perform"]} */
async function perform(problem, onUnit) {
  await trainEpochs(makeModel(problem), problem, onUnit);
}

/** Whole epochs, each a unit. @param {ReturnType<typeof sequential>} model @param {any} problem @param {(figures: readonly number[]) => boolean} onUnit */
export async function trainEpochs(model, { batch, steps, arrays: { x, y } }, onUnit) {
  const rows = batch * steps;
  const width = x.values.length / y.values.length;
  const shape = [rows, ...x.shape.slice(1)];
  await model.fit(tensor(x.values.subarray(0, rows * width), { shape }), y.values.subarray(0, rows), {
    epochs: Number.MAX_SAFE_INTEGER,
    batchSize: batch,
    shuffle: false,
    verbose: 0,
    callbacks: [
      callbacks.lambda({
        onEpochEnd(_epoch, { loss = Number.NaN }, context) {
          if (!onUnit([loss])) context.stop("measured");
        },
      }),
    ],
  });
}

/** The problem's network with its weights; dropout before the last layer, where there is any. @param {any} problem */
export function makeModel({ layers: widths, dropout = 0, adam, arrays: { weights } }) {
  const [inputs = 0, ...units] = /** @type {number[]} */ (widths);
  const model = sequential(
    units.flatMap((count, i) => {
      const last = i === units.length - 1;
      const dense = layers.dense(count, {
        ...(i === 0 && { inputShape: [inputs] }),
        activation: last ? "softmax" : "relu",
      });
      return last && dropout > 0 ? [layers.dropout(dropout), dense] : [dense];
    }),
  );
  model.setWeights(
    weightsOf(weights.values, denseShapes(widths)).map(({ values, shape }) => tensor(values, { shape })),
  );
  if (adam) model.compile({ optimizer: optimizers.adam(adam), loss: "sparseCategoricalCrossentropy" });
  return model;
}

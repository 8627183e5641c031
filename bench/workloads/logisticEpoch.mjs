/** Logistic regression, one epoch in a given order, from rows in memory to the last update. */
import { writeArray } from "../lib/arrays.mjs";
import { classification, denseWeights, permutation } from "../lib/draw.mjs";
import { adam } from "../lib/problem.mjs";

const [rows, inputs, classes] = [100_000, 100, 10];

/** @type {import("./workload.mjs").Workload} */
export const logisticEpoch = {
  name: "logistic-epoch",
  title: "100,000 × 100 → 10 logistic, batch 250: an epoch with its data",
  unit: "ms",
  kind: "epoch",
  engines: ["surprisal", "jax-js", "tfjs", "deepbox", "numpy", "sklearn", "jax", "torch"],
  once: ["deepbox"],
  write(folder) {
    const { x, y } = classification(rows, inputs, classes);
    const arrays = {
      x: writeArray(folder, "x", x, [rows, inputs]),
      y: writeArray(folder, "y", y),
      order: writeArray(folder, "order", permutation(rows)),
      weights: writeArray(folder, "weights", denseWeights([inputs, classes])),
    };
    return {
      problem: { layers: [inputs, classes], classes, batch: 250, dropout: 0, divisor: 1, adam, arrays },
      per: 1,
    };
  },
  tolerance: 1e-3,
  // It sets out from weights of its own.
  ownTolerance: { sklearn: 0.1 },
  checked: 1,
  warmMs: 200,
  measureMs: 800,
  least: 2,
  most: 20,
  targets: [{ of: "time", beside: "numpy", must: 1, aim: 0.5 }],
};

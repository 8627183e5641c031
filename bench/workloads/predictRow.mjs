/** One row through a trained network and its probabilities back, a thousand times. */
import { writeArray } from "../lib/arrays.mjs";
import { classification, denseWeights } from "../lib/draw.mjs";

const layers = [20, 64, 64, 3];
const rows = 1000;

/** @type {import("./workload.mjs").Workload} */
export const predictRow = {
  name: "predict-row",
  title: "one row through 20-64-64-3",
  unit: "µs",
  kind: "row",
  engines: ["surprisal", "jax-js", "tfjs", "deepbox", "numpy", "jax", "torch"],
  write(folder) {
    const arrays = {
      x: writeArray(folder, "x", classification(rows, 20, 3).x, [rows, 20]),
      weights: writeArray(folder, "weights", denseWeights(layers)),
    };
    return { problem: { layers, rows, arrays }, first: { rows: 1 }, per: rows };
  },
  tolerance: 1e-3,
  checked: 1,
  warmMs: 300,
  measureMs: 600,
  least: 3,
  most: 500,
  targets: [{ of: "time", beside: "numpy", must: 0.26, aim: 0.1 }],
};

/** The last layer of a language model and its cross-entropy in one: value and the gradients of hidden rows and of weights, data resident. */
import { writeArray } from "../lib/arrays.mjs";
import { floats, symmetric, uniformSource } from "../lib/draw.mjs";
import { valueApart } from "./valueApart.mjs";

const [rows, width, classes] = [256, 768, 50_257];

/** @type {import("./workload.mjs").Workload} */
export const linearCrossentropy = {
  name: "linear-crossentropy",
  title: "linear cross-entropy, N = 256, D = 768, V = 50,257: value and both gradients",
  unit: "ms",
  kind: "linear",
  engines: ["surprisal", "jax-js", "tfjs", "numpy", "jax", "torch"],
  once: ["jax-js", "tfjs"],
  write(folder) {
    const forLabels = uniformSource(6, 1);
    const y = Int32Array.from(
      floats(rows, () => forLabels() * classes),
      (x) => Math.min(Math.floor(x), classes - 1),
    );
    const arrays = {
      hidden: writeArray(folder, "hidden", symmetric(6, 2, rows * width, 1), [rows, width]),
      weight: writeArray(folder, "weight", symmetric(6, 3, classes * width, 0.05), [classes, width]),
      y: writeArray(folder, "y", y),
    };
    return { problem: { arrays }, per: 1 };
  },
  tolerance: 1e-3,
  apart: valueApart(2),
  checked: 1,
  warmMs: 0,
  measureMs: 1500,
  least: 1,
  most: 10,
  flops: 6 * rows * width * classes,
  targets: [
    { of: "time", beside: "numpy", must: 2.8, aim: 2.4 },
    { of: "workspaceMB", must: 16, aim: 8 },
  ],
};

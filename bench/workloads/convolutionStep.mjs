/** A training step of a small convolutional network on images of 28 × 28: conv 32, pool, conv 64, pool, dense. */
import { writeArray } from "../lib/arrays.mjs";
import { classification, joined, symmetric } from "../lib/draw.mjs";
import { adam } from "../lib/problem.mjs";

const [batch, steps] = [64, 2];
/** Kernels 3 × 3 × in × out, biases, and the last layer's matrix from rows that are flattened height, width, channels. */
const shapes = [[3, 3, 1, 32], [32], [3, 3, 32, 64], [64], [1600, 10], [10]];

/** @type {import("./workload.mjs").Workload} */
export const convolutionStep = {
  name: "convolution-step",
  title: "small MNIST network with two convolutions, batch 64: a step",
  unit: "ms",
  kind: "convolution",
  engines: ["surprisal", "jax-js", "jax", "torch"],
  once: ["jax-js"],
  write(folder) {
    const { x, y } = classification(batch * steps, 784, 10);
    const weights = shapes.map((shape, i) => {
      const size = shape.reduce((product, dim) => product * dim, 1);
      if (shape.length === 1) return new Float32Array(size);
      const area = shape.slice(0, -2).reduce((product, dim) => product * dim, 1);
      const [before = 0, after = 0] = shape.slice(-2);
      return symmetric(5, i, size, Math.sqrt(6 / (area * (before + after))));
    });
    const arrays = {
      x: writeArray(folder, "x", x, [batch * steps, 28, 28, 1]),
      y: writeArray(folder, "y", y),
      weights: writeArray(folder, "weights", joined(weights)),
    };
    return { problem: { shapes, classes: 10, batch, steps, adam, arrays }, first: { steps: 1 }, per: steps };
  },
  tolerance: 1e-3,
  checked: 2,
  warmMs: 0,
  measureMs: 1000,
  least: 1,
  most: 50,
  targets: [
    { of: "time", beside: "jax-js", must: 0.02 },
    { of: "time", beside: "torch", aim: 1.1 },
  ],
};

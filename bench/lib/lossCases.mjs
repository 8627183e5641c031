/**
 * The losses that are compared, the sizes, and their data: drawn once, read by every engine from the same files. Adding a loss is a row here
 * and a row in each engine of engines/losses/ and in numpy_losses.py.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { losses } from "surprisal";

/**
 * @typedef {object} LossCase
 * @property {string} name as the library calls it
 * @property {Kind} yTrue
 * @property {Kind} yPred
 *
 * @typedef {object} Size
 * @property {string} name
 * @property {number} rows
 * @property {number} classes entries of a row
 *
 * @typedef {(typeof kinds)[number]} Kind
 */

const kinds = /** @type {const} */ ([
  "labels",
  "oneHot",
  "bits",
  "signs",
  "reals",
  "counts",
  "shares",
  "logits",
  "rates",
  "forecasts",
]);

/** Mean over the samples, gradient by yPred; cross-entropies from logits. @type {readonly LossCase[]} */
export const lossCases = [
  { name: "binaryCrossentropy", yTrue: "bits", yPred: "logits" },
  { name: "categoricalCrossentropy", yTrue: "oneHot", yPred: "logits" },
  { name: "sparseCategoricalCrossentropy", yTrue: "labels", yPred: "logits" },
  { name: "meanSquaredError", yTrue: "reals", yPred: "logits" },
  { name: "meanAbsoluteError", yTrue: "reals", yPred: "logits" },
  { name: "huber", yTrue: "reals", yPred: "logits" },
  { name: "logCosh", yTrue: "reals", yPred: "logits" },
  { name: "poisson", yTrue: "counts", yPred: "rates" },
  { name: "hinge", yTrue: "signs", yPred: "logits" },
  { name: "klDivergence", yTrue: "shares", yPred: "forecasts" },
];

/** One that stays in the cache, and one that does not. @type {readonly Size[]} */
export const sizes = [
  { name: "4,096 × 10", rows: 4096, classes: 10 },
  { name: "65,536 × 128", rows: 65_536, classes: 128 },
];

/** Bytes that have to move at least: targets and predictions read, gradient written. @param {LossCase} one @param {Size} size */
export function bytesOf({ yTrue }, { rows, classes }) {
  return 4 * (yTrue === "labels" ? rows : rows * classes) + 8 * rows * classes;
}

/** @param {Kind} kind @param {Size} size @returns {number[]} */
export function shapeOf(kind, { rows, classes }) {
  return kind === "labels" ? [rows] : [rows, classes];
}

/**
 * Writes a file of each kind, little-endian float32, labels int32.
 * @param {Size} size
 * @param {new (seed: number, stream?: number) => { uniform(): number }} Stream
 * @param {string} folder
 * @returns {Record<Kind, string>}
 */
export function writeArrays({ rows, classes }, Stream, folder) {
  const count = rows * classes;
  const draw = (/** @type {number} */ stream, /** @type {(u: number) => number} */ of, size = count) => {
    const source = new Stream(3, stream);
    return Float32Array.from({ length: size }, () => of(source.uniform()));
  };
  const labels = Int32Array.from(
    draw(1, (u) => u * classes, rows),
    (x) => Math.min(Math.floor(x), classes - 1),
  );
  const oneHot = new Float32Array(count);
  labels.forEach((label, row) => {
    oneHot[row * classes + label] = 1;
  });
  const bits = draw(2, (u) => Number(u < 0.5));
  /** @type {Record<Kind, Float32Array | Int32Array>} */
  const arrays = {
    labels,
    oneHot,
    bits,
    signs: bits.map((bit) => 2 * bit - 1),
    // Logistic, so that there are tails.
    reals: draw(3, (u) => Math.log((u + 1e-6) / (1 - u + 1e-6)) / 2),
    logits: draw(4, (u) => Math.log((u + 1e-6) / (1 - u + 1e-6))),
    counts: draw(5, (u) => Math.floor(8 * u ** 3)),
    rates: draw(6, (u) => 0.1 + 4 * u),
    shares: normalised(
      draw(7, (u) => u + 0.01),
      classes,
    ),
    forecasts: normalised(
      draw(8, (u) => u + 0.01),
      classes,
    ),
  };
  const written = kinds.map((kind) => {
    const path = join(folder, `${kind}.bin`);
    writeFileSync(path, new Uint8Array(arrays[kind].buffer));
    return [kind, path];
  });
  return Object.fromEntries(written);
}

/** @param {Kind} kind @param {string} path */
export function readArray(kind, path) {
  const { buffer, byteOffset, byteLength } = readFileSync(path);
  const bytes = buffer.slice(byteOffset, byteOffset + byteLength);
  return kind === "labels" ? new Int32Array(bytes) : new Float32Array(bytes);
}

/** Rows that sum to 1. @param {Float32Array} values @param {number} classes */
function normalised(values, classes) {
  for (let at = 0; at < values.length; at += classes) {
    const row = values.subarray(at, at + classes);
    const total = row.reduce((sum, x) => sum + x, 0);
    row.forEach((x, i) => {
      row[i] = x / total;
    });
  }
  return values;
}

/**
 * The value of each loss as its textbook form gives it in float64, one element or row after another.
 * @param {readonly LossCase[]} cases @param {Size} size @param {Record<Kind, string>} files
 * @returns {Map<string, number>}
 */
export function truths(cases, { rows, classes }, files) {
  return new Map(
    cases.map(({ name, yTrue, yPred }) => {
      const [y, p] = [readArray(yTrue, files[yTrue]), readArray(yPred, files[yPred])];
      const { definition, params } = configured(name);
      const textbook = definition.textbook;
      if (textbook === undefined) throw new Error(`${name} has no textbook form`);
      const byRow = definition.axis === "class";
      const count = byRow ? rows : rows * classes;
      let sum = 0;
      for (let i = 0; i < count; i++) {
        const row = (/** @type {typeof y} */ values) => values.subarray(i * classes, (i + 1) * classes);
        const target = byRow ? (yTrue === "labels" ? [y[i]] : Array.from(row(y))) : y[i];
        sum += textbook(target, byRow ? Array.from(row(p)) : p[i], params);
      }
      return [name, sum / count];
    }),
  );
}

/** The library's loss, cross-entropies from logits. @param {string} name */
export function configured(name) {
  return losses.fromConfig({ name, params: name.endsWith("Crossentropy") ? { fromLogits: true } : {} });
}

/** Places at which gradients are compared. @param {number} size */
export function probesOf(size) {
  return Array.from({ length: 64 }, (_, i) => Math.floor((i * (size - 1)) / 63));
}

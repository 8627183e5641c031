/** Arrays of a comparison: written once to files without a header, little-endian, and read by every engine in whatever language. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * @typedef {object} StoredArray
 * @property {string} file
 * @property {"float32" | "int32" | "uint8"} dtype
 * @property {number[]} shape
 *
 * @typedef {object} ReadArray
 * @property {any} values a typed array of the dtype
 * @property {number[]} shape
 */

const types = { float32: Float32Array, int32: Int32Array, uint8: Uint8Array };

/**
 * @param {string} folder
 * @param {string} name of the array
 * @param {Float32Array | Int32Array | Uint8Array} values
 * @param {number[]} [shape]
 * @returns {StoredArray}
 */
export function writeArray(folder, name, values, shape = [values.length]) {
  const file = join(folder, `${name}.bin`);
  writeFileSync(file, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  const dtype = values instanceof Float32Array ? "float32" : values instanceof Int32Array ? "int32" : "uint8";
  return { file, dtype, shape };
}

/** The array, in memory of its own. @param {StoredArray} array @returns {ReadArray} */
export function readArray({ file, dtype, shape }) {
  const { buffer, byteOffset, byteLength } = readFileSync(file);
  const whole = byteOffset === 0 && byteLength === buffer.byteLength;
  const bytes = whole ? buffer : buffer.slice(byteOffset, byteOffset + byteLength);
  return { values: new types[dtype](bytes), shape };
}

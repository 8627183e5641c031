/** Value and gradient of one loss, data resident: as in `npm run bench -- losses`, whose engines do it. */
import { writeArray } from "../lib/arrays.mjs";

/**
 * @param {Pick<import("./workload.mjs").Workload, "name" | "title" | "engines" | "once" | "targets"> & { loss: string, repeats: number,
 *   arrays: () => { y: Float32Array | Int32Array, yShape: number[], z: Float32Array, zShape: number[], truth: number } }} given
 * @returns {import("./workload.mjs").Workload}
 */
export function lossValue({ loss, repeats, arrays: draw, ...rest }) {
  return {
    ...rest,
    unit: "ms",
    kind: "loss",
    write(folder) {
      const { y, yShape, z, zShape, truth } = draw();
      const arrays = { y: writeArray(folder, "y", y, yShape), z: writeArray(folder, "z", z, zShape) };
      return { problem: { loss, repeats, arrays }, first: { repeats: 1 }, per: repeats, truth };
    },
    tolerance: 1e-3,
    // The value may be 3 % off, as it is where millions of float32 are added one after another; it is shown how far. The gradient may not.
    apart([value = Number.NaN, ...gradient], [reference = Number.NaN, ...others]) {
      const largest = Math.max(...others.map(Math.abs));
      const gradients = gradient.map((g, i) => Math.abs(g - (others[i] ?? Number.NaN)) / largest);
      return Math.max(...gradients, gradient.length === 64 ? 0 : Number.NaN, Math.abs(value / reference - 1) / 35);
    },
    checked: 1,
    warmMs: 300,
    measureMs: 600,
    least: 3,
    most: 500,
  };
}

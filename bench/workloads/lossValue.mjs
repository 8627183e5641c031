/** Value and gradient of one loss, data resident: as in `npm run bench -- losses`, whose engines do it. */
import { writeArray } from "../lib/arrays.mjs";
import { valueApart } from "./valueApart.mjs";

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
    apart: valueApart(1),
    checked: 1,
    warmMs: 300,
    measureMs: 600,
    least: 3,
    most: 500,
  };
}

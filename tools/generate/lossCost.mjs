/** What a loss costs: its program for value and gradient, compiled to WebAssembly, as it is counted by the compiler. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../lib/repo.mjs";

/** @import { LossCurve } from "../../packages/surprisal/src/index.ts" */
/** @import { Device, ProgramReport } from "../../packages/surprisal/src/compile/device.ts" */

const rows = 256;
const width = 8;

/**
 * @typedef {object} Cost
 * @property {string} of what
 * @property {number} kernels
 * @property {number} operations floating-point operations
 * @property {number} bytes read and written
 */

/**
 * For each entry of a batch of 256 rows of 8 numbers, in float32; of a loss that takes no such rows, for its first example.
 * @param {any} loss
 * @param {LossCurve | undefined} curve whose middle stands in every row
 * @param {{ yTrue: unknown, yPred: unknown, options: object } | undefined} example as `evaluate` takes it
 * @returns {Promise<Cost | undefined>}
 */
export async function costOf(loss, curve, example) {
  const middle = curve?.points[curve.points.length >> 1]?.prediction;
  if (curve !== undefined && middle !== undefined) {
    const prediction = Array(width).fill([middle].flat()[0]);
    const index = Array.isArray(middle) && !Array.isArray(curve.yTrue);
    const target = [curve.yTrue].flat();
    const row = index ? curve.yTrue : Array.from({ length: width }, (_, c) => target[c] ?? target.at(-1));
    const kernels = await kernelsOf(loss, Array(rows).fill(row), Array(rows).fill(prediction), {});
    const of = `${rows} rows of ${width}, for each entry of \`yPred\``;
    return kernels && summed(of, kernels, rows * width);
  }
  const kernels = example && (await kernelsOf(loss, example.yTrue, example.yPred, example.options));
  return kernels && summed("the first example below", kernels, 1);
}

/** @param {string} of @param {ProgramReport["kernels"]} kernels @param {number} entries */
function summed(of, kernels, entries) {
  /** @param {(kernel: typeof kernels[number]) => number} what */
  const sum = (what) => Math.round(kernels.reduce((total, kernel) => total + what(kernel), 0) / entries);
  return {
    of,
    kernels: kernels.length,
    operations: sum(({ flops }) => flops),
    bytes: sum(({ bytesRead, bytesWritten }) => bytesRead + bytesWritten),
  };
}

/**
 * What the compiler makes of value and gradient; undefined for data that the loss does not take.
 * @param {any} loss @param {unknown} yTrue @param {unknown} yPred @param {object} options
 */
async function kernelsOf(loss, yTrue, yPred, options) {
  const { wasmDevice } = await import(pathToFileURL(join(root, "packages/surprisal/dist/internals.js")).href);
  /** @type {Device} */
  const device = wasmDevice();
  /** @type {ProgramReport | undefined} */
  let report;
  const watched = Object.assign(Object.create(device), {
    /** @param {Parameters<Device["load"]>[0]} program */
    async load(program) {
      const loaded = await device.load(program);
      report = loaded.report();
      return loaded;
    },
  });
  try {
    await loss.evaluateOn(watched, yTrue, yPred, { ...options, dtype: "float32", arithmetic: "float32" });
  } catch {
    return undefined;
  }
  return report?.kernels;
}

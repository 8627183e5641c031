/** Who takes part. Adding an engine is a row here and a file in engines/ that follows worker.mjs. */
import { join } from "node:path";
import { run } from "./processes.mjs";

/**
 * @typedef {object} Contender
 * @property {string} id as on the command line
 * @property {string} name as in results and the README
 * @property {string} package whose version is noted
 * @property {boolean} [peer] it needs what `npm ci` brings into this folder
 * @property {(folder: string, python: string) => readonly string[]} command that reads a job and answers
 */

/** @param {string} folder */
const worker = (folder) => [process.execPath, join(folder, "engines/worker.mjs")];

/** The first one is what all others are compared with. @type {readonly Contender[]} */
export const contenders = [
  { id: "surprisal", name: "surprisal, `fit`", package: "surprisal", command: worker },
  { id: "surprisal-batches", name: "surprisal, `trainOnBatch`", package: "surprisal", command: worker },
  { id: "jax-js", name: "jax-js", package: "@jax-js/jax", peer: true, command: worker },
  { id: "tfjs", name: "TensorFlow.js wasm, core", package: "@tensorflow/tfjs-core", peer: true, command: worker },
  {
    id: "tfjs-fit",
    name: "TensorFlow.js wasm, `fit`",
    package: "@tensorflow/tfjs-layers",
    peer: true,
    command: worker,
  },
  {
    id: "numpy",
    name: "NumPy by hand",
    package: "numpy",
    command: (folder, python) => [python, join(folder, "numpy_step.py")],
  },
];

/** Why NumPy cannot take part, or undefined. @param {string} python @returns {Promise<string | undefined>} */
export async function lacksNumpy(python) {
  const { failure } = await run([python, "-c", "import numpy"], { seconds: 60 });
  return failure === undefined ? undefined : `${python} has no numpy (${failure})`;
}

/** Who takes part. Adding an engine is a row here and a folder in engines/ with a file for each kind of work that it can do. */
import { join } from "node:path";
import { run } from "./processes.mjs";

/**
 * @typedef {object} Contender
 * @property {string} id as on the command line, and its folder in engines/
 * @property {string} name as in results and the README
 * @property {string} package whose version is noted
 * @property {boolean} [peer] it needs what `npm ci` brings into this folder
 * @property {string} [module] it runs in Python, where this module is
 * @property {boolean} [javascript] a peer among JavaScript libraries
 * @property {(folder: string, python: string) => readonly string[]} command that reads a job and answers
 */

/** @param {string} folder */
const node = (folder) => [process.execPath, join(folder, "engines/worker.mjs")];
/** @param {string} folder @param {string} python */
const python = (folder, python) => [python, join(folder, "engines/worker.py")];

/** The first one is what all others are compared with. @type {readonly Contender[]} */
export const contenders = [
  { id: "surprisal", name: "surprisal", package: "surprisal", command: node },
  { id: "surprisal-batches", name: "surprisal, `trainOnBatch`", package: "surprisal", command: node },
  { id: "jax-js", name: "jax-js", package: "@jax-js/jax", peer: true, javascript: true, command: node },
  {
    id: "tfjs",
    name: "TensorFlow.js wasm",
    package: "@tensorflow/tfjs-core",
    peer: true,
    javascript: true,
    command: node,
  },
  { id: "deepbox", name: "Deepbox", package: "deepbox", peer: true, javascript: true, command: node },
  { id: "numpy", name: "NumPy by hand", package: "numpy", module: "numpy", command: python },
  { id: "sklearn", name: "scikit-learn", package: "scikit-learn", module: "sklearn", command: python },
  { id: "jax", name: "JAX", package: "jax", module: "jax", command: python },
  { id: "torch", name: "PyTorch", package: "torch", module: "torch", command: python },
];

/** Modules among these that Python does not have, or undefined where there is no such Python. @param {string} program @param {readonly string[]} modules */
export async function lacking(program, modules) {
  const find = "import importlib.util as u,json,sys;print(json.dumps([m for m in sys.argv[1:] if not u.find_spec(m)]))";
  const { answer } = await run([program, "-c", find, ...modules], { job: null, seconds: 60 });
  return /** @type {string[] | undefined} */ (answer);
}

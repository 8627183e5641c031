/** Who takes part in the comparison of losses. Adding an engine is a row here and a file in engines/losses/ that follows worker.mjs. */
import { join } from "node:path";

/** @typedef {import("./engines.mjs").Contender} Contender */

/** @param {string} folder */
const worker = (folder) => [process.execPath, join(folder, "engines/losses/worker.mjs")];

/** The first one is what all others are compared with. @type {readonly Contender[]} */
export const lossContenders = [
  { id: "surprisal", name: "surprisal", package: "surprisal", command: worker },
  { id: "jax-js", name: "jax-js", package: "@jax-js/jax", peer: true, command: worker },
  { id: "tfjs", name: "TensorFlow.js wasm", package: "@tensorflow/tfjs-core", peer: true, command: worker },
  {
    id: "numpy",
    name: "NumPy by hand",
    package: "numpy",
    module: "numpy",
    command: (folder, python) => [python, join(folder, "numpy_losses.py")],
  },
];

/** Who takes part in the comparison of matrix products. */
import { join } from "node:path";

/** @typedef {import("./engines.mjs").Contender} Contender */

/** The first one is what all others are compared with. @type {readonly Contender[]} */
export const productContenders = [
  {
    id: "surprisal",
    name: "surprisal",
    package: "surprisal",
    command: (folder) => [process.execPath, join(folder, "engines/products/surprisal.mjs"), "fused"],
  },
  {
    id: "surprisal-two-roundings",
    name: "surprisal, no FMA",
    package: "surprisal",
    command: (folder) => [process.execPath, join(folder, "engines/products/surprisal.mjs")],
  },
  {
    id: "numpy",
    name: "NumPy",
    package: "numpy",
    command: (folder, python) => [python, join(folder, "numpy_products.py")],
  },
];

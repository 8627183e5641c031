/** The same as whole processes: data from files, ten epochs, the test rows; from the start of the process to its end. */
import { join } from "node:path";
import { writeWalkthrough } from "./walkthrough.mjs";

/** @param {string} engine */
const node = (engine) => (/** @type {string} */ bench) => [
  process.execPath,
  join(bench, `engines/${engine}/script.mjs`),
];

/** @type {import("./workload.mjs").Workload} */
export const walkthroughScript = {
  name: "walkthrough-script",
  title: "the same, whole script as a process",
  unit: "ms",
  kind: "script",
  engines: ["surprisal", "jax-js", "deepbox", "numpy"],
  write: (folder) => ({ problem: writeWalkthrough(folder), per: 1 }),
  programs: {
    surprisal: node("surprisal"),
    "examples/binary.mjs": (bench) => [process.execPath, join(bench, "../examples/binary.mjs")],
    "jax-js": node("jax-js"),
    deepbox: node("deepbox"),
    numpy: (bench, python) => [python, join(bench, "engines/numpy/script.py")],
    "node alone": () => [process.execPath, "-e", "0"],
    "python alone": (_, python) => [python, "-c", "0"],
  },
  tolerance: 1e-3,
  checked: 1,
  warmMs: 0,
  measureMs: 0,
  least: 3,
  most: 3,
  targets: [{ of: "time", beside: "numpy", must: 1.4, aim: 0.95 }],
};

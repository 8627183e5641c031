/** The walk-through's model made, compiled and fitted whole, again and again in one process. */
import { writeWalkthrough } from "./walkthrough.mjs";

/** @type {import("./workload.mjs").Workload} */
export const walkthroughFit = {
  name: "walkthrough-fit",
  title: "1000 × 20 walk-through: a whole `fit`, warm",
  unit: "ms",
  kind: "fit",
  engines: ["surprisal", "jax-js", "deepbox", "numpy", "jax", "torch"],
  write: (folder) => ({ problem: writeWalkthrough(folder), per: 1 }),
  tolerance: 1e-3,
  checked: 2,
  warmMs: 700,
  measureMs: 800,
  least: 5,
  most: 1000,
  targets: [
    { of: "time", beside: "numpy", must: 0.26 },
    { of: "time", beside: "jax-js", must: 0.07 },
    { of: "time", beside: "jax", aim: 1 },
  ],
};

import { networkStep } from "./networkStep.mjs";

export const stepSmall = networkStep({
  name: "step-small",
  layers: [20, 64, 64, 3],
  batch: 32,
  steps: 256,
  engines: ["surprisal", "surprisal-batches", "jax-js", "tfjs", "deepbox", "numpy", "jax", "torch"],
  targets: [
    { of: "time", beside: "numpy", must: 0.57, aim: 0.4 },
    { of: "time", beside: "jax-js", must: 0.1 },
  ],
});

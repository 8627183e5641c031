import { networkStep } from "./networkStep.mjs";

export const stepMedium = networkStep({
  name: "step-medium",
  layers: [784, 512, 512, 10],
  batch: 128,
  steps: 8,
  engines: ["surprisal", "surprisal-batches", "jax-js", "tfjs", "deepbox", "numpy", "jax", "torch"],
  once: ["deepbox"],
  targets: [
    { of: "time", beside: "jax-js", must: 0.52, aim: 0.43 },
    { of: "time", beside: "numpy", must: 1.85 },
  ],
});

import { networkStep } from "./networkStep.mjs";

/** TensorFlow.js needs more than four seconds a step here. */
export const stepWide = networkStep({
  name: "step-wide",
  layers: [784, 2048, 2048, 10],
  batch: 256,
  steps: 2,
  engines: ["surprisal", "jax-js", "numpy", "jax", "torch"],
  targets: [{ of: "time", beside: "jax-js", must: 0.5 }],
});

/** Optimizers: `optimizers.adam({ learningRate: 0.001 })`. */
export * from "./train/optimizers/index.ts";

/** What is done unless something else is asked for: the habits of a careful practitioner. */
import type { Task } from "./task.ts";

export const defaults = {
  /** Share of the rows that is never trained on, and measured once at the end. */
  testSplit: 0.2,
  /** Share of the other rows that decides when to stop. */
  validationSplit: 0.2,
  epochs: 200,
  batchSize: 32,
  optimizer: "adam",
  learningRate: 0.005,
  /** Epochs without a better validation loss before training ends; the best weights are kept. */
  patience: 10,
  /** A fall of the loss smaller than this is none: chasing it only makes a model too sure of itself. */
  minDelta: 0.001,
  /** Units of the hidden layers. */
  model: [32, 16],
  seed: 0,
  dtype: "float32",
} as const;

/** For each task: what is watched in training besides the loss. */
export const taskDefaults: Readonly<Record<Task, { metrics: readonly string[] }>> = {
  binary: { metrics: ["accuracy"] },
  multiclass: { metrics: ["accuracy"] },
  regression: { metrics: [] },
};

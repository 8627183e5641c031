import type { Variants } from "./variants.ts";

/** Every way of grouping and of making probabilities. */
const overlaps = [
  { fromLogits: true, per: "sample", smooth: 1 },
  { fromLogits: true, activation: "sigmoid", per: "batchClass" },
  { per: "batch", smooth: 0.5 },
] as const;

export const segmentation: Variants = {
  dice: overlaps,
  squaredDice: overlaps,
  jaccard: overlaps,
  tversky: [...overlaps, { alpha: 0.25, beta: 1.5 }],
  focalTversky: [...overlaps, { alpha: 0.25, beta: 1.5, gamma: 2 }],
  logCoshDice: overlaps,
  generalizedDice: [{ fromLogits: true }, { fromLogits: true, activation: "sigmoid" }],
  diceCrossentropy: [{ diceWeight: 0.5, crossentropyWeight: 2, smooth: 1 }],
  lovaszSoftmax: [{ fromLogits: true, classes: "all" }],
};

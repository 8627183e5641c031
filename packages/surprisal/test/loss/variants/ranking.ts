import type { Variants } from "./variants.ts";

export const ranking: Variants = {
  approxNdcg: [{ temperature: 0.25 }, { temperature: 4 }],
  arcFace: [{ scale: 16 }, { margin: 0, scale: 8 }, { margin: 1, scale: 4 }],
  cosFace: [{ scale: 16 }, { margin: 0, scale: 8 }],
  listNet: [{ softmaxLabels: true }],
  normalizedSoftmax: [{ temperature: 0.5 }],
  rankNet: [{ sigma: 0.25 }, { sigma: 3 }],
};

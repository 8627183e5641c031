import type { Variants } from "./variants.ts";

export const embedding: Variants = {
  barlowTwins: [{ lambda: 0.25 }],
  circle: [
    { stopWeightGradient: false, gamma: 4, margin: 0.25 },
    { normalize: false, gamma: 0.5, stopWeightGradient: false },
  ],
  clip: [{ scale: 5 }],
  contrastive: [{ margin: 4 }],
  cosineEmbedding: [{ margin: 0.25 }],
  infoNce: [{ temperature: 0.1 }, { normalize: false, temperature: 2 }],
  multiSimilarity: [{ alpha: 1, beta: 4, base: 0.25 }],
  ntXent: [{ temperature: 0.1 }],
  proxyAnchor: [{ alpha: 4, margin: 0.5 }],
  sigLip: [{ scale: 2, bias: -1 }],
  supervisedContrastive: [{ temperature: 0.5 }],
  triplet: [{ margin: 4, p: 1 }, { swap: true, p: 3 }, { squared: true }, { eps: 0.001, margin: 0.5 }],
  vicReg: [{ invariance: 1, variance: 2, covariance: 3, gamma: 2, eps: 0.125 }],
};

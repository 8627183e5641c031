import type { Variants } from "./variants.ts";

const fromLogits = [{ fromLogits: true }];

export const divergence: Variants = {
  klDivergence: [{ fromLogits: true }, { fromLogProbabilities: true }, { logTarget: true }],
  alphaDivergence: [
    { fromLogits: true },
    { alpha: 2 },
    { fromLogits: true, alpha: 2 },
    { alpha: -1 },
    { fromLogits: true, alpha: 0.25 },
    { alpha: 0 },
    { alpha: 1 },
  ],
  bhattacharyya: fromLogits,
  chiSquaredDivergence: fromLogits,
  emdSquared: fromLogits,
  generalizedKlDivergence: fromLogits,
  hellinger: fromLogits,
  hellingerSquared: fromLogits,
  jensenShannon: [{ fromLogits: true }, { beta: 0.25 }, { fromLogits: true, beta: 1 }],
  klEstimator: [{ estimator: "k1" }, { estimator: "k2" }],
  renyiDivergence: [
    { fromLogits: true },
    { alpha: 2 },
    { fromLogits: true, alpha: 2 },
    { alpha: 0.25 },
    { alpha: 1 },
    { fromLogits: true, alpha: 1.125 },
    { alpha: "Infinity" },
  ],
  reverseKlDivergence: fromLogits,
  totalVariation: fromLogits,
  wasserstein1: fromLogits,
};

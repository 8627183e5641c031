import type { Variants } from "./variants.ts";

export const survival: Variants = {
  gammaNll: [{ shape: 0.5 }, { shape: 3 }, { shape: 40.5 }],
  negativeBinomialNll: [{ dispersion: 2 }, { dispersion: 0.0625 }, { dispersion: 1 }],
  poissonNll: [{ full: true }],
  aft: [
    { distribution: "logistic" },
    { distribution: "extreme" },
    { sigma: 0.5 },
    { distribution: "logistic", sigma: 2 },
  ],
  coxPartialLikelihood: [{ ties: "efron" }],
  cumulativeLink: [{ link: "probit" }, { link: "cloglog" }],
  zeroInflatedNegativeBinomialNll: [{ dispersion: 2 }, { dispersion: 0.0625 }],
};

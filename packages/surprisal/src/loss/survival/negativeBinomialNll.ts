import { defineLoss } from "../define.ts";
import { positive } from "../params.ts";
import { counts, negativeBinomialCost } from "./counts.ts";

/**
 * Negative log-likelihood of a count whose mean is e^z, z = yPred, and whose variance is mean + dispersion · mean²; averaged over the
 * last axis. Includes what no prediction changes, so that dispersions can be compared. As the dispersion goes to 0 it becomes poissonNll.
 */
export const negativeBinomialNll = defineLoss({
  name: "negativeBinomialNll",
  aliases: ["negativeBinomial", "negativeBinomialLoss", "nbLoss", "nbNll"],
  task: "count",
  summary: "For counts that scatter more than a Poisson rate would have it.",
  formula: String.raw`\ell = \log \frac{\Gamma(r)\, y!}{\Gamma(y + r)} + (y + r) \log(1 + \alpha e^z) - y (z + \log \alpha), \quad r = 1/\alpha`,
  references: [
    { title: "Hilbe, Negative Binomial Regression (2011)" },
    {
      title: "Loader, Fast and Accurate Computation of Binomial Probabilities (2000), for the form without large terms",
    },
  ],
  yTrue: counts,
  params: {
    dispersion: positive(0.5, "how much faster than the mean the variance grows: by dispersion times the mean squared"),
  },
  value: (yTrue, yPred, { dispersion }) => negativeBinomialCost(yTrue, yPred, dispersion),
  textbook(y: number, z: number, { dispersion }) {
    const r = 1 / dispersion;
    const share = Math.exp(z) / (r + Math.exp(z));
    let probability = (1 - share) ** r;
    for (let k = 0; k < y; k++) probability *= (share * (r + k)) / (k + 1);
    return -Math.log(probability);
  },
  examples: [
    { yTrue: 0, yPred: 0, params: { dispersion: 1 }, loss: Math.LN2 },
    { yTrue: 1, yPred: 0, params: { dispersion: 1 }, loss: 2 * Math.LN2 },
  ],
  traits: { smooth: true, convex: true, nonNegative: true },
});

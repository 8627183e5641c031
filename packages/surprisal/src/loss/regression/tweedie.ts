import { add, div, exp, mul, neg, sub, weighted } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { nonNegative } from "../domain.ts";
import type { Param } from "../params.ts";
import { timesExp } from "../special.ts";

const power: Param<number> = {
  kind: "number",
  default: 1.5,
  range: "a number from 1 to 2",
  doc: "how the variance grows with the mean: 1 Poisson, 2 gamma, between them amounts that are often exactly 0",
  accepts: (value) => typeof value === "number" && value >= 1 && value <= 2,
};

/** Negative log-likelihood of a Tweedie distribution without the terms of yTrue alone; yPred is the logarithm z of the mean. */
export const tweedie = defineLoss({
  name: "tweedie",
  aliases: ["tweedieLoss", "tweedieNll"],
  task: "regression",
  summary:
    "For amounts from 0 up that are often exactly 0, such as claims; the prediction is the logarithm of the mean.",
  formula: String.raw`\ell = \frac{e^{(2 - \rho) z}}{2 - \rho} - \frac{y\, e^{(1 - \rho) z}}{1 - \rho}, \quad \rho = 1: e^z - y z, \quad \rho = 2: z + y e^{-z}`,
  references: [{ title: "Jørgensen, Exponential Dispersion Models (1987)" }],
  yTrue: nonNegative,
  harmless: 0,
  params: { power },
  value(yTrue, yPred, { power: rho }) {
    if (rho === 1) return sub(exp(yPred), weighted(yTrue, yPred));
    if (rho === 2) return add(yPred, timesExp(yTrue, neg(yPred)));
    const mean = div(exp(mul(2 - rho, yPred)), 2 - rho);
    return add(mean, div(timesExp(yTrue, mul(1 - rho, yPred)), rho - 1));
  },
  textbook(y: number, z: number, { power: rho }) {
    if (rho === 1) return Math.exp(z) - y * z;
    if (rho === 2) return z + y * Math.exp(-z);
    return Math.exp((2 - rho) * z) / (2 - rho) - (y * Math.exp((1 - rho) * z)) / (1 - rho);
  },
  compat: [
    {
      framework: "scikit-learn",
      name: 'sklearn.ensemble.HistGradientBoostingRegressor(loss="gamma")',
      options: { power: 2 },
    },
  ],
  examples: [
    { yTrue: 3, yPred: 0, loss: 8 },
    { yTrue: 3, yPred: 0, params: { power: 1 }, loss: 1 },
    { yTrue: 3, yPred: 0, params: { power: 2 }, loss: 3 },
  ],
  traits: { smooth: true, convex: true },
});

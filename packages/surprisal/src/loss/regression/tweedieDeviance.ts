import {
  add,
  constant,
  div,
  equal,
  expm1,
  lessEqual,
  log,
  log1p,
  mul,
  type Node,
  pow,
  square,
  sub,
  where,
} from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { logits, nonNegative, rates, real } from "../domain.ts";
import type { Param } from "../params.ts";
import { magnitude } from "../special.ts";

const power: Param<number> = {
  kind: "number",
  default: 1.5,
  range: "a number from 0 to 3",
  doc: "how the variance grows with the mean: 0 normal, 1 Poisson, 2 gamma, 3 inverse Gaussian",
  accepts: (value) => typeof value === "number" && value >= 0 && value <= 3,
};

/**
 * Twice the log-likelihood that a mean yPred falls short of a perfect one, for a Tweedie distribution; averaged over the last axis.
 * With r = log(yPred/yTrue) it is 2 y^(2−ρ) [g(2 − ρ) − g(1 − ρ)], g(a) = (e^(a r) − 1)/a, which near r = 0 is summed as one series.
 */
export const tweedieDeviance = defineLoss({
  name: "tweedieDeviance",
  aliases: ["meanTweedieDeviance", "tweedieUnitDeviance"],
  task: "regression",
  summary: "For amounts from 0 up whose spread grows with their size; 0 at a perfect prediction, which is a mean.",
  formula: String.raw`\ell = 2 \left( \frac{y^{2 - \rho}}{(1 - \rho)(2 - \rho)} - \frac{y\, \mu^{1 - \rho}}{1 - \rho} + \frac{\mu^{2 - \rho}}{2 - \rho} \right)`,
  references: [{ title: "Jørgensen, Exponential Dispersion Models (1987)" }],
  yTrue: ({ power: rho }) => (rho === 0 ? real : nonNegative),
  yPred: ({ power: rho }) => (rho === 0 ? logits : rates),
  params: { power },
  value(yTrue, yPred, { power: rho }) {
    if (rho === 0) return square(sub(yPred, yTrue));
    const none = equal(yTrue, 0);
    const y = where(none, 1, yTrue);
    const mu = where(none, 1, yPred);
    const near = lessEqual(magnitude(sub(mu, y)), mul(0.5, y));
    const ratio = add(log1p(div(where(near, sub(mu, y), 0), y)), log(where(near, 1, div(mu, y))));
    const [a, b] = [2 - rho, 1 - rho];
    const small = where(near, ratio, 0);
    const large = where(near, 1, ratio);
    const apart = sub(grown(large, a), grown(large, b));
    const scale = rho === 2 ? constant(1, y.dtype, y.shape) : rho === 1 ? y : pow(y, constant(a, y.dtype, y.shape));
    const deviance = mul(2, mul(scale, where(near, series(small, a, b), apart)));
    if (rho >= 2) return where(none, Number.POSITIVE_INFINITY, deviance);
    const alone = where(none, yPred, 1);
    const atNone = mul(2 / a, rho === 1 ? alone : pow(alone, constant(a, y.dtype, y.shape)));
    return where(none, atNone, deviance);
  },
  textbook(y: number, mu: number, { power: rho }) {
    if (rho === 0) return (y - mu) ** 2;
    if (rho === 1) return 2 * ((y === 0 ? 0 : y * Math.log(y / mu)) - y + mu);
    if (rho === 2) return 2 * (Math.log(mu / y) + y / mu - 1);
    const [a, b] = [2 - rho, 1 - rho];
    return 2 * (y ** a / (a * b) - (y * mu ** b) / b + mu ** a / a);
  },
  compat: [
    {
      framework: "scikit-learn",
      name: "sklearn.metrics.mean_tweedie_deviance",
      arguments: { power: "power" },
      options: { power: 0 },
    },
    { framework: "scikit-learn", name: "sklearn.metrics.mean_poisson_deviance", options: { power: 1 } },
    { framework: "scikit-learn", name: "sklearn.metrics.mean_gamma_deviance", options: { power: 2 } },
  ],
  examples: [
    { yTrue: 4, yPred: 4, loss: 0 },
    { yTrue: 4, yPred: 1, loss: 4 },
    { yTrue: 0, yPred: 3, params: { power: 1 }, loss: 6 },
    { yTrue: 1, yPred: 3, params: { power: 0 }, loss: 4 },
  ],
  traits: { smooth: true, nonNegative: true, zeroAtTarget: true },
});

/** (e^(a r) − 1)/a, and its limit r for a = 0. */
const grown = (r: Node, a: number): Node => (a === 0 ? r : div(expm1(mul(a, r)), a));

/** grown(r, a) − grown(r, b) = Σ (a^(k−1) − b^(k−1)) r^k / k! over k ≥ 2, for |r| < 0.7. */
function series(r: Node, a: number, b: number): Node {
  const terms = r.dtype === "float32" ? 12 : 20;
  let sum = constant(0, r.dtype, r.shape) as Node;
  for (let k = terms; k >= 2; k--) {
    let factorial = 1;
    for (let i = 2; i <= k; i++) factorial *= i;
    sum = add(mul(sum, r), (a ** (k - 1) - b ** (k - 1)) / factorial);
  }
  return mul(square(r), sum);
}

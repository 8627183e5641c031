import { div, lessEqual, log, mul, sub, where } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { amounts, rates } from "../domain.ts";
import { excessOverLog1p, magnitude } from "../special.ts";

/** 2 (log(yPred / yTrue) + yTrue / yPred − 1), averaged over the last axis: `tweedieDeviance` of power 2. */
export const gammaDeviance = defineLoss({
  name: "gammaDeviance",
  aliases: ["meanGammaDeviance", "gammaUnitDeviance"],
  task: "regression",
  summary: "For positive amounts whose spread grows with their size; only the ratio to the target counts.",
  formula: String.raw`\ell = 2 \left( \log \frac{\mu}{y} + \frac{y}{\mu} - 1 \right)`,
  references: [{ title: "McCullagh, Nelder, Generalized Linear Models (1989)" }],
  yTrue: amounts,
  yPred: rates,
  harmless: 1,
  value(yTrue, yPred) {
    // With d = y/μ − 1 it is d − log(1 + d), which near 0 is summed as a series.
    const d = div(sub(yTrue, yPred), yPred);
    const near = lessEqual(magnitude(d), 0.5);
    const far = sub(where(near, 0, d), log(where(near, 1, div(yTrue, yPred))));
    return mul(2, where(near, excessOverLog1p(where(near, d, 0)), far));
  },
  textbook: (y: number, mu: number) => 2 * (Math.log(mu / y) + y / mu - 1),
  examples: [
    { yTrue: 4, yPred: 4, loss: 0 },
    { yTrue: 1, yPred: 2, loss: 2 * Math.LN2 - 1 },
  ],
  traits: { smooth: true, nonNegative: true, zeroAtTarget: true },
});

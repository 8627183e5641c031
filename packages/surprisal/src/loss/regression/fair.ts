import { add, div, less, log1p, mul, sub, where } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { real } from "../domain.ts";
import { positive } from "../params.ts";
import { excessOverLog1p, magnitude } from "../special.ts";

/** c² (|e|/c − log(1 + |e|/c)), e = yPred − yTrue, averaged over the last axis. */
export const fair = defineLoss({
  name: "fair",
  aliases: ["fairLoss"],
  task: "regression",
  summary: "Half the square for small residuals, and nearly a line, c each, for large ones.",
  formula: String.raw`\ell = c^2 \Bigl(\tfrac{|e|}{c} - \log \bigl(1 + \tfrac{|e|}{c}\bigr)\Bigr), \quad e = \hat y - y`,
  references: [{ title: "Fair, On the Robust Estimation of Econometric Models (1974)" }],
  yTrue: real,
  harmless: 0,
  params: { c: positive(1, "the scale of an ordinary residual") },
  value(yTrue, yPred, { c }) {
    const units = div(magnitude(sub(yPred, yTrue)), c);
    const isNear = less(units, 1);
    const far = where(isNear, 0, units);
    return mul(c * c, add(excessOverLog1p(where(isNear, units, 0)), sub(far, log1p(far))));
  },
  textbook: (y: number, p: number, { c }) => c * Math.abs(p - y) - c ** 2 * Math.log(1 + Math.abs(p - y) / c),
  examples: [
    { yTrue: 1, yPred: 1, loss: 0 },
    { yTrue: 1, yPred: 3, loss: 2 - Math.log(3) },
  ],
  traits: { smooth: true, convex: true, nonNegative: true, zeroAtTarget: true, symmetric: true, lipschitz: 1 },
});

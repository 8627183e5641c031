import { add, div, less, mul, square, sub, where } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { real } from "../domain.ts";
import { positive } from "../params.ts";

/** 2u/(u + 4), u = ((yPred − yTrue)/c)², averaged over the last axis; at most 2. Not convex. */
export const gemanMcClure = defineLoss({
  name: "gemanMcClure",
  aliases: ["gemanMcClureLoss"],
  task: "regression",
  summary: "Bounded: a residual far beyond the scale costs 2 and pulls no more.",
  formula: String.raw`\ell = \frac{2 u}{u + 4}, \quad u = \Bigl(\frac{\hat y - y}{c}\Bigr)^2`,
  references: [{ title: "Geman, McClure, Bayesian image analysis (1985)" }],
  yTrue: real,
  harmless: 0,
  params: { c: positive(1, "the scale of an ordinary residual") },
  value(yTrue, yPred, { c }) {
    const u = square(div(sub(yPred, yTrue), c));
    const isNear = less(u, 2);
    const near = where(isNear, u, 0);
    // Far out 2 − 8/(u + 4), the slope of which has no terms that cancel.
    const far = sub(2, div(8, add(4, where(isNear, 4, u))));
    return where(isNear, div(mul(2, near), add(near, 4)), far);
  },
  textbook(y: number, p: number, { c }) {
    const u = ((p - y) / c) ** 2;
    return (2 * u) / (u + 4);
  },
  examples: [
    { yTrue: 1, yPred: 1, loss: 0 },
    { yTrue: 0, yPred: 4, params: { c: 2 }, loss: 1 },
  ],
  traits: { smooth: true, nonNegative: true, zeroAtTarget: true, symmetric: true },
});

import { div, expm1, mul, neg, square, sub } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { real } from "../domain.ts";
import { positive } from "../params.ts";

/** 1 − e^(−((yPred − yTrue)/c)²/2), averaged over the last axis; at most 1. Not convex. */
export const welsch = defineLoss({
  name: "welsch",
  aliases: ["welschLoss", "leclerc", "correntropy"],
  task: "regression",
  summary: "Bounded, and blind to outliers: beyond a few scales a residual costs 1 and pulls nothing.",
  formula: String.raw`\ell = 1 - e^{-\frac12 \left(\frac{\hat y - y}{c}\right)^2}`,
  references: [{ title: "Dennis, Welsch, Techniques for nonlinear least squares and robust regression (1978)" }],
  yTrue: real,
  harmless: 0,
  params: { c: positive(1, "the scale of an ordinary residual") },
  value: (yTrue, yPred, { c }) => neg(expm1(mul(-0.5, square(div(sub(yPred, yTrue), c))))),
  textbook: (y: number, p: number, { c }) => 1 - Math.exp(-(((p - y) / c) ** 2) / 2),
  examples: [
    { yTrue: 1, yPred: 1, loss: 0 },
    { yTrue: 1, yPred: 1e9, loss: 1 },
  ],
  traits: { smooth: true, nonNegative: true, zeroAtTarget: true, symmetric: true },
});

import { mul, square, sub } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { real } from "../domain.ts";
import { unit } from "../params.ts";
import { bySide } from "./weigh.ts";

/** |tau − [d < 0]| d², d = yTrue − yPred, averaged over the last axis. */
export const expectile = defineLoss({
  name: "expectile",
  aliases: ["expectileLoss", "asymmetricSquaredError"],
  task: "regression",
  summary: "Estimates the expectile tau: like squared error, with a price of its own for being too low and too high.",
  formula: String.raw`\ell = \bigl|\tau - [d < 0]\bigr| \, d^2, \quad d = y - \hat y`,
  references: [
    {
      title: "Newey, Powell, Asymmetric Least Squares Estimation and Testing (1987)",
      url: "https://doi.org/10.2307/1911031",
    },
  ],
  yTrue: real,
  harmless: 0,
  params: { tau: unit(0.5, "the weight of predictions that are too low; those too high weigh 1 - tau") },
  value(yTrue, yPred, { tau }) {
    const residual = sub(yPred, yTrue);
    return mul(bySide(residual, tau, 1 - tau), square(residual));
  },
  textbook: (y: number, p: number, { tau }) => Math.abs(tau - (y < p ? 1 : 0)) * (y - p) ** 2,
  examples: [
    { yTrue: 3, yPred: 1, params: { tau: 0.75 }, loss: 3 },
    { yTrue: 1, yPred: 3, params: { tau: 0.75 }, loss: 1 },
  ],
  traits: { smooth: true, convex: true, nonNegative: true, zeroAtTarget: true, symmetric: true },
});

import { div, mul, sub } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { real } from "../domain.ts";
import { positive, unit } from "../params.ts";
import { bySide, huberOf } from "./weigh.ts";

/** |tau − [d < 0]| huber(d)/kappa, d = yTrue − yPred, averaged over the last axis. */
export const quantileHuber = defineLoss({
  name: "quantileHuber",
  aliases: ["quantileHuberLoss", "huberQuantile"],
  task: "regression",
  summary: "The quantile loss with its corner replaced by a parabola, as in distributional reinforcement learning.",
  formula: String.raw`\ell = \bigl|\tau - [d < 0]\bigr| \, \frac{H_\kappa(d)}{\kappa}, \quad d = y - \hat y`,
  references: [
    {
      title: "Dabney et al., Distributional Reinforcement Learning with Quantile Regression (2018)",
      url: "https://arxiv.org/abs/1710.10044",
    },
  ],
  yTrue: real,
  harmless: 0,
  params: {
    tau: unit(0.5, "the share of targets that should lie below the prediction"),
    kappa: positive(1, "the residual at which the parabola becomes a line"),
  },
  value(yTrue, yPred, { tau, kappa }) {
    const residual = sub(yPred, yTrue);
    return mul(bySide(residual, tau, 1 - tau), div(huberOf(residual, kappa), kappa));
  },
  textbook(y: number, p: number, { tau, kappa }) {
    const e = Math.abs(y - p);
    const huber = e <= kappa ? (e * e) / 2 : kappa * (e - kappa / 2);
    return (Math.abs(tau - (y < p ? 1 : 0)) * huber) / kappa;
  },
  examples: [
    { yTrue: 3, yPred: 1, params: { tau: 0.75 }, loss: 1.125 },
    { yTrue: 1, yPred: 1.5, params: { tau: 0.75, kappa: 0.5 }, loss: 0.0625 },
  ],
  traits: { convex: true, nonNegative: true, zeroAtTarget: true, symmetric: true, lipschitz: 0.5 },
});

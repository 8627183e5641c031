import { div, sub } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { real } from "../domain.ts";
import { nonNegative } from "../params.ts";
import { magnitude } from "../special.ts";
import { huberOf } from "./weigh.ts";

/** e²/(2 beta) where |e| ≤ beta, else |e| − beta/2; e = yPred − yTrue, averaged over the last axis. The Huber loss over beta. */
export const smoothL1 = defineLoss({
  name: "smoothL1",
  aliases: ["smoothL1Loss"],
  task: "regression",
  summary: "The size of a residual, with its corner at 0 rounded by a parabola.",
  formula: String.raw`\ell = \begin{cases} e^2 / 2\beta & |e| \le \beta \\ |e| - \tfrac12 \beta & |e| > \beta \end{cases}, \quad e = \hat y - y`,
  references: [{ title: "Girshick, Fast R-CNN (2015)", url: "https://arxiv.org/abs/1504.08083" }],
  yTrue: real,
  harmless: 0,
  params: { beta: nonNegative(1, "the residual at which the parabola becomes a line; 0 for no parabola") },
  value(yTrue, yPred, { beta }) {
    const residual = sub(yPred, yTrue);
    return beta === 0 ? magnitude(residual) : div(huberOf(residual, beta), beta);
  },
  textbook(y: number, p: number, { beta }) {
    const e = Math.abs(p - y);
    return e <= beta && beta > 0 ? (e * e) / (2 * beta) : e - beta / 2;
  },
  compat: [{ framework: "pytorch", name: "torch.nn.SmoothL1Loss", arguments: { beta: "beta" } }],
  examples: [
    { yTrue: 2, yPred: 4, loss: 1.5 },
    { yTrue: 2, yPred: 2.5, params: { beta: 0.5 }, loss: 0.25 },
    { yTrue: 2, yPred: -1, params: { beta: 0 }, loss: 3 },
  ],
  traits: { convex: true, nonNegative: true, zeroAtTarget: true, symmetric: true, lipschitz: 1 },
});

import { sub } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { real } from "../domain.ts";
import { positive } from "../params.ts";
import { huberOf } from "./weigh.ts";

/** e²/2 where |e| ≤ delta, else delta (|e| − delta/2); e = yPred − yTrue, averaged over the last axis. */
export const huber = defineLoss({
  name: "huber",
  aliases: ["huberLoss"],
  task: "regression",
  summary: "Quadratic for small residuals, linear for large ones.",
  formula: String.raw`\ell = \begin{cases} \tfrac12 e^2 & |e| \le \delta \\ \delta (|e| - \tfrac12 \delta) & |e| > \delta \end{cases}, \quad e = \hat y - y`,
  references: [
    {
      title: "Huber, Robust Estimation of a Location Parameter (1964)",
      url: "https://doi.org/10.1214/aoms/1177703732",
    },
  ],
  yTrue: real,
  harmless: 0,
  params: { delta: positive(1, "the residual at which the parabola becomes a line") },
  value: (yTrue, yPred, { delta }) => huberOf(sub(yPred, yTrue), delta),
  textbook: (y: number, p: number, { delta }) =>
    Math.abs(y - p) <= delta ? (y - p) ** 2 / 2 : delta * (Math.abs(y - p) - delta / 2),
  compat: [
    { framework: "keras", name: "keras.losses.Huber", arguments: { delta: "delta" } },
    { framework: "pytorch", name: "torch.nn.HuberLoss", arguments: { delta: "delta" } },
    { framework: "optax", name: "optax.losses.huber_loss", arguments: { delta: "delta" } },
    {
      framework: "scikit-learn",
      name: 'sklearn.linear_model.SGDRegressor(loss="huber")',
      arguments: { epsilon: "delta" },
      differs: "epsilon is 0.1 there unless it is given.",
    },
  ],
  examples: [
    { yTrue: 2, yPred: 4, loss: 1.5 },
    { yTrue: 2, yPred: 2.5, loss: 0.125 },
    { yTrue: 0, yPred: -6, params: { delta: 4 }, loss: 16 },
  ],
  traits: { convex: true, nonNegative: true, zeroAtTarget: true, symmetric: true, lipschitz: 1 },
});

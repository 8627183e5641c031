import { square, sub } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { real } from "../domain.ts";

/** Mean of squared residuals over the last axis. */
export const meanSquaredError = defineLoss({
  name: "meanSquaredError",
  aliases: ["mse", "squaredError", "l2Loss", "mseLoss"],
  task: "regression",
  summary: "The square of each residual: estimates the mean, and large errors weigh most.",
  formula: String.raw`\ell = (\hat y - y)^2`,
  references: [{ title: "Gauss, Theoria motus corporum coelestium (1809)" }],
  yTrue: real,
  harmless: 0,
  value: (yTrue, yPred) => square(sub(yPred, yTrue)),
  textbook: (y: number, p: number) => (y - p) ** 2,
  compat: [
    { framework: "keras", name: "keras.losses.MeanSquaredError" },
    { framework: "pytorch", name: "torch.nn.MSELoss" },
    { framework: "optax", name: "optax.losses.squared_error" },
    { framework: "scikit-learn", name: "sklearn.metrics.mean_squared_error" },
  ],
  examples: [
    { yTrue: 2, yPred: 5, loss: 9 },
    { yTrue: 1, yPred: 1, loss: 0 },
  ],
  traits: { smooth: true, convex: true, nonNegative: true, zeroAtTarget: true, symmetric: true },
});

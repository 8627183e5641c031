import { sub } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { real } from "../domain.ts";
import { logCosh as logOfCosh } from "../special.ts";

/** log cosh(yPred − yTrue), averaged over the last axis. */
export const logCosh = defineLoss({
  name: "logCosh",
  aliases: ["logcoshLoss", "logCoshError"],
  task: "regression",
  summary: "Like half the square for small residuals and the size less log 2 for large ones, smooth throughout.",
  formula: String.raw`\ell = \log \cosh (\hat y - y)`,
  yTrue: real,
  harmless: 0,
  value: (yTrue, yPred) => logOfCosh(sub(yPred, yTrue)),
  textbook: (y: number, p: number) => Math.log(Math.cosh(p - y)),
  compat: [
    { framework: "keras", name: "keras.losses.LogCosh" },
    { framework: "optax", name: "optax.losses.log_cosh" },
  ],
  examples: [{ yTrue: 1, yPred: 1, loss: 0 }],
  traits: { smooth: true, convex: true, nonNegative: true, zeroAtTarget: true, symmetric: true, lipschitz: 1 },
});

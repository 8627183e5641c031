import { max, sub, sum, where } from "../../graph/index.ts";
import { isKnownLabel, isLabel } from "../classes.ts";
import { defineLoss } from "../define.ts";
import { classIndex } from "../domain.ts";

/** The largest score less the right one, one number a row; of equal largest scores the first takes the gradient. */
export const multiclassPerceptron = defineLoss({
  name: "multiclassPerceptron",
  aliases: ["structuredPerceptron"],
  task: "multiclass",
  summary: "How far the right score is behind the best one: nothing as soon as it is the best.",
  formula: String.raw`\ell = \max_j f_j - f_y`,
  axis: "class",
  yTrue: classIndex,
  harmless: 0,
  value(yTrue, yPred) {
    const lag = sub(max(yPred), sum(where(isLabel(yTrue, yPred), yPred, 0), [-1]));
    return where(isKnownLabel(yTrue, yPred), lag, Number.NaN);
  },
  textbook: ([y]: readonly [number], f: readonly number[]) => Math.max(...f) - (f[y] as number),
  compat: [{ framework: "optax", name: "optax.losses.multiclass_perceptron_loss" }],
  examples: [
    { yTrue: 1, yPred: [0.5, 2], loss: 0 },
    { yTrue: 0, yPred: [0.5, 2], loss: 1.5 },
  ],
  traits: { convex: true, nonNegative: true },
});

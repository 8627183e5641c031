/**
 * Means of what outcomes cost predicted probabilities. Probabilities are cut to [1e-7, 1 − 1e-7] as in Keras; the losses of
 * these names are not, and are what to look at for exact values.
 */
import { flag, number } from "../../base/parameters.ts";
import {
  add,
  div,
  log,
  log1p,
  logSoftmax,
  max,
  maximum,
  mul,
  type Node,
  neg,
  softplus,
  sub,
  sum,
  where,
} from "../../graph/index.ts";
import { classIndices, isClass, wide } from "./align.ts";
import { defineMetric } from "./define.ts";
import { bothWide, clip, fuzz, meanOverFeatures } from "./figures.ts";
import { meanOf } from "./mean.ts";

const fromLogits = flag(false, "predictions are logits, not probabilities");
const labelSmoothing = number(0, "how far targets are drawn towards even ones", { min: 0, max: 1 });
const cut = (p: Node): Node => clip(p, fuzz, 1 - fuzz);
const last = (x: Node): readonly number[] => [x.shape.length - 1];

/** log of each class's probability, from scores over the last axis. */
function logProbabilities(scores: Node, areLogits: boolean): Node {
  if (areLogits) return logSoftmax(scores);
  return log(cut(div(scores, sum(scores, last(scores), { keepDims: true }))));
}

/** Mean of −(y log p + (1 − y) log(1 − p)) over the last axis and the rows. */
export const binaryCrossentropy = defineMetric({
  name: "binaryCrossentropy",
  aliases: ["bce"],
  summary: "The mean cross-entropy of yes-or-no outcomes.",
  better: "lower",
  parameters: { fromLogits, labelSmoothing },
  build: (options) =>
    meanOverFeatures((hard, p) => {
      const y = add(mul(hard, 1 - options.labelSmoothing), 0.5 * options.labelSmoothing);
      if (options.fromLogits) return sub(softplus(p), mul(y, p));
      return neg(add(mul(y, log(cut(p))), mul(sub(1, y), log1p(neg(cut(p))))));
    }),
});

/** Mean of −Σ y log p over the rows; one-hot or soft targets. */
export const categoricalCrossentropy = defineMetric({
  name: "categoricalCrossentropy",
  aliases: ["cce"],
  summary: "The mean cross-entropy of classes; one-hot targets.",
  better: "lower",
  parameters: { fromLogits, labelSmoothing },
  build: (options) =>
    meanOf((yTrue, yPred) => {
      const [hard, scores] = bothWide(yTrue, yPred);
      const even = options.labelSmoothing / (scores.shape.at(-1) as number);
      const y = add(mul(hard, 1 - options.labelSmoothing), even);
      return neg(sum(mul(y, logProbabilities(scores, options.fromLogits)), last(scores)));
    }),
});

/** Mean of −log p of the target's class; targets are class indices. */
export const sparseCategoricalCrossentropy = defineMetric({
  name: "sparseCategoricalCrossentropy",
  aliases: ["scce"],
  summary: "The mean cross-entropy of classes; targets are class indices.",
  better: "lower",
  parameters: { fromLogits },
  build: (options) =>
    meanOf((yTrue, yPred) => {
      const own = isClass(classIndices(yTrue, yPred), yPred);
      const logs = logProbabilities(wide(yPred), options.fromLogits);
      return neg(sum(where(own, logs, 0), last(yPred)));
    }),
});

/** Mean of Σ y log(y / p) over the rows. */
export const klDivergence = defineMetric({
  name: "klDivergence",
  aliases: ["kld", "kullbackLeiblerDivergence"],
  summary: "The mean Kullback-Leibler divergence of distributions.",
  better: "lower",
  parameters: {},
  build: () =>
    meanOf((yTrue, yPred) => {
      const [y, p] = bothWide(yTrue, yPred).map((x) => clip(x, fuzz, 1)) as [Node, Node];
      return sum(mul(y, log(div(y, p))), last(y));
    }),
});

/** Mean of p − y log p: the cost of a predicted rate p, up to what depends on y alone. */
export const poisson = defineMetric({
  name: "poisson",
  summary: "The mean cost of predicted rates of counts.",
  better: "lower",
  parameters: {},
  build: () => meanOverFeatures((y, p) => sub(p, mul(y, log(add(p, fuzz))))),
});

/** Mean over rows of max(0, 1 + the highest score of a wrong class − the score of the true one). */
export const categoricalHinge = defineMetric({
  name: "categoricalHinge",
  summary: "The mean margin violation of classes; one-hot targets.",
  better: "lower",
  parameters: {},
  build: () =>
    meanOf((yTrue, yPred) => {
      const [y, p] = bothWide(yTrue, yPred);
      const own = sum(mul(y, p), last(p));
      return maximum(add(sub(max(mul(sub(1, y), p)), own), 1), 0);
    }),
});

import { add, logSigmoid, mul, type Node, neg, sub, weighted, xlog1py, xlogy } from "../../graph/index.ts";
import { perClass, smooth } from "../classes.ts";
import { defineLoss } from "../define.ts";
import { logits, probabilities, unitInterval } from "../domain.ts";
import { flag, numberOrVector, unit, vector } from "../params.ts";

/**
 * −[q t log p + (1 − t) log(1 − p)], averaged over the last axis; p is yPred, or the sigmoid of it with `fromLogits`. Nothing is
 * clipped: p = 0 at a positive is infinite, and a sigmoid layer before this loss trains on its logits.
 */
export const binaryCrossentropy = defineLoss({
  name: "binaryCrossentropy",
  aliases: ["bce", "logLoss", "bceLoss", "logisticLoss", "sigmoidCrossEntropy", "bceWithLogits"],
  task: "binary",
  summary: "What the true label costs a model that gave it this probability; each output is a yes or no of its own.",
  formula: String.raw`\ell = -\bigl[q\, t \log p + (1 - t) \log (1 - p)\bigr], \quad t = y (1 - s) + \tfrac{s}{2}`,
  references: [
    { title: "Good, Rational Decisions (1952)" },
    { title: "Cox, The regression analysis of binary sequences (1958)" },
  ],
  yTrue: unitInterval,
  yPred: ({ fromLogits }) => (fromLogits ? logits : probabilities),
  params: {
    fromLogits: flag(false, "whether yPred holds logits instead of probabilities"),
    labelSmoothing: unit(0, "the share s of each label that is moved to one half"),
    posWeight: numberOrVector(1, "the factor q on positives, one for all outputs or one each"),
    classWeight: vector("the factors on negatives and positives", 2),
  },
  value(yTrue, yPred, { fromLogits, labelSmoothing, posWeight, classWeight: [no, yes] = [1, 1] }) {
    const scaled = (target: Node, factor: number | undefined) =>
      factor === 1 ? target : mul(target, factor as number);
    // 1 − t is smoothed from 1 − y: subtracting t from 1 would lose the digits of a small share.
    const positive = scaled(smooth(yTrue, labelSmoothing, 2), yes);
    const negative = scaled(smooth(sub(1, yTrue), labelSmoothing, 2), no);
    const up =
      typeof posWeight === "number"
        ? scaled(positive, posWeight)
        : mul(positive, perClass(posWeight, yPred, "posWeight"));
    return neg(
      fromLogits
        ? add(weighted(up, logSigmoid(yPred)), weighted(negative, logSigmoid(neg(yPred))))
        : add(xlogy(up, yPred), xlog1py(negative, neg(yPred))),
    );
  },
  textbook(y: number, x: number, { fromLogits, labelSmoothing: s, posWeight, classWeight }) {
    const p = fromLogits ? 1 / (1 + Math.exp(-x)) : x;
    const t = y * (1 - s) + s / 2;
    const [no, yes] = classWeight ?? [1, 1];
    const q = (yes as number) * (typeof posWeight === "number" ? posWeight : (posWeight[0] as number));
    return -(q * t * Math.log(p) + (no as number) * (1 - t) * Math.log(1 - p));
  },
  compat: [
    {
      framework: "keras",
      name: "keras.losses.BinaryCrossentropy",
      arguments: { from_logits: "fromLogits", label_smoothing: "labelSmoothing" },
      differs:
        "Probabilities are clipped to [1e-7, 1 - 1e-7] there, so that no loss exceeds 16.1 and beyond that there is no gradient.",
    },
    {
      framework: "pytorch",
      name: "torch.nn.BCELoss",
      arguments: { weight: "sampleWeight" },
      differs: "Each logarithm is held at -100 there, and the gradient's denominator at 1e-12.",
    },
    {
      framework: "pytorch",
      name: "torch.nn.BCEWithLogitsLoss",
      arguments: { weight: "sampleWeight", pos_weight: "posWeight" },
      options: { fromLogits: true },
    },
    { framework: "optax", name: "optax.losses.sigmoid_binary_cross_entropy", options: { fromLogits: true } },
    {
      framework: "scikit-learn",
      name: "sklearn.metrics.log_loss",
      differs: "A probability of 0 is clipped to the smallest step of its dtype there; here it costs infinitely much.",
    },
  ],
  examples: [
    { yTrue: 1, yPred: 0.5, loss: Math.LN2 },
    { yTrue: 0, yPred: 0, params: { fromLogits: true }, loss: Math.LN2 },
    { yTrue: 1, yPred: 1, loss: 0 },
    { yTrue: 1, yPred: -1000, params: { fromLogits: true }, loss: 1000 },
  ],
  traits: { smooth: true, convex: true, nonNegative: true, proper: true },
});

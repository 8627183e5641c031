import { add, logSigmoid, mul, type Node, neg, sigmoid, sub, weighted, xlog1py, xlogy } from "../../graph/index.ts";
import { smooth } from "../classes.ts";
import { defineLoss } from "../define.ts";
import { logits, probabilities, unitInterval } from "../domain.ts";
import { flag, nonNegative, unit } from "../params.ts";
import { focused } from "./shares.ts";

/**
 * a (1 − p_t)^gamma times binary cross-entropy, averaged over the last axis; p_t is the probability of the label, and a its balancing
 * weight (1 unless `applyClassBalancing`). Nothing is clipped.
 */
export const binaryFocalCrossentropy = defineLoss({
  name: "binaryFocalCrossentropy",
  aliases: ["binaryFocal", "focal", "focalLoss", "sigmoidFocalLoss", "binaryFocalLoss"],
  task: "binary",
  summary: "Binary cross-entropy that goes easy on examples the model gets right already, for rare positives.",
  formula: String.raw`\ell = -a_t (1 - p_t)^\gamma \bigl[\, t \log p + (1 - t) \log (1 - p) \bigr], \quad p_t = t p + (1 - t)(1 - p)`,
  references: [
    { title: "Lin et al., Focal Loss for Dense Object Detection (2017)", url: "https://arxiv.org/abs/1708.02002" },
  ],
  yTrue: unitInterval,
  yPred: ({ fromLogits }) => (fromLogits ? logits : probabilities),
  params: {
    fromLogits: flag(false, "whether yPred holds logits instead of probabilities"),
    labelSmoothing: unit(0, "the share s of each label that is moved to one half"),
    gamma: nonNegative(2, "how strongly examples that are right already are played down; 0 for not at all"),
    applyClassBalancing: flag(false, "whether positives are weighted by alpha and negatives by 1 - alpha"),
    alpha: unit(0.25, "the weight of positives, where classes are balanced"),
  },
  value(yTrue, yPred, { fromLogits, labelSmoothing, gamma, applyClassBalancing, alpha }) {
    const positive = smooth(yTrue, labelSmoothing, 2);
    const negative = smooth(sub(1, yTrue), labelSmoothing, 2);
    const balanced = (cost: Node) =>
      applyClassBalancing ? mul(add(mul(positive, alpha), mul(negative, 1 - alpha)), cost) : cost;
    const cost = neg(
      fromLogits
        ? add(weighted(positive, logSigmoid(yPred)), weighted(negative, logSigmoid(neg(yPred))))
        : add(xlogy(positive, yPred), xlog1py(negative, neg(yPred))),
    );
    if (gamma === 0) return balanced(cost);
    const [p, q] = fromLogits ? [sigmoid(yPred), sigmoid(neg(yPred))] : [yPred, sub(1, yPred)];
    const off = add(weighted(positive, q), weighted(negative, p));
    return balanced(focused(off, cost, gamma));
  },
  textbook(y: number, x: number, { fromLogits, labelSmoothing: s, gamma, applyClassBalancing, alpha }) {
    const p = fromLogits ? 1 / (1 + Math.exp(-x)) : x;
    const t = y * (1 - s) + s / 2;
    const pt = t * p + (1 - t) * (1 - p);
    const a = applyClassBalancing ? t * alpha + (1 - t) * (1 - alpha) : 1;
    return -a * (1 - pt) ** gamma * (t * Math.log(p) + (1 - t) * Math.log(1 - p));
  },
  compat: [
    {
      framework: "keras",
      name: "keras.losses.BinaryFocalCrossentropy",
      arguments: {
        from_logits: "fromLogits",
        label_smoothing: "labelSmoothing",
        gamma: "gamma",
        alpha: "alpha",
        apply_class_balancing: "applyClassBalancing",
      },
      differs:
        "From logits it goes through a sigmoid, and probabilities are clipped to [1e-7, 1 - 1e-7], so that the tails are lost.",
    },
    {
      framework: "optax",
      name: "optax.losses.sigmoid_focal_loss",
      arguments: { gamma: "gamma", alpha: "alpha" },
      options: { fromLogits: true, applyClassBalancing: true },
      differs: "Without alpha classes are not balanced there: leave applyClassBalancing out.",
    },
  ],
  examples: [
    { yTrue: 1, yPred: 0.5, loss: Math.LN2 / 4 },
    { yTrue: 1, yPred: 1, loss: 0 },
    { yTrue: 0, yPred: 0, params: { fromLogits: true, gamma: 1 }, loss: Math.LN2 / 2 },
  ],
  traits: { smooth: true, nonNegative: true },
});

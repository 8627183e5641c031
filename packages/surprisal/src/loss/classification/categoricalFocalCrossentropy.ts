import { equal, expm1, log, logSoftmax, mul, neg, sub, sum, where } from "../../graph/index.ts";
import { perClass, smooth } from "../classes.ts";
import { defineLoss } from "../define.ts";
import { distribution } from "../domain.ts";
import { nonNegative, numberOrVector, unit } from "../params.ts";
import { focused, naiveShares, normalizeParam, shareDomain, shareParams, shares } from "./shares.ts";

/** Σ_c alpha_c t_c (1 − p_c)^gamma (−log p_c), one number a row; a class of target 0 adds nothing. Nothing is clipped. */
export const categoricalFocalCrossentropy = defineLoss({
  name: "categoricalFocalCrossentropy",
  aliases: ["categoricalFocal", "softmaxFocalLoss", "multiclassFocalLoss"],
  task: "multiclass",
  summary: "Cross-entropy over classes that goes easy on examples the model gets right already.",
  formula: String.raw`\ell = -\sum_c \alpha_c\, t_c (1 - p_c)^\gamma \log p_c`,
  references: [
    { title: "Lin et al., Focal Loss for Dense Object Detection (2017)", url: "https://arxiv.org/abs/1708.02002" },
  ],
  axis: "class",
  yTrue: distribution,
  yPred: shareDomain,
  params: {
    ...shareParams,
    normalize: normalizeParam,
    labelSmoothing: unit(0, "the share s of each target that is spread evenly over the classes"),
    gamma: nonNegative(2, "how strongly examples that are right already are played down; 0 for not at all"),
    alpha: numberOrVector(0.25, "the weight of each class, one for all or one each"),
  },
  value(yTrue, yPred, { labelSmoothing, gamma, alpha, ...kind }) {
    const targets = smooth(yTrue, labelSmoothing, yPred.shape.at(-1) as number);
    const none = equal(targets, 0);
    const logs = kind.fromLogits ? where(none, -1, logSoftmax(yPred)) : undefined;
    const p = logs === undefined ? where(none, 0.5, shares(yPred, kind)) : undefined;
    const cost = neg(logs ?? log(p as NonNullable<typeof p>));
    const off = logs === undefined ? sub(1, p as NonNullable<typeof p>) : neg(expm1(logs));
    const weights = mul(targets, typeof alpha === "number" ? alpha : perClass(alpha, yPred, "alpha"));
    return sum(mul(weights, gamma === 0 ? cost : focused(off, cost, gamma)), [-1]);
  },
  textbook(y: readonly number[], x: readonly number[], { labelSmoothing: s, gamma, alpha, ...kind }) {
    return naiveShares(x, kind).reduce((total, p, c) => {
      const weight = typeof alpha === "number" ? alpha : (alpha[c] as number);
      return total - weight * ((y[c] as number) * (1 - s) + s / x.length) * (1 - p) ** gamma * Math.log(p);
    }, 0);
  },
  compat: [
    {
      framework: "keras",
      name: "keras.losses.CategoricalFocalCrossentropy",
      arguments: { from_logits: "fromLogits", label_smoothing: "labelSmoothing", gamma: "gamma", alpha: "alpha" },
      differs:
        "From logits it goes through a softmax; rows are divided by their sum (normalize: true here) and clipped to [1e-7, 1 - 1e-7].",
    },
  ],
  examples: [
    { yTrue: [0, 1], yPred: [0.5, 0.5], params: { alpha: 1 }, loss: Math.LN2 / 4 },
    { yTrue: [1, 0], yPred: [1, 0], loss: 0 },
  ],
  traits: { smooth: true, nonNegative: true },
});

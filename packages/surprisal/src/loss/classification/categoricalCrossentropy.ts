import { broadcastTo, cast, logSumExp, mul, type Node, reshape, sum, where } from "../../graph/index.ts";
import { perClass, smooth } from "../classes.ts";
import { defineLoss } from "../define.ts";
import { distribution } from "../domain.ts";
import { choice } from "../params.ts";
import { checkRowKind, naiveLogs, predictionDomain, rowParams, weightedCost } from "./rows.ts";

/**
 * Σ_c w_c t_c (−log p_c) for targets that are distributions (or one-hot), one number a row. Rows count as given: neither targets
 * nor probabilities are made to sum to 1 unless `normalize` says so, and nothing is clipped.
 */
export const categoricalCrossentropy = defineLoss({
  name: "categoricalCrossentropy",
  aliases: ["crossEntropy", "cce", "softmaxCrossEntropy", "crossEntropyLoss"],
  task: "multiclass",
  summary: "What the true class costs a model that gave it this probability; targets are one-hot or soft.",
  formula: String.raw`\ell = -\sum_c w_c\, t_c \log p_c, \quad t_c = y_c (1 - s) + \tfrac{s}{C}`,
  references: [
    { title: "Good, Rational Decisions (1952)" },
    {
      title: "Szegedy et al., Rethinking the Inception Architecture (2016), for label smoothing",
      url: "https://arxiv.org/abs/1512.00567",
    },
  ],
  axis: "class",
  yTrue: distribution,
  yPred: predictionDomain,
  params: {
    ...rowParams,
    emptySupport: choice(["nan", "zero"], "what a row costs whose every class is masked out"),
  },
  checkParams: (params) => checkRowKind("categoricalCrossentropy", params),
  usesClassMask: true,
  value(yTrue, yPred, { labelSmoothing, classWeight, emptySupport, ...kind }, { classMask }) {
    const targets = smooth(yTrue, labelSmoothing, yPred.shape.at(-1) as number);
    const weights = classWeight === undefined ? targets : mul(targets, perClass(classWeight, yPred, "classWeight"));
    if (classMask === undefined) return weightedCost(weights, yPred, kind);
    return maskedCost({ weights, yPred, classMask, empty: emptySupport === "nan" ? Number.NaN : 0 }, (w, x) =>
      weightedCost(w, x, kind),
    );
  },
  textbook(y: readonly number[], x: readonly number[], { labelSmoothing: s, classWeight, ...kind }) {
    const logs = naiveLogs(x, kind);
    const share = (c: number) => (classWeight?.[c] ?? 1) * ((y[c] as number) * (1 - s) + s / x.length);
    return logs.reduce((total, log, c) => total - share(c) * log, 0);
  },
  compat: [
    {
      framework: "keras",
      name: "keras.losses.CategoricalCrossentropy",
      arguments: { from_logits: "fromLogits", label_smoothing: "labelSmoothing" },
      differs:
        "Rows of probabilities are divided by their sum there (normalize: true here) and clipped to [1e-7, 1 - 1e-7].",
    },
    {
      framework: "pytorch",
      name: "torch.nn.CrossEntropyLoss",
      arguments: { weight: "classWeight", label_smoothing: "labelSmoothing" },
      options: { fromLogits: true },
      differs: "Classes are on axis 1 there; a target of 0 on a logit of -Infinity is NaN there and exact here.",
    },
    {
      framework: "optax",
      name: "optax.losses.softmax_cross_entropy",
      arguments: { where: "classMask" },
      options: { fromLogits: true },
      differs: "A target of 0 on a logit of -Infinity is NaN there and exact here.",
    },
    { framework: "optax", name: "optax.losses.safe_softmax_cross_entropy", options: { fromLogits: true } },
    {
      framework: "scikit-learn",
      name: "sklearn.metrics.log_loss",
      differs:
        "Targets are labels there. A probability of 0 is clipped to the smallest step of its dtype there; here it costs infinitely much.",
    },
  ],
  examples: [
    { yTrue: [0, 1], yPred: [0.5, 0.5], loss: Math.LN2 },
    { yTrue: [0, 0, 1], yPred: [0, 0, 0], params: { fromLogits: true }, loss: Math.log(3) },
    { yTrue: [1, 0], yPred: [-2000, 0], params: { fromLogits: true }, loss: 2000 },
  ],
  traits: { smooth: true, convex: true, nonNegative: true, proper: true },
  means: { onnx: "elements" },
});

interface MaskedRow {
  readonly weights: Node;
  readonly yPred: Node;
  readonly classMask: Node;
  /** What a row without classes costs. */
  readonly empty: number;
}

/** Takes classes out of a row: their logit is −Infinity and their target 0. */
function maskedCost({ weights, yPred, classMask, empty }: MaskedRow, cost: (w: Node, x: Node) => Node): Node {
  const rows = yPred.shape.slice(0, -1);
  const open = reshape(sum(cast(classMask, yPred.dtype), [-1], { keepDims: true }), [...rows, 1]);
  const any = broadcastTo(cast(open, "bool"), yPred.shape);
  // A row without classes is replaced as a whole; its NaN reaches the gradient through a factor that is 0 elsewhere.
  const seen = where(classMask, yPred, where(any, Number.NEGATIVE_INFINITY, yPred));
  const left = cost(where(classMask, weights, 0), seen);
  const nothing = cast(reshape(open, rows), "bool");
  const poison = mul(where(nothing, 0, cast(where(nothing, left, empty), left.dtype)), logSumExp(yPred));
  return where(nothing, left, poison);
}

import { cast, mul, sum, where } from "../../graph/index.ts";
import { isKnownLabel, isLabel, perClass, smooth } from "../classes.ts";
import { defineLoss } from "../define.ts";
import { classIndex } from "../domain.ts";
import { integer } from "../params.ts";
import { checkRowKind, costOfPicked, naiveLogs, predictionDomain, rowParams, weightedCost } from "./rows.ts";

/**
 * −log p of the labelled class, one number a row. Labels are whole numbers, kept as int32; a label outside the classes is refused,
 * and in a graph that sees it unchecked the loss is NaN.
 */
export const sparseCategoricalCrossentropy = defineLoss({
  name: "sparseCategoricalCrossentropy",
  aliases: ["softmaxCrossEntropyWithIntegerLabels", "scce", "sparseCrossEntropy", "nllLoss", "negativeLogLikelihood"],
  task: "multiclass",
  summary: "What the true class costs a model that gave it this probability; targets are class numbers.",
  formula: String.raw`\ell = -(1 - s)\, w_y \log p_y - \tfrac{s}{C} \sum_c w_c \log p_c`,
  references: [{ title: "Good, Rational Decisions (1952)" }],
  axis: "class",
  yTrue: classIndex,
  yPred: predictionDomain,
  params: { ...rowParams, ignoreClass: integer("the label whose rows are left out; it need not be a class") },
  checkParams: (params) => checkRowKind("sparseCategoricalCrossentropy", params),
  ignored: ({ ignoreClass }) => ignoreClass,
  value(yTrue, yPred, { labelSmoothing, classWeight, ignoreClass: _, ...kind }) {
    const picked = isLabel(yTrue, yPred);
    const plain = kind.fromLogits && labelSmoothing === 0 && classWeight === undefined;
    const targets = smooth(cast(picked, yPred.dtype), labelSmoothing, yPred.shape.at(-1) as number);
    const weights = classWeight === undefined ? targets : mul(targets, perClass(classWeight, yPred, "classWeight"));
    const cost = plain ? costOfPicked(picked, yPred) : weightedCost(weights, yPred, kind);
    return where(isKnownLabel(yTrue, yPred), cost, Number.NaN);
  },
  labelWeight(yTrue, yPred, { classWeight }) {
    if (classWeight === undefined) return undefined;
    return sum(where(isLabel(yTrue, yPred), perClass(classWeight, yPred, "classWeight"), 0), [-1]);
  },
  means: { pytorch: "weightSum", onnx: "weightSum" },
  textbook([y]: readonly [number], x: readonly number[], { labelSmoothing: s, classWeight, ignoreClass, ...kind }) {
    if (y === ignoreClass) return 0;
    const costs = naiveLogs(x, kind).map((log, c) => -(classWeight?.[c] ?? 1) * log);
    return (1 - s) * (costs[y] as number) + (s / x.length) * costs.reduce((a, b) => a + b, 0);
  },
  compat: [
    {
      framework: "keras",
      name: "keras.losses.SparseCategoricalCrossentropy",
      arguments: { from_logits: "fromLogits", ignore_class: "ignoreClass" },
      differs:
        "Rows of probabilities are divided by their sum there (normalize: true here) and clipped to [1e-7, 1 - 1e-7].",
    },
    {
      framework: "pytorch",
      name: "torch.nn.CrossEntropyLoss",
      arguments: { weight: "classWeight", ignore_index: "ignoreClass", label_smoothing: "labelSmoothing" },
      options: { fromLogits: true, ignoreClass: -100 },
      differs:
        'Classes are on axis 1 there, on the last axis here. The mean is over the weights of the labels (reduction { like: "pytorch" }).',
    },
    {
      framework: "pytorch",
      name: "torch.nn.NLLLoss",
      arguments: { weight: "classWeight", ignore_index: "ignoreClass" },
      options: { fromLogProbabilities: true, ignoreClass: -100 },
      differs:
        'Classes are on axis 1 there, on the last axis here. The mean is over the weights of the labels (reduction { like: "pytorch" }).',
    },
    {
      framework: "optax",
      name: "optax.losses.softmax_cross_entropy_with_integer_labels",
      options: { fromLogits: true },
      differs: "A mask of classes (where) is classMask of categoricalCrossentropy here.",
    },
    {
      framework: "scikit-learn",
      name: "sklearn.metrics.log_loss",
      differs: "A probability of 0 is clipped to the smallest step of its dtype there; here it costs infinitely much.",
    },
  ],
  examples: [
    { yTrue: 1, yPred: [0.5, 0.5], loss: Math.LN2 },
    { yTrue: 2, yPred: [0, 0, 0], params: { fromLogits: true }, loss: Math.log(3) },
    { yTrue: -1, yPred: [0.2, 0.8], params: { ignoreClass: -1 }, loss: 0 },
  ],
  traits: { smooth: true, convex: true, nonNegative: true, proper: true },
});

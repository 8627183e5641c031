import {
  broadcastTo,
  cast,
  constant,
  logSoftmax,
  type Node,
  neg,
  softmax,
  sum,
  weighted,
  where,
} from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { flag } from "../params.ts";
import { grades, overLists, relevance } from "./lists.ts";

/** Scores of the items that are there; −Infinity for the others, unless a list has none at all. */
function among(scores: Node, classMask: Node): Node {
  const any = cast(sum(cast(classMask, scores.dtype), [-1], { keepDims: true }), "bool");
  const nothing = where(any, constant(Number.NEGATIVE_INFINITY, scores.dtype, any.shape), 0);
  return where(classMask, scores, broadcastTo(nothing, scores.shape));
}

/** −Σ_i y_i log softmax(s)_i, one number a list: labels as given, which need not sum to 1, or their softmax. A list of zeros costs 0. */
export const listNet = defineLoss({
  name: "listNet",
  aliases: ["listwiseSoftmax", "listNetLoss", "rankingSoftmax", "rankingSoftmaxLoss"],
  ...overLists,
  summary: "Cross-entropy between the labels of a list and the softmax of its scores.",
  formula: String.raw`\ell = -\sum_i y_i \log \frac{e^{s_i}}{\sum_j e^{s_j}}`,
  references: [
    {
      title: "Cao et al., Learning to Rank: From Pairwise Approach to Listwise Approach (2007)",
      url: "https://doi.org/10.1145/1273496.1273513",
    },
  ],
  compat: [
    {
      framework: "optax",
      name: "optax.losses.ranking_softmax_loss",
      arguments: { where: "classMask" },
      differs: "Predictions come first there, and weights are of items; sampleWeight is of lists.",
    },
  ],
  yTrue: ({ softmaxLabels }) => (softmaxLabels ? grades : relevance),
  params: { softmaxLabels: flag(false, "whether labels are scores, too, and their softmax is compared with") },
  value(yTrue, yPred, { softmaxLabels }, { classMask }) {
    const inList = (x: Node) => (classMask === undefined ? x : among(x, classMask));
    const labels = softmaxLabels ? softmax(inList(yTrue)) : yTrue;
    const weights = classMask === undefined ? labels : where(classMask, labels, 0);
    return neg(sum(weighted(weights, logSoftmax(inList(yPred))), [-1]));
  },
  textbook(y: readonly number[], s: readonly number[], { softmaxLabels }) {
    const share = (x: readonly number[]) => {
      const total = x.reduce((sum, value) => sum + Math.exp(value), 0);
      return x.map((value) => Math.exp(value) / total);
    };
    const labels = softmaxLabels ? share(y) : y;
    return share(s).reduce((total, p, i) => total - (labels[i] as number) * Math.log(p), 0);
  },
  examples: [
    { yTrue: [1, 0], yPred: [0, 0], loss: Math.LN2 },
    { yTrue: [2, 1, 0], yPred: [5, 5, 5], loss: 3 * Math.log(3) },
    { yTrue: [0, 0], yPred: [1, 2], loss: 0 },
    { yTrue: [3, 3], yPred: [1, 1], params: { softmaxLabels: true }, loss: Math.LN2 },
  ],
  traits: { smooth: true, convex: true, nonNegative: true },
});

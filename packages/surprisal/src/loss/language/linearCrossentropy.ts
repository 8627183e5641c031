import {
  add,
  broadcastTo,
  cast,
  logSumExp,
  matmul,
  mul,
  type Node,
  reshape,
  square,
  where,
} from "../../graph/index.ts";
import { isKnownLabel, isLabel, smooth } from "../classes.ts";
import { costOfPicked, weightedCost } from "../classification/rows.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import { classIndex, logits } from "../domain.ts";
import { nonNegative, optionalPositive, unit } from "../params.ts";
import { softcapped } from "./softcap.ts";
import { plainCost, tokenParams } from "./tokens.ts";

const asLogits = { fromLogits: true, fromLogProbabilities: false, normalize: undefined } as const;

/**
 * Softmax cross-entropy of hidden · weightᵀ + bias, one number a row, optionally with logits bent back by softcap · tanh(z / softcap) and with
 * zLoss · (log Σ e^z)² added. The last layer is part of the loss, so that a compiler may work on a slice of the vocabulary at a time.
 */
export const linearCrossentropy = defineArrayLoss({
  name: "linearCrossentropy",
  aliases: ["fusedLinearCrossentropy", "flce", "cutCrossEntropy"],
  task: "language",
  summary: "The last layer of a language model and its cross-entropy in one.",
  formula: String.raw`\ell = \log \sum_v e^{z_v} - z_y, \quad z = W h + b`,
  references: [
    {
      title: "Wijmans et al., Cut Your Losses in Large-Vocabulary Language Models (2024)",
      url: "https://arxiv.org/abs/2411.09009",
    },
  ],
  yTrue: { axes: "N", domain: classIndex, doc: "the next token", classes: "V" },
  yPred: {
    hidden: { axes: "N D", domain: logits, doc: "what the last hidden layer puts out", harmless: 0 },
    weight: { axes: "V D", domain: logits, doc: "the last layer's weights, one row a token of the vocabulary" },
    bias: { axes: "V", domain: logits, doc: "its biases", optional: true },
  },
  losses: "N",
  ignored: ({ ignoreClass }) => ignoreClass,
  params: {
    ...tokenParams,
    labelSmoothing: unit(0, "the share s of each target that is spread evenly over the vocabulary"),
    softcap: optionalPositive("the size that no logit reaches; left out, logits are taken as they are"),
    zLoss: nonNegative(0, "the weight of the squared logarithm of the sum"),
  },
  value(yTrue, { hidden, weight, bias }, { labelSmoothing, softcap, zLoss }) {
    const plain = matmul(hidden, weight, { transposeB: true });
    const row = (b: Node) => broadcastTo(reshape(b, [1, plain.shape[1] as number]), plain.shape);
    const seen = bias === undefined ? plain : add(plain, row(bias));
    const { gaps: z, top } = softcap === undefined ? { gaps: seen, top: undefined } : softcapped(seen, softcap);
    const isTarget = isLabel(yTrue, z);
    const targets = () => smooth(cast(isTarget, z.dtype), labelSmoothing, z.shape[1] as number);
    const cost = labelSmoothing === 0 ? costOfPicked(isTarget, z) : weightedCost(targets(), z, asLogits);
    const lse = () => (top === undefined ? logSumExp(z) : add(logSumExp(z), reshape(top, [z.shape[0] as number])));
    const total = zLoss === 0 ? cost : add(cost, mul(zLoss, square(lse())));
    return where(isKnownLabel(yTrue, z), total, Number.NaN);
  },
  textbook(y: number[], yPred: { hidden: number[][]; weight: number[][]; bias?: number[] }, params) {
    const { labelSmoothing: s, softcap, zLoss, ignoreClass } = params;
    return yPred.hidden.map((h, i) => {
      if (y[i] === ignoreClass) return 0;
      const z = yPred.weight.map((w, v) => {
        const plain = w.reduce((total, x, d) => total + x * (h[d] as number), yPred.bias?.[v] ?? 0);
        return softcap === undefined ? plain : softcap * Math.tanh(plain / softcap);
      });
      const mean = z.reduce((total, _, v) => total + plainCost(v, z), 0) / z.length;
      const lse = Math.log(z.reduce((total, x) => total + Math.exp(x), 0));
      return (1 - s) * plainCost(y[i] as number, z) + s * mean + zLoss * lse ** 2;
    });
  },
  means: { pytorch: "valid" },
  compat: [
    {
      framework: "pytorch",
      name: "torch.nn.functional.linear_cross_entropy",
      arguments: { ignore_index: "ignoreClass", label_smoothing: "labelSmoothing" },
      differs: "The module LinearCrossEntropyLoss owns the weights there.",
    },
  ],
  examples: [
    { yTrue: [0], yPred: { hidden: [[2]], weight: [[0.5], [0.5]] }, loss: Math.LN2 },
    {
      yTrue: [1],
      yPred: {
        hidden: [[1, 1]],
        weight: [
          [1, 0],
          [0, 1],
          [1, 0],
        ],
        bias: [0, 0, 0],
      },
      loss: Math.log(3),
    },
  ],
  traits: { smooth: true, nonNegative: true },
});

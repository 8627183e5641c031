import { broadcastTo, concat, logSoftmax, neg, reshape, slice, sub } from "../../graph/index.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import { logits, real } from "../domain.ts";

/**
 * log Σ e^(z − log q) over the true and the sampled classes, minus the true one's, one number a row. log q are the logarithms of how often a
 * class was expected among the samples; taking them off makes the gradient that of the whole softmax on average.
 */
export const sampledSoftmax = defineArrayLoss({
  name: "sampledSoftmax",
  aliases: ["sampledSoftmaxCrossentropy", "sampledCrossentropy"],
  task: "language",
  summary: "Cross-entropy over very many classes, from a few of them.",
  formula: String.raw`\ell = \log \sum_{c \in \{y\} \cup S} e^{z_c - \log q_c} - (z_y - \log q_y)`,
  references: [
    {
      title: "Jean et al., On Using Very Large Target Vocabulary for Neural Machine Translation (2015)",
      url: "https://arxiv.org/abs/1412.2007",
    },
  ],
  yPred: {
    true: { axes: "N", domain: logits, doc: "the logit of the true class" },
    sampled: { axes: "N K", domain: logits, doc: "the logits of the sampled classes" },
  },
  inputs: {
    logQTrue: {
      axes: "N",
      domain: real,
      doc: "log expected counts of the true classes among the samples",
      optional: true,
    },
    logQSampled: { axes: "K", domain: real, doc: "log expected counts of the sampled classes", optional: true },
  },
  losses: "N",
  value(_, { true: target, sampled }, __, { logQTrue, logQSampled }) {
    const rows = target.shape[0] as number;
    const own = logQTrue === undefined ? target : sub(target, logQTrue);
    const others =
      logQSampled === undefined
        ? sampled
        : sub(sampled, broadcastTo(reshape(logQSampled, [1, sampled.shape[1] as number]), sampled.shape));
    const logShares = logSoftmax(concat([reshape(own, [rows, 1]), others], 1));
    return neg(reshape(slice(logShares, [0, 0], [rows, 1]), [rows]));
  },
  textbook(_, yPred: { true: number[]; sampled: number[][] }, __, inputs: Record<string, number[]>) {
    return yPred.true.map((z, i) => {
      const own = z - (inputs.logQTrue?.[i] ?? 0);
      const others = (yPred.sampled[i] as number[]).map((x, k) => x - (inputs.logQSampled?.[k] ?? 0));
      return Math.log([own, ...others].reduce((total, x) => total + Math.exp(x), 0)) - own;
    });
  },
  examples: [
    { yTrue: undefined, yPred: { true: [1], sampled: [[1]] }, loss: Math.LN2 },
    {
      yTrue: undefined,
      yPred: { true: [1], sampled: [[3]] },
      options: { logQTrue: [-1], logQSampled: [1] },
      loss: Math.LN2,
    },
  ],
  traits: { smooth: true, convex: true, nonNegative: true },
});

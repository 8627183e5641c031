import { broadcastTo, cast, div, equal, maximum, not, reshape, sum, where } from "../../graph/index.ts";
import { isLabel } from "../classes.ts";
import { costOfPicked } from "../classification/rows.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import { classIndex, logits, unitInterval } from "../domain.ts";
import { flag } from "../params.ts";

/** −log softmax of the labels summed over the tokens of a sequence that are not masked, or their mean; one number a sequence, 0 without tokens. */
export const sequenceCrossentropy = defineArrayLoss({
  name: "sequenceCrossentropy",
  aliases: ["sequenceLoss", "maskedCrossentropy", "tokenCrossentropy"],
  task: "sequence",
  summary:
    "Cross-entropy of a sequence's tokens, padding left out: every sequence counts the same, or every token does.",
  formula: String.raw`\ell = \frac{1}{\sum_t m_t} \sum_t m_t \bigl(-\log p_t(y_t)\bigr)`,
  references: [{ title: "Good, Rational Decisions (1952), for each token" }],
  yTrue: { axes: "N T", domain: classIndex, doc: "the label of each token", classes: "C" },
  yPred: { axes: "N T C", domain: logits, doc: "logits of each token" },
  inputs: {
    tokenMask: {
      axes: "N T",
      domain: unitInterval,
      doc: "1 for tokens that count, 0 for padding; all when left out",
      optional: true,
    },
  },
  losses: "N",
  params: { perToken: flag(true, "whether a sequence's costs are averaged instead of summed") },
  value(yTrue, yPred, { perToken }, { tokenMask }) {
    const [n, tokens] = yTrue.shape as [number, number];
    const counts = tokenMask === undefined ? undefined : not(equal(tokenMask, 0));
    // Padding is replaced before the loss sees it, so that whatever it holds reaches no gradient.
    const open = counts && broadcastTo(reshape(counts, [n, tokens, 1]), yPred.shape);
    const kept = open === undefined ? yPred : where(open, yPred, 0);
    const costs = costOfPicked(isLabel(yTrue, kept), kept);
    const total = sum(counts === undefined ? costs : where(counts, costs, 0), [-1]);
    if (!perToken) return total;
    if (counts === undefined) return div(total, tokens);
    return div(total, maximum(sum(cast(counts, yPred.dtype), [-1]), 1));
  },
  textbook: (y: number[][], z: number[][][], { perToken }, inputs: Record<string, number[][]>) =>
    y.map((labels, n) => {
      const costs = labels.flatMap((label, t) => {
        if (inputs.tokenMask?.[n]?.[t] === 0) return [];
        const row = z[n]?.[t] as number[];
        return [Math.log(row.reduce((total, x) => total + Math.exp(x), 0)) - (row[label] as number)];
      });
      const total = costs.reduce((a, b) => a + b, 0);
      return perToken ? total / Math.max(costs.length, 1) : total;
    }),
  examples: [
    {
      yTrue: [[0, 1]],
      yPred: [
        [
          [0, 0],
          [0, 0],
        ],
      ],
      loss: Math.LN2,
    },
    {
      yTrue: [[0, 1]],
      yPred: [
        [
          [0, 0],
          [0, 0],
        ],
      ],
      options: { perToken: false },
      loss: 2 * Math.LN2,
    },
    {
      yTrue: [[0, 1]],
      yPred: [
        [
          [0, 0],
          [0, 0],
        ],
      ],
      options: { tokenMask: [[0, 0]] },
      loss: 0,
    },
  ],
  traits: { smooth: true, convex: true, nonNegative: true },
});

import { add, concat, constant, equal, logSumExp, type Node, neg, where } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { bit } from "../domain.ts";

/** log(1 + Σ_{y=0} e^z) + log(1 + Σ_{y=1} e^−z), one number a row: the threshold 0 is to lie between the scores of false and true labels. */
export const zlpr = defineLoss({
  name: "zlpr",
  aliases: ["zeroBoundedLogSumExpPairwiseRanking", "multiLabelCategoricalCrossEntropy", "zlprLoss"],
  task: "binary",
  summary: "Softmax for many labels: scores of true ones are to lie above 0 and of false ones below.",
  formula: String.raw`\ell = \log \Bigl(1 + \sum_{c: y_c = 0} e^{z_c}\Bigr) + \log \Bigl(1 + \sum_{c: y_c = 1} e^{-z_c}\Bigr)`,
  references: [
    {
      title: "Su et al., ZLPR: A Novel Loss for Multi-label Classification (2022)",
      url: "https://arxiv.org/abs/2208.02955",
    },
  ],
  axis: "class",
  oneClass: true,
  yTrue: bit,
  harmless: 0,
  value(yTrue, yPred) {
    const holds = equal(yTrue, 1);
    return add(
      logOfOneMore(where(holds, Number.NEGATIVE_INFINITY, yPred)),
      logOfOneMore(where(holds, neg(yPred), Number.NEGATIVE_INFINITY)),
    );
  },
  textbook(y: readonly number[], z: readonly number[]) {
    const side = (label: number, sign: number) =>
      Math.log(z.reduce((total, x, c) => total + (y[c] === label ? Math.exp(sign * x) : 0), 1));
    return side(0, 1) + side(1, -1);
  },
  examples: [
    { yTrue: [1, 0], yPred: [0, 0], loss: 2 * Math.LN2 },
    { yTrue: [0, 0, 0], yPred: [0, 0, 0], loss: Math.log(4) },
    { yTrue: [1], yPred: [-1000], loss: 1000 },
  ],
  traits: { smooth: true, convex: true, nonNegative: true },
});

/** log(1 + Σ eˣ) over the last axis: a further score of 0. */
function logOfOneMore(x: Node): Node {
  const zero = constant(0, x.dtype, [...x.shape.slice(0, -1), 1]);
  return logSumExp(concat([zero, x], x.shape.length - 1));
}

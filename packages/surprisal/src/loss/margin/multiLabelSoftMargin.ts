import { add, mul, neg, softplus, sub, weighted } from "../../graph/index.ts";
import { perClass } from "../classes.ts";
import { defineLoss } from "../define.ts";
import { unitInterval } from "../domain.ts";
import { vector } from "../params.ts";

/** Binary cross-entropy of logits, each class weighted, averaged over the classes. */
export const multiLabelSoftMargin = defineLoss({
  name: "multiLabelSoftMargin",
  aliases: ["multilabelSoftMarginLoss"],
  task: "binary",
  summary: "Binary cross-entropy from logits for several yes-or-no labels, with a weight for each.",
  formula: String.raw`\ell = w_c \bigl[\, y \log(1 + e^{-z}) + (1 - y) \log(1 + e^z) \,\bigr]`,
  yTrue: unitInterval,
  harmless: 0,
  params: { classWeight: vector("a factor for each label") },
  value(yTrue, yPred, { classWeight }) {
    const cost = add(weighted(yTrue, softplus(neg(yPred))), weighted(sub(1, yTrue), softplus(yPred)));
    return classWeight === undefined ? cost : mul(perClass(classWeight, yPred, "classWeight"), cost);
  },
  textbook(y: number, z: number, { classWeight }) {
    return (classWeight?.[0] ?? 1) * (y * Math.log(1 + Math.exp(-z)) + (1 - y) * Math.log(1 + Math.exp(z)));
  },
  compat: [{ framework: "pytorch", name: "torch.nn.MultiLabelSoftMarginLoss", arguments: { weight: "classWeight" } }],
  examples: [
    { yTrue: 1, yPred: 0, loss: Math.LN2 },
    { yTrue: 0, yPred: -1000, loss: 0 },
  ],
  traits: { smooth: true, convex: true, nonNegative: true },
});

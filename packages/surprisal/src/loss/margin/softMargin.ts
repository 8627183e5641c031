import { neg, softplus } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { marginOf, overSigns, plainMargin } from "./signs.ts";

/** log(1 + e^(−yTrue · yPred)), averaged over the last axis: binary cross-entropy of a logit, labels −1 and 1 (0 is read as −1). */
export const softMargin = defineLoss({
  name: "softMargin",
  aliases: ["softMarginLoss", "logisticMargin", "sigmoidBinaryCrossEntropy"],
  summary: "Binary cross-entropy of a logit, for labels that are coded as -1 and 1.",
  formula: String.raw`\ell = \log (1 + e^{-y f}), \quad y \in \{-1, 1\}`,
  ...overSigns,
  value: (yTrue, yPred) => softplus(neg(marginOf(yTrue, yPred))),
  textbook: (y: number, f: number) => Math.log(1 + Math.exp(-plainMargin(y, f))),
  compat: [
    {
      framework: "pytorch",
      name: "torch.nn.SoftMarginLoss",
      differs: "Overflows there for margins below about -89 in float32 (-710 in float64).",
    },
    { framework: "scikit-learn", name: 'sklearn.linear_model.SGDClassifier(loss="log_loss")' },
  ],
  examples: [
    { yTrue: 1, yPred: 0, loss: Math.LN2 },
    { yTrue: -1, yPred: 1000, loss: 1000 },
  ],
  traits: { smooth: true, convex: true, nonNegative: true, lipschitz: 1 },
});

import { add, where } from "../../graph/index.ts";
import { isKnownLabel, isLabel, perClass } from "../classes.ts";
import { defineLoss } from "../define.ts";
import { classIndex } from "../domain.ts";
import { nonNegative, vector } from "../params.ts";
import { costOfPicked } from "./rows.ts";

/** Cross-entropy of the logits z_c + tau log prior_c, one number a row; without `prior` plain cross-entropy. */
export const logitAdjustedCrossentropy = defineLoss({
  name: "logitAdjustedCrossentropy",
  aliases: ["logitAdjusted", "logitAdjustedLoss", "logitAdjustment", "balancedSoftmax"],
  task: "multiclass",
  summary:
    "Cross-entropy for long tails: rare classes must win by more, so that without the priors all are treated alike.",
  formula: String.raw`\ell = -\log \frac{\pi_y^\tau e^{z_y}}{\sum_c \pi_c^\tau e^{z_c}}`,
  references: [
    {
      title: "Menon et al., Long-tail learning via logit adjustment (2021)",
      url: "https://arxiv.org/abs/2007.07314",
    },
  ],
  axis: "class",
  yTrue: classIndex,
  params: {
    tau: nonNegative(1, "the power of the priors; 0 for plain cross-entropy"),
    prior: vector("how frequent each class is: shares or counts, only their ratios matter"),
  },
  value(yTrue, yPred, { tau, prior }) {
    const adjusted =
      prior === undefined || tau === 0
        ? yPred
        : add(
            yPred,
            perClass(
              prior.map((share) => tau * Math.log(share)),
              yPred,
              "prior",
            ),
          );
    return where(isKnownLabel(yTrue, yPred), costOfPicked(isLabel(yTrue, yPred), adjusted), Number.NaN);
  },
  textbook([y]: readonly [number], z: readonly number[], { tau, prior }) {
    const odds = z.map((x, c) => (prior?.[c] ?? 1) ** tau * Math.exp(x));
    return -Math.log((odds[y] as number) / odds.reduce((a, b) => a + b, 0));
  },
  examples: [
    { yTrue: 1, yPred: [0, 0], loss: Math.LN2 },
    { yTrue: 1, yPred: [0, 0], params: { prior: [3, 1] }, loss: Math.log(4) },
  ],
  traits: { smooth: true, convex: true, nonNegative: true },
});

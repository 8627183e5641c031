import { softplus, sub } from "../../graph/index.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import { distance, naiveDistance, tripletParts } from "./distances.ts";

/** log(1 + e^(d(anchor, positive) − d(anchor, negative))), one number a triplet, of Euclidean distances. */
export const tripletSoftMargin = defineArrayLoss({
  name: "tripletSoftMargin",
  aliases: ["softMarginTriplet", "softTriplet"],
  task: "embedding",
  summary: "A triplet loss without a margin to choose: it never quite stops pulling.",
  formula: String.raw`\ell = \log\bigl(1 + e^{d(a, p) - d(a, n)}\bigr)`,
  references: [
    {
      title: "Hermans, Beyer, Leibe, In Defense of the Triplet Loss for Person Re-Identification (2017)",
      url: "https://arxiv.org/abs/1703.07737",
    },
  ],
  yPred: tripletParts,
  losses: "N",
  value: (_, { anchor, positive, negative }) => softplus(sub(distance(anchor, positive), distance(anchor, negative))),
  textbook: (_, x: Record<"anchor" | "positive" | "negative", number[][]>) =>
    x.anchor.map((a, i) =>
      Math.log(1 + Math.exp(naiveDistance(a, x.positive[i] as number[]) - naiveDistance(a, x.negative[i] as number[]))),
    ),
  examples: [{ yTrue: undefined, yPred: { anchor: [[0, 0]], positive: [[3, 4]], negative: [[0, 5]] }, loss: Math.LN2 }],
  traits: { nonNegative: true },
});

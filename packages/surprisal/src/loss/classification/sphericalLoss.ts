import { add, div, exp, less, logSoftmax, mul, type Node, neg, sqrt, square, sum, where } from "../../graph/index.ts";
import { isKnownLabel, isLabel } from "../classes.ts";
import { defineLoss } from "../define.ts";
import { classIndex } from "../domain.ts";
import { atLabel, naiveShares, shareDomain, shareParams } from "./shares.ts";

/** −p_y / ‖p‖, one number a row, from −1 to 0. */
export const sphericalLoss = defineLoss({
  name: "sphericalLoss",
  aliases: ["spherical", "sphericalScore", "sphericalScoringRule"],
  task: "multiclass",
  summary: "The cosine between prediction and true class, negated: honest like cross-entropy, and bounded.",
  formula: String.raw`\ell = -\frac{p_y}{\sqrt{\sum_c p_c^2}}`,
  references: [
    {
      title: "Gneiting, Raftery, Strictly Proper Scoring Rules, Prediction, and Estimation (2007)",
      url: "https://doi.org/10.1198/016214506000001437",
    },
  ],
  axis: "class",
  yTrue: classIndex,
  yPred: shareDomain,
  params: shareParams,
  value(yTrue, yPred, { fromLogits }) {
    // p_y²/‖p‖² is the softmax of 2z, of which log softmax has all digits on both sides.
    const cosine = fromLogits
      ? exp(mul(0.5, atLabel(yTrue, logSoftmax(mul(2, yPred)))))
      : cosineOf(atLabel(yTrue, yPred), sum(where(isLabel(yTrue, yPred), 0, square(yPred)), [-1]));
    return where(isKnownLabel(yTrue, yPred), neg(cosine), Number.NaN);
  },
  textbook([y]: readonly [number], x: readonly number[], kind) {
    const p = naiveShares(x, kind);
    return -(p[y] as number) / Math.sqrt(p.reduce((total, share) => total + share ** 2, 0));
  },
  examples: [
    { yTrue: 1, yPred: [0.5, 0.5], loss: -Math.SQRT1_2 },
    { yTrue: 0, yPred: [0.6, 0.8], loss: -0.6 },
    { yTrue: 0, yPred: [0, 0], params: { fromLogits: true }, loss: -Math.SQRT1_2 },
  ],
  traits: { smooth: true, proper: true },
});

/** own / √(own² + rest), divided by the larger side: near 1 the slope is of the size of rest. */
function cosineOf(own: Node, rest: Node): Node {
  const leads = less(rest, square(own));
  const lead = div(1, sqrt(add(1, div(where(leads, rest, 0), square(where(leads, own, 1))))));
  const behind = where(leads, 0, own);
  return where(leads, lead, div(behind, sqrt(add(square(behind), where(leads, 1, rest)))));
}

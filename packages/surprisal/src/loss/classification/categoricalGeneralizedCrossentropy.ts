import { constant, div, equal, expm1, log, logSoftmax, mul, neg, pow, sub, where } from "../../graph/index.ts";
import { isKnownLabel } from "../classes.ts";
import { defineLoss } from "../define.ts";
import { classIndex } from "../domain.ts";
import { unit } from "../params.ts";
import { atLabel, naiveShares, shareDomain, shareParams } from "./shares.ts";

/** (1 − p_y^q)/q, one number a row: cross-entropy as q goes to 0, and 1 − p_y at q = 1. */
export const categoricalGeneralizedCrossentropy = defineLoss({
  name: "categoricalGeneralizedCrossentropy",
  aliases: ["generalizedCrossEntropy", "gce", "gceLoss"],
  task: "multiclass",
  summary:
    "Between cross-entropy and mean absolute error, for labels some of which are wrong: no example costs more than 1/q.",
  formula: String.raw`\ell = \frac{1 - p_y^q}{q}, \quad q = 0: -\log p_y`,
  references: [
    {
      title:
        "Zhang, Sabuncu, Generalized Cross Entropy Loss for Training Deep Neural Networks with Noisy Labels (2018)",
      url: "https://arxiv.org/abs/1805.07836",
    },
  ],
  axis: "class",
  yTrue: classIndex,
  yPred: shareDomain,
  params: { ...shareParams, q: unit(0.5, "how far the loss is from cross-entropy") },
  value(yTrue, yPred, { q, fromLogits }) {
    const known = isKnownLabel(yTrue, yPred);
    if (fromLogits) {
      const logs = atLabel(yTrue, logSoftmax(yPred));
      return where(known, q === 0 ? neg(logs) : div(neg(expm1(mul(q, logs))), q), Number.NaN);
    }
    const p = atLabel(yTrue, yPred);
    if (q === 0) return where(known, neg(log(p)), Number.NaN);
    // The power itself at 0, where its slope is right; elsewhere by the logarithm, which keeps the digits near 1.
    const none = equal(p, 0);
    const power = pow(where(none, p, 1), constant(q, p.dtype, p.shape));
    const cost = where(none, sub(1, power), neg(expm1(mul(q, log(where(none, 1, p))))));
    return where(known, div(cost, q), Number.NaN);
  },
  textbook([y]: readonly [number], x: readonly number[], { q, ...kind }) {
    const p = naiveShares(x, kind)[y] as number;
    return q === 0 ? -Math.log(p) : (1 - p ** q) / q;
  },
  compat: [
    {
      framework: "keras",
      name: "keras.losses.CategoricalGeneralizedCrossEntropy",
      arguments: { q: "q" },
      differs: "Takes probabilities only.",
    },
  ],
  examples: [
    { yTrue: 0, yPred: [0.25, 0.75], loss: 1 },
    { yTrue: 1, yPred: [0, 1], loss: 0 },
    { yTrue: 1, yPred: [0, 0], params: { fromLogits: true, q: 1 }, loss: 0.5 },
  ],
  traits: { smooth: true, convex: true, nonNegative: true },
});

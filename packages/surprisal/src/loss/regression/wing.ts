import { add, div, less, log1p, mul, sub, where } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { real } from "../domain.ts";
import { positive } from "../params.ts";
import { magnitude } from "../special.ts";

/** w log(1 + |e|/epsilon) where |e| < w, and from there a line of slope 1; e = yPred − yTrue, averaged over the last axis. */
export const wing = defineLoss({
  name: "wing",
  aliases: ["wingLoss"],
  task: "regression",
  summary: "Steep near 0, so that small residuals go on pulling: for landmarks, which must be right to the pixel.",
  formula: String.raw`\ell = \begin{cases} w \log (1 + |e| / \epsilon) & |e| < w \\ |e| - w + w \log (1 + w / \epsilon) & |e| \ge w \end{cases}`,
  references: [
    {
      title: "Feng et al., Wing Loss for Robust Facial Landmark Localisation with Convolutional Neural Networks (2018)",
      url: "https://arxiv.org/abs/1711.06753",
    },
  ],
  yTrue: real,
  harmless: 0,
  params: {
    w: positive(10, "the residual at which the logarithm becomes a line"),
    epsilon: positive(2, "how sharply the curve bends"),
  },
  value(yTrue, yPred, { w, epsilon }) {
    const size = magnitude(sub(yPred, yTrue));
    const inside = less(size, w);
    const curve = mul(w, log1p(div(where(inside, size, w), epsilon)));
    return add(curve, sub(where(inside, w, size), w));
  },
  textbook(y: number, p: number, { w, epsilon }) {
    const e = Math.abs(p - y);
    return e < w ? w * Math.log(1 + e / epsilon) : e - (w - w * Math.log(1 + w / epsilon));
  },
  examples: [
    { yTrue: 1, yPred: 1, loss: 0 },
    { yTrue: 1, yPred: 3, loss: 10 * Math.LN2 },
  ],
  traits: { nonNegative: true, zeroAtTarget: true, symmetric: true },
  kinks: { of: "residual", at: [0] },
});

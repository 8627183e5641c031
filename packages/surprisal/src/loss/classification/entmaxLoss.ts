import { defineLoss } from "../define.ts";
import { distribution } from "../domain.ts";
import type { Param } from "../params.ts";
import { fenchelYoung, naiveFenchelYoung } from "./tsallis.ts";

const alpha: Param<number> = {
  kind: "number",
  default: 1.5,
  range: "a number from 1 up",
  doc: "how readily classes get probability 0: 1 is softmax (never), 2 is sparsemax",
  accepts: (value) => typeof value === "number" && Number.isFinite(value) && value >= 1,
};

/**
 * Ω*(z) + Ω(y) − ⟨z, y⟩ with Ω(p) = (Σ p^α − 1)/(α (α − 1)), one number a row, with the gradient entmax(z) − y. The threshold takes a fixed number of passes over a
 * row of C classes, in which nothing is differentiated: up to α = 2 `newtonSteps` (at α = 1.5 and 10 classes 13 in float64, 12 in float32), beyond
 * it bits + log₂ C, where bits is 53 or 24. At α = 1 it is KL(y ‖ softmax z).
 */
export const entmaxLoss = defineLoss({
  name: "entmaxLoss",
  aliases: ["fenchelYoungLoss", "fenchelYoung", "entmax", "entmax15Loss", "tsallisLoss", "tsallisFenchelYoung"],
  task: "multiclass",
  summary: "Between cross-entropy and the sparsemax loss: unlikely classes get a probability of exactly 0.",
  formula: String.raw`\ell = \max_p \bigl(\langle p, z \rangle - \Omega(p)\bigr) + \Omega(y) - \langle y, z \rangle, \quad \Omega(p) = \frac{\sum_c p_c^\alpha - 1}{\alpha (\alpha - 1)}`,
  references: [
    {
      title: "Peters, Niculae, Martins, Sparse Sequence-to-Sequence Models (2019)",
      url: "https://arxiv.org/abs/1905.05702",
    },
    {
      title: "Blondel, Martins, Niculae, Learning with Fenchel-Young Losses (2020)",
      url: "https://arxiv.org/abs/1901.02324",
    },
  ],
  axis: "class",
  yTrue: distribution,
  harmless: 0,
  params: { alpha },
  value: (yTrue, yPred, params) => fenchelYoung(yTrue, yPred, params.alpha),
  textbook: (y: readonly number[], z: readonly number[], params) => naiveFenchelYoung(y, z, params.alpha),
  examples: [
    { yTrue: [0, 1], yPred: [0, 0], loss: (4 - 2 * Math.SQRT2) / 3 },
    { yTrue: [1, 0], yPred: [0, 0], params: { alpha: 1 }, loss: Math.LN2 },
    { yTrue: [1, 0, 0], yPred: [3, 1, 0], loss: 0 },
  ],
  traits: { convex: true, nonNegative: true },
});

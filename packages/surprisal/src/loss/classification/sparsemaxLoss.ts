import { defineLoss } from "../define.ts";
import { distribution } from "../domain.ts";
import { fenchelYoung, naiveFenchelYoung } from "./tsallis.ts";

/**
 * ½ Σ_{z > τ} (z² − τ²) + ½ ‖y‖² − ⟨z, y⟩, one number a row, with the gradient sparsemax(z) − y: exactly 0 once the right logit leads by 1. τ takes
 * the smaller of C and 28 + log₂ C passes over a row of C classes (13 + log₂ C in float32), in which nothing is differentiated.
 */
export const sparsemaxLoss = defineLoss({
  name: "sparsemaxLoss",
  aliases: ["sparsemax", "multiclassSparsemaxLoss"],
  task: "multiclass",
  summary:
    "Cross-entropy's counterpart for sparsemax: nothing at all once the right logit leads by 1, and linear far off.",
  formula: String.raw`\ell = \tfrac12 \sum_{c: z_c > \tau} (z_c^2 - \tau^2) + \tfrac12 \lVert y \rVert^2 - \langle z, y \rangle, \quad \sum_c \max(z_c - \tau, 0) = 1`,
  references: [
    {
      title: "Martins, Astudillo, From Softmax to Sparsemax (2016)",
      url: "https://arxiv.org/abs/1602.02068",
    },
  ],
  axis: "class",
  yTrue: distribution,
  harmless: 0,
  value: (yTrue, yPred) => fenchelYoung(yTrue, yPred, 2),
  textbook: (y: readonly number[], z: readonly number[]) => naiveFenchelYoung(y, z, 2),
  compat: [
    {
      framework: "optax",
      name: "optax.losses.multiclass_sparsemax_loss",
      differs: "Labels are class numbers there, rows here.",
    },
  ],
  examples: [
    { yTrue: [0, 1], yPred: [0, 0], loss: 0.25 },
    { yTrue: [1, 0, 0], yPred: [3, 2, 1], loss: 0 },
    { yTrue: [1, 0], yPred: [0, 5], loss: 5 },
  ],
  traits: { convex: true, nonNegative: true },
});

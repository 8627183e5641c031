import { sub, where } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { real } from "../domain.ts";
import { cosine } from "./directions.ts";

/**
 * 1 − ⟨yTrue, yPred⟩ / (‖yTrue‖ ‖yPred‖) over the last axis, one number a row from 0 (same direction) to 2, with its digits near 0; 1
 * where either is the zero vector, and no gradient there.
 */
export const cosineDistance = defineLoss({
  name: "cosineDistance",
  task: "regression",
  summary: "One minus the cosine of the angle between target and prediction: cosineSimilarity from 0 up.",
  formula: String.raw`\ell = 1 - \frac{\langle y, \hat y \rangle}{\lVert y \rVert \, \lVert \hat y \rVert}`,
  axis: "class",
  oneClass: true,
  yTrue: real,
  value(yTrue, yPred) {
    const { from, rest, known } = cosine(yTrue, yPred);
    return where(known, sub(sub(1, from), rest), 1);
  },
  textbook(y: readonly number[], p: readonly number[]) {
    const length = (x: readonly number[]) => Math.hypot(...x);
    return 1 - y.reduce((s, x, i) => s + (x / length(y)) * ((p[i] as number) / length(p)), 0);
  },
  compat: [
    {
      framework: "optax",
      name: "optax.losses.cosine_distance",
      differs: "A zero vector gives NaN there unless epsilon is set.",
    },
  ],
  examples: [
    { yTrue: [3, 4], yPred: [6, 8], loss: 0 },
    { yTrue: [1, 0], yPred: [0, 2], loss: 1 },
    { yTrue: [0, 0], yPred: [1, 2], loss: 1 },
  ],
  traits: { nonNegative: true, zeroAtTarget: true, symmetric: true },
});

import { add, neg, where } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { real } from "../domain.ts";
import { cosine } from "./directions.ts";

/**
 * −⟨yTrue, yPred⟩ / (‖yTrue‖ ‖yPred‖) over the last axis, one number a row from −1 (same direction) to 1; 0 where either is the zero
 * vector, and no gradient there.
 */
export const cosineSimilarity = defineLoss({
  name: "cosineSimilarity",
  aliases: ["cosine", "cosineProximity", "cosineLoss", "negativeCosineSimilarity"],
  task: "regression",
  summary: "Minus the cosine of the angle between target and prediction: only the direction counts.",
  formula: String.raw`\ell = -\frac{\langle y, \hat y \rangle}{\lVert y \rVert \, \lVert \hat y \rVert}`,
  axis: "class",
  oneClass: true,
  yTrue: real,
  value(yTrue, yPred) {
    const { from, rest, known } = cosine(yTrue, yPred);
    return where(known, neg(add(from, rest)), 0);
  },
  textbook(y: readonly number[], p: readonly number[]) {
    const dot = (a: readonly number[], b: readonly number[]) => a.reduce((s, x, i) => s + x * (b[i] as number), 0);
    return -dot(y, p) / Math.sqrt(dot(y, y) * dot(p, p));
  },
  compat: [
    { framework: "keras", name: "keras.losses.CosineSimilarity" },
    {
      framework: "optax",
      name: "optax.losses.cosine_similarity",
      differs: "The cosine itself there, minus the cosine here; a zero vector gives NaN there unless epsilon is set.",
    },
  ],
  examples: [
    { yTrue: [3, 4], yPred: [6, 8], loss: -1 },
    { yTrue: [1, 0], yPred: [0, 2], loss: 0 },
    { yTrue: [0, 0], yPred: [1, 2], loss: 0 },
  ],
  traits: { symmetric: true },
});

import { add, maximum, minimum, sub } from "../../graph/index.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import { flag, nonNegative, positive } from "../params.ts";
import { distance, naiveDistance, squaredDistance, tripletParts } from "./distances.ts";

/** max(0, d(anchor, positive) − d(anchor, negative) + margin), one number a triplet. Where two rows are the same, their distance has no gradient. */
export const triplet = defineArrayLoss({
  name: "triplet",
  aliases: ["tripletMargin", "tripletMarginLoss", "tripletLoss"],
  task: "embedding",
  summary: "What belongs together should be nearer than what does not, by a margin.",
  formula: String.raw`\ell = \max\bigl(0, d(a, p) - d(a, n) + m\bigr)`,
  references: [
    {
      title: "Schroff, Kalenichenko, Philbin, FaceNet: A Unified Embedding for Face Recognition and Clustering (2015)",
      url: "https://arxiv.org/abs/1503.03832",
    },
  ],
  yPred: tripletParts,
  losses: "N",
  params: {
    margin: nonNegative(1, "by how much the negative should be farther"),
    p: positive(2, "the norm of the distances"),
    swap: flag(false, "whether the negative's distance is taken from the positive, too, if that is smaller"),
    squared: flag(false, "whether squared Euclidean distances are compared"),
    eps: nonNegative(0, "added to every difference, as PyTorch does with 1e-6"),
  },
  value(_, { anchor, positive: near, negative }, { margin, p, swap, squared, eps }) {
    const d = squared ? squaredDistance : (a: typeof anchor, b: typeof anchor) => distance(a, b, p, eps);
    const away = swap ? minimum(d(anchor, negative), d(near, negative)) : d(anchor, negative);
    return maximum(0, add(sub(d(anchor, near), away), margin));
  },
  textbook(_, x: Record<"anchor" | "positive" | "negative", number[][]>, { margin, p, swap, squared, eps }) {
    const d = (a: number[], b: number[]) => (squared ? naiveDistance(a, b) ** 2 : naiveDistance(a, b, p, eps));
    return x.anchor.map((a, i) => {
      const [near, far] = [x.positive[i] as number[], x.negative[i] as number[]];
      const away = swap ? Math.min(d(a, far), d(near, far)) : d(a, far);
      return Math.max(0, d(a, near) - away + margin);
    });
  },
  compat: [
    {
      framework: "pytorch",
      name: "torch.nn.TripletMarginLoss",
      arguments: { margin: "margin", p: "p", eps: "eps", swap: "swap" },
      options: { eps: 1e-6 },
    },
    {
      framework: "optax",
      name: "optax.losses.triplet_margin_loss",
      arguments: { margin: "margin", norm_degree: "p" },
      differs: "eps (1e-6) is added to the sum under the root there, and odd norms take no absolute values.",
    },
  ],
  examples: [
    { yTrue: undefined, yPred: { anchor: [[0, 0]], positive: [[3, 4]], negative: [[0, 2]] }, loss: 4 },
    { yTrue: undefined, yPred: { anchor: [[0, 0]], positive: [[0, 1]], negative: [[3, 4]] }, loss: 0 },
  ],
  traits: { nonNegative: true },
});

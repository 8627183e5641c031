import { add, equal, maximum, sub, where } from "../../graph/index.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import { finite } from "../params.ts";
import { cosine } from "../regression/directions.ts";
import { naiveCosine, pairParts } from "./distances.ts";
import { plusMinus } from "./pairs.ts";

/** 1 − cos for a pair labelled 1 and max(0, cos − margin) for one labelled −1; one number a pair. A zero vector has cosine 0 and no gradient. */
export const cosineEmbedding = defineArrayLoss({
  name: "cosineEmbedding",
  aliases: ["cosineEmbeddingLoss"],
  task: "embedding",
  summary: "Pairs that belong together should point the same way, others should not.",
  formula: String.raw`\ell = \begin{cases} 1 - \cos & y = 1 \\ \max(0, \cos - m) & y = -1 \end{cases}`,
  references: [{ title: "PyTorch's CosineEmbeddingLoss, which this follows but for its epsilon" }],
  yTrue: { axes: "N", domain: plusMinus, doc: "1 for a pair that belongs together, -1 for one that does not" },
  yPred: pairParts,
  losses: "N",
  params: { margin: finite(0, "the cosine up to which pairs that do not belong together may agree") },
  value(yTrue, { first, second }, { margin }) {
    const { from, rest, known } = cosine(first, second);
    const [base, more] = [where(known, from, 0), where(known, rest, 0)];
    return where(equal(yTrue, 1), sub(sub(1, base), more), maximum(0, add(sub(base, margin), more)));
  },
  textbook: (y: number[], x: Record<"first" | "second", number[][]>, { margin }) =>
    y.map((label, i) => {
      const c = naiveCosine(x.first[i] as number[], x.second[i] as number[]);
      return label === 1 ? 1 - c : Math.max(0, c - margin);
    }),
  compat: [
    {
      framework: "pytorch",
      name: "torch.nn.CosineEmbeddingLoss",
      arguments: { margin: "margin" },
      differs: "1e-12 is added to squared lengths there.",
    },
  ],
  examples: [
    { yTrue: [1], yPred: { first: [[3, 4]], second: [[6, 8]] }, loss: 0 },
    { yTrue: [1], yPred: { first: [[1, 0]], second: [[0, 1]] }, loss: 1 },
    { yTrue: [-1], yPred: { first: [[3, 4]], second: [[6, 8]] }, options: { margin: 0.25 }, loss: 0.75 },
  ],
  traits: { nonNegative: true },
});

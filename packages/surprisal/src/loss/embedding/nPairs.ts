import { costOfPicked } from "../classification/rows.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import { naiveDot, pairParts } from "./distances.ts";
import { diagonal, products } from "./similarities.ts";

/** log(1 + Σ_{j≠i} e^(⟨first_i, second_j⟩ − ⟨first_i, second_i⟩)), one number a row: one positive against all other rows' partners. */
export const nPairs = defineArrayLoss({
  name: "nPairs",
  aliases: ["multiClassNPair", "nPairLoss"],
  task: "embedding",
  summary: "Each row against its partner and, as negatives, the partners of all other rows; by products, not cosines.",
  formula: String.raw`\ell_i = \log\Bigl(1 + \sum_{j \ne i} e^{\langle a_i, b_j \rangle - \langle a_i, b_i \rangle}\Bigr)`,
  references: [{ title: "Sohn, Improved Deep Metric Learning with Multi-class N-pair Loss Objective (2016)" }],
  yPred: pairParts,
  losses: "N",
  together: true,
  value(_, { first, second }) {
    const similarity = products(first, second);
    return costOfPicked(diagonal(similarity), similarity);
  },
  textbook: (_, x: Record<"first" | "second", number[][]>) =>
    x.first.map((a, i) => {
      const own = naiveDot(a, x.second[i] as number[]);
      return Math.log(x.second.reduce((total, b) => total + Math.exp(naiveDot(a, b) - own), 0));
    }),
  examples: [{ yTrue: undefined, yPred: { first: [[1], [1]], second: [[2], [2]] }, loss: Math.LN2 }],
  traits: { smooth: true, nonNegative: true },
});

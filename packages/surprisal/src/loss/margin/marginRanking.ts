import { maximum, mul, sub } from "../../graph/index.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import { logits } from "../domain.ts";
import { plusMinus } from "../embedding/pairs.ts";
import { finite } from "../params.ts";

/** max(0, −y (first − second) + margin), one number a pair; y = 1 where the first should score higher, −1 where the second should. */
export const marginRanking = defineArrayLoss({
  name: "marginRanking",
  aliases: ["marginRankingLoss"],
  task: "ranking",
  summary: "Of two scores the right one should be higher, by a margin.",
  formula: String.raw`\ell = \max\bigl(0, -y (s_1 - s_2) + m\bigr)`,
  references: [{ title: "Herbrich, Graepel, Obermayer, Large Margin Rank Boundaries for Ordinal Regression (2000)" }],
  yTrue: { axes: "N", domain: plusMinus, doc: "1 where the first should score higher, -1 where the second should" },
  yPred: {
    first: { axes: "N", domain: logits, doc: "scores" },
    second: { axes: "N", domain: logits, doc: "the scores that they are compared with" },
  },
  losses: "N",
  params: { margin: finite(0, "by how much the right one should be higher") },
  value: (yTrue, { first, second }, { margin }) => maximum(0, sub(margin, mul(yTrue, sub(first, second)))),
  textbook: (y: number[], x: Record<"first" | "second", number[]>, { margin }) =>
    y.map((label, i) => Math.max(0, -label * ((x.first[i] as number) - (x.second[i] as number)) + margin)),
  compat: [{ framework: "pytorch", name: "torch.nn.MarginRankingLoss", arguments: { margin: "margin" } }],
  examples: [
    { yTrue: [1], yPred: { first: [1], second: [3] }, loss: 2 },
    { yTrue: [-1], yPred: { first: [1], second: [3] }, options: { margin: 5 }, loss: 3 },
  ],
  traits: { convex: true, nonNegative: true },
});

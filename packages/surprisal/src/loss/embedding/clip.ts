import { add, mean, mul, transpose } from "../../graph/index.ts";
import { costOfPicked } from "../classification/rows.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import { positive } from "../params.ts";
import { naiveCosine, pairParts } from "./distances.ts";
import { cosines, diagonal } from "./similarities.ts";

/** Half of the mean cross-entropy of the rows and half of that of the columns of scale · cosines, with targets on the diagonal; one value a batch. */
export const clip = defineArrayLoss({
  name: "clip",
  aliases: ["clipLoss", "contrastiveLanguageImage", "symmetricInfoNce"],
  task: "embedding",
  summary: "Two kinds of things in one space: each finds its partner among all of the batch, in both directions.",
  formula: String.raw`\ell = \frac{1}{2N} \sum_i \bigl(-\log \operatorname{softmax}_j(S_{ij})_i - \log \operatorname{softmax}_j(S_{ji})_i\bigr)`,
  references: [
    {
      title: "Radford et al., Learning Transferable Visual Models From Natural Language Supervision (2021)",
      url: "https://arxiv.org/abs/2103.00020",
    },
  ],
  yPred: pairParts,
  losses: "",
  params: { scale: positive(2, "what cosines are multiplied by; one over a temperature") },
  value(_, { first, second }, { scale }) {
    const s = mul(scale, cosines(first, second));
    const own = diagonal(s);
    return mul(0.5, add(mean(costOfPicked(own, s)), mean(costOfPicked(own, transpose(s)))));
  },
  textbook(_, x: Record<"first" | "second", number[][]>, { scale }) {
    const s = x.first.map((a) => x.second.map((b) => scale * naiveCosine(a, b)));
    const lse = (row: readonly number[]) => Math.log(row.reduce((total, z) => total + Math.exp(z), 0));
    const costs = s.map((row, i) => (lse(row) + lse(s.map((other) => other[i] as number))) / 2 - (row[i] as number));
    return [costs.reduce((a, b) => a + b, 0) / costs.length];
  },
  examples: [{ yTrue: undefined, yPred: { first: [[1], [1]], second: [[2], [3]] }, loss: Math.LN2 }],
  traits: { smooth: true, nonNegative: true },
});

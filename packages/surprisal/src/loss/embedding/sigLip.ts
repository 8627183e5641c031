import { add, div, mul, neg, softplus, sum, where } from "../../graph/index.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import { finite, positive } from "../params.ts";
import { naiveCosine, pairParts } from "./distances.ts";
import { cosines, diagonal } from "./similarities.ts";

/** (1/N) Σ_ij log(1 + e^(∓(scale · cos_ij + bias))), minus on the diagonal; one value a batch. Every pair is judged on its own. */
export const sigLip = defineArrayLoss({
  name: "sigLip",
  aliases: ["sigmoidContrastive", "sigLipLoss"],
  task: "embedding",
  summary: "Two kinds of things in one space, each pair a yes-or-no question: no softmax over the batch.",
  formula: String.raw`\ell = \frac1N \sum_{ij} \log\bigl(1 + e^{-z_{ij} (t \cos_{ij} + b)}\bigr)`,
  references: [
    {
      title: "Zhai et al., Sigmoid Loss for Language Image Pre-Training (2023)",
      url: "https://arxiv.org/abs/2303.15343",
    },
  ],
  yPred: pairParts,
  losses: "",
  params: {
    scale: positive(10, "what cosines are multiplied by"),
    bias: finite(-10, "what is added: most pairs do not belong together"),
  },
  value(_, { first, second }, { scale, bias }) {
    const s = add(mul(scale, cosines(first, second)), bias);
    return div(sum(softplus(where(diagonal(s), neg(s), s))), s.shape[0] as number);
  },
  textbook(_, x: Record<"first" | "second", number[][]>, { scale, bias }) {
    const costs = x.first.flatMap((a, i) =>
      x.second.map((b, j) => Math.log(1 + Math.exp((i === j ? -1 : 1) * (scale * naiveCosine(a, b) + bias)))),
    );
    return [costs.reduce((a, b) => a + b, 0) / x.first.length];
  },
  examples: [
    { yTrue: undefined, yPred: { first: [[1]], second: [[1]] }, loss: Math.LN2 },
    { yTrue: undefined, yPred: { first: [[1, 0]], second: [[0, 1]] }, options: { bias: 0 }, loss: Math.LN2 },
  ],
  traits: { smooth: true, nonNegative: true },
});

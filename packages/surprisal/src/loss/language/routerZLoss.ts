import { logSumExp, square } from "../../graph/index.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import { logits } from "../domain.ts";

/** (log Σ e^z)², one number a token: keeps a router's logits small. It has no targets. */
export const routerZLoss = defineArrayLoss({
  name: "routerZLoss",
  aliases: ["zLoss", "moeZLoss"],
  task: "language",
  summary: "Keeps the logits of a router, or of any softmax, near log-probabilities.",
  formula: String.raw`\ell = \Bigl(\log \sum_e e^{z_e}\Bigr)^2`,
  references: [
    {
      title: "Zoph et al., ST-MoE: Designing Stable and Transferable Sparse Expert Models (2022)",
      url: "https://arxiv.org/abs/2202.08906",
    },
  ],
  yPred: { axes: "... C", domain: logits, doc: "logits, one row a token" },
  losses: "...",
  value: (_, yPred) => square(logSumExp(yPred)),
  textbook: (_, yPred: number[][]) =>
    yPred.map((row) => Math.log(row.reduce((total, z) => total + Math.exp(z), 0)) ** 2),
  examples: [
    { yTrue: undefined, yPred: [[0, 0]], loss: Math.LN2 ** 2 },
    { yTrue: undefined, yPred: [[3]], loss: 9 },
  ],
  traits: { smooth: true, nonNegative: true },
});

import { broadcastTo, cast, div, maximum, reshape, softplus, sub, sum, where } from "../../graph/index.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import { positive } from "../params.ts";
import { naiveCosine } from "./distances.ts";
import { anyOf, cosines, labelled, logSumOf, pairsOf } from "./similarities.ts";

/**
 * For every ordered pair of rows of one label, −log of its share among itself and all rows of other labels, by cosines over a temperature; the
 * mean over the pairs, one value a batch, 0 without pairs. Two views of one thing share a label.
 */
export const ntXent = defineArrayLoss({
  name: "ntXent",
  aliases: ["simClr", "normalizedTemperatureScaledCrossentropy", "ntXentLoss"],
  task: "embedding",
  summary: "Views of one thing are drawn together, away from views of all other things in the batch.",
  formula: String.raw`\ell_{ij} = \log\Bigl(e^{s_{ij}/\tau} + \sum_{k: y_k \ne y_i} e^{s_{ik}/\tau}\Bigr) - s_{ij}/\tau`,
  references: [
    {
      title: "Chen et al., A Simple Framework for Contrastive Learning of Visual Representations (2020)",
      url: "https://arxiv.org/abs/2002.05709",
    },
  ],
  ...labelled,
  losses: "",
  params: { temperature: positive(0.5, "what cosines are divided by") },
  value(yTrue, yPred, { temperature }) {
    const s = div(cosines(yPred, yPred), temperature);
    const { positive: pair, negative } = pairsOf(yTrue);
    const column = (x: typeof s) => broadcastTo(reshape(x, [x.shape[0] as number, 1]), s.shape);
    const others = sub(column(logSumOf(negative, s)), s);
    // Without rows of other labels a pair has all of the mass.
    const costs = where(column(anyOf(negative, s)), softplus(others), 0);
    return div(sum(where(pair, costs, 0)), maximum(sum(cast(pair, s.dtype)), 1));
  },
  textbook(y: number[], x: number[][], { temperature }) {
    const s = x.map((a) => x.map((b) => naiveCosine(a, b) / temperature));
    const costs = y.flatMap((label, i) =>
      y.flatMap((other, j) => {
        if (i === j || label !== other) return [];
        const own = s[i]?.[j] as number;
        const rest = y.reduce((total, l, k) => total + (l === label ? 0 : Math.exp(s[i]?.[k] as number)), 0);
        return [Math.log(Math.exp(own) + rest) - own];
      }),
    );
    return [costs.length === 0 ? 0 : costs.reduce((a, b) => a + b, 0) / costs.length];
  },
  compat: [
    {
      framework: "optax",
      name: "optax.losses.ntxent",
      arguments: { temperature: "temperature" },
      options: { temperature: 0.07 },
      differs: "NaN there without any pair of one label.",
    },
  ],
  examples: [
    { yTrue: [0, 0, 1], yPred: [[1], [1], [1]], loss: Math.LN2 },
    { yTrue: [0, 1], yPred: [[1], [2]], loss: 0 },
  ],
  traits: { smooth: true, nonNegative: true },
});

import { add, broadcastTo, div, mul, type Node, reshape, slice, square, sub, sum } from "../../graph/index.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import { logits, real } from "../domain.ts";
import { positive } from "../params.ts";
import { antidiagonals, logAdd, moved } from "./lattice.ts";

/**
 * The soft minimum over all ways of stretching two sequences onto each other of the summed squared distances between what is matched: dynamic time warping
 * that has a gradient; one number a pair, which may be below 0. Costs T + S steps over S states.
 */
export const softDtw = defineArrayLoss({
  name: "softDtw",
  aliases: ["softDynamicTimeWarping", "dtw"],
  task: "sequence",
  summary: "The distance between two series that may run at different speeds.",
  formula: String.raw`\ell = r_{TS}, \quad r_{ij} = \lVert x_i - y_j \rVert^2 + \min\nolimits_\gamma(r_{i-1,j}, r_{i,j-1}, r_{i-1,j-1})`,
  references: [
    {
      title: "Cuturi, Blondel, Soft-DTW: a Differentiable Loss Function for Time-Series (2017)",
      url: "https://arxiv.org/abs/1703.01541",
    },
  ],
  yTrue: { axes: "N S D", domain: real, doc: "series" },
  yPred: { axes: "N T D", domain: logits, doc: "the series that are to follow them, of the same length or another" },
  losses: "N",
  params: { gamma: positive(1, "how soft the minimum is; near 0 it is that of dynamic time warping") },
  value(yTrue, yPred, { gamma }) {
    const [n, steps, width] = yPred.shape as [number, number, number];
    const others = yTrue.shape[1] as number;
    const grid = [n, steps, others, width];
    const left = broadcastTo(reshape(yPred, [n, steps, 1, width]), grid);
    const right = broadcastTo(reshape(yTrue, [n, 1, others, width]), grid);
    const [first, ...rest] = antidiagonals(div(sum(square(sub(left, right)), [-1]), -gamma)) as [Node, ...Node[]];
    // The negatives over gamma, of which a soft minimum is a logarithm of a sum.
    let [before, paths] = [moved(first, others), first];
    for (const diagonal of rest) {
      const next = add(logAdd(paths, moved(paths, 1), moved(before, 1)), diagonal);
      [before, paths] = [paths, next];
    }
    return mul(-gamma, reshape(slice(paths, [0, others - 1], [n, 1]), [n]));
  },
  textbook(y: number[][][], x: number[][][], { gamma }) {
    return x.map((series, n) => {
      const other = y[n] as number[][];
      const total = (i: number, j: number): number => {
        const d = (series[i] as number[]).reduce((s, v, k) => s + (v - (other[j]?.[k] as number)) ** 2, 0);
        const ways = [
          [i - 1, j],
          [i, j - 1],
          [i - 1, j - 1],
        ].filter(([a, b]) => (a as number) >= 0 && (b as number) >= 0) as [number, number][];
        if (ways.length === 0) return d;
        return d - gamma * Math.log(ways.reduce((s, [a, b]) => s + Math.exp(-total(a, b) / gamma), 0));
      };
      return total(series.length - 1, other.length - 1);
    });
  },
  examples: [
    { yTrue: [[[1]]], yPred: [[[3]]], loss: 4 },
    { yTrue: [[[1]]], yPred: [[[3], [2]]], options: { gamma: 0.5 }, loss: 5 },
  ],
});

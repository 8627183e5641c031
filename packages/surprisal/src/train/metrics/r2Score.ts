import { choice, number } from "../../base/parameters.ts";
import { sizeOf } from "../../base/shape.ts";
import { add, broadcastTo, constant, type Node, reshape, square, sub, sum, weighted } from "../../graph/index.ts";
import { rowsOf, rowWeights } from "./align.ts";
import { defineMetric } from "./define.ts";
import { bothWide } from "./figures.ts";

const names = ["sum", "squaredSum", "residual", "count"] as const;

/**
 * The coefficient of determination, 1 − Σ w (y − p)² / Σ w (y − ȳ)², for each output and then averaged. Nothing seen: NaN.
 * `values` has one figure for each output. With `numRegressors` it is adjusted for that many predictors. As in Keras.
 */
export const r2Score = defineMetric({
  name: "r2Score",
  aliases: ["r2"],
  summary: "The share of the targets' variance that predictions explain.",
  better: "higher",
  parameters: {
    classAggregation: choice(
      ["uniformAverage", "varianceWeightedAverage"],
      "uniformAverage",
      "how outputs are averaged",
    ),
    numRegressors: number(0, "predictors to adjust for", { min: 0, integer: true }),
  },
  build({ classAggregation, numRegressors }, { yPredShape }) {
    const outputs = sizeOf(yPredShape.slice(1));
    type Held = Readonly<Record<string, ArrayLike<number>>>;
    const column = (held: Held, name: string) => Array.from(held[name] as ArrayLike<number>);
    function scores(held: Held): { scores: number[]; totals: number[] } {
      const [sums, squares, residuals, counts] = names.map((name) => column(held, name)) as [
        number[],
        number[],
        number[],
        number[],
      ];
      const totals = sums.map((total, i) => (squares[i] as number) - total * (total / (counts[i] as number)));
      const raw = totals.map((total, i) => 1 - (residuals[i] as number) / total);
      return { scores: raw.map((score) => (Math.abs(score) === Infinity ? 0 : score)), totals };
    }
    function adjusted(score: number, samples: number): number {
      const free = samples - numRegressors - 1;
      return numRegressors === 0 || free <= 0 ? score : 1 - ((1 - score) * (samples - 1)) / free;
    }
    return {
      state: [
        ...names.map((name) => ({ name, shape: [outputs], initial: 0 })),
        { name: "samples", shape: [], initial: 0 },
      ],
      update({ yTrue, yPred, sampleWeight, state }) {
        const rows = rowsOf(yPred);
        const [y, p] = bothWide(yTrue, yPred).map((x) => reshape(x, [rows, outputs])) as [Node, Node];
        const one = constant(1, "float64", [rows]);
        const weights = sampleWeight === undefined ? one : rowWeights(sampleWeight, rows);
        const w = broadcastTo(reshape(weights, [rows, 1]), [rows, outputs]);
        const more = {
          sum: weighted(w, y),
          squaredSum: weighted(w, square(y)),
          residual: weighted(w, square(sub(y, p))),
          count: w,
        };
        const next = names.map((name) => [name, add(state[name] as Node, sum(more[name], [0]))]);
        return { ...Object.fromEntries(next), samples: add(state.samples as Node, rows * outputs) };
      },
      values: (held) => scores(held).scores.map((score) => adjusted(score, held.samples?.[0] as number)),
      result(held) {
        const { scores: each, totals } = scores(held);
        const shares = classAggregation === "uniformAverage" ? totals.map(() => 1) : totals;
        const total = shares.reduce((a, b) => a + b, 0);
        const score = each.reduce((a, b, i) => a + b * (shares[i] as number), 0) / total;
        return adjusted(score, held.samples?.[0] as number);
      },
    };
  },
});

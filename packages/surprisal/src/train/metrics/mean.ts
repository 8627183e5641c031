/** Metrics that are a (weighted) mean of a figure for each row: Σ w · v / Σ w, and 0 with nothing in it. */
import { add, constant, type Node, sum, weighted } from "../../graph/index.ts";
import { meanFrom, rowWeights, wide } from "./align.ts";
import type { MetricBody } from "./define.ts";

/** What each row (and, for outputs of more axes, each position) is worth. */
type Figures = (yTrue: Node, yPred: Node) => Node;

/** Σ and count of one batch. Values of more axes than the weights are averaged over them first, as in Keras. */
function totals(values: Node, sampleWeight: Node | undefined): { total: Node; count: Node } {
  if (sampleWeight === undefined) {
    const rows = meanFrom(values, 1);
    return { total: sum(rows), count: constant(values.shape[0] ?? 1, "float64") };
  }
  const weights = rowWeights(sampleWeight, values.shape[0] ?? 1);
  const figures = meanFrom(values, weights.shape.length);
  return { total: sum(meanFrom(weighted(weights, figures), 1)), count: sum(meanFrom(weights, 1)) };
}

export function meanOf(figures: Figures, finish: (mean: number) => number = (mean) => mean): MetricBody {
  return {
    state: [
      { name: "total", shape: [], initial: 0 },
      { name: "count", shape: [], initial: 0 },
    ],
    update({ yTrue, yPred, sampleWeight, state }) {
      const { total, count } = totals(wide(figures(yTrue, yPred)), sampleWeight);
      return { total: add(state.total as Node, total), count: add(state.count as Node, count) };
    },
    result({ total, count }) {
      const divisor = count?.[0] as number;
      return finish(divisor === 0 ? 0 : (total?.[0] as number) / divisor);
    },
  };
}

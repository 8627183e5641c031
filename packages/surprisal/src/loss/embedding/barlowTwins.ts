import {
  abs,
  add,
  broadcastTo,
  div,
  matmul,
  mean,
  mul,
  type Node,
  sqrt,
  square,
  stopGradient,
  sub,
  sum,
  where,
} from "../../graph/index.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import { nonNegative } from "../params.ts";
import { binaryUnit } from "../special.ts";
import { pairParts } from "./distances.ts";
import { centred, diagonal } from "./statistics.ts";

/** Columns with mean 0 and (biased) standard deviation 1. */
function standard(view: Node): Node {
  const apart = centred(view);
  // The unit does not matter: one of their size, so that no square is too small or too large for a number.
  const unit = binaryUnit(stopGradient(mean(abs(apart), [0], { keepDims: true })));
  const z = div(apart, broadcastTo(unit, apart.shape));
  return div(z, broadcastTo(sqrt(mean(square(z), [0], { keepDims: true })), z.shape));
}

/**
 * Σ_i (1 − C_ii)² + lambda Σ_{i≠j} C_ij², C the correlations between the features of two views over the batch; one value a batch. A feature
 * that does not vary makes it NaN.
 */
export const barlowTwins = defineArrayLoss({
  name: "barlowTwins",
  aliases: ["barlowTwinsLoss"],
  task: "embedding",
  summary: "Features of two views should be the same, and each say something of its own.",
  formula: String.raw`\ell = \sum_i (1 - C_{ii})^2 + \lambda \sum_{i \ne j} C_{ij}^2`,
  references: [
    {
      title: "Zbontar et al., Barlow Twins: Self-Supervised Learning via Redundancy Reduction (2021)",
      url: "https://arxiv.org/abs/2103.03230",
    },
  ],
  yPred: pairParts,
  losses: "",
  params: { lambda: nonNegative(5e-3, "the weight of correlations between different features") },
  value(_, { first, second }, { lambda }) {
    const [a, b] = [standard(first), standard(second)];
    const correlations = div(matmul(a, b, { transposeA: true }), first.shape[0] as number);
    const own = diagonal(correlations);
    // 1 − C_ii is half of the mean squared difference: nothing cancels where the views agree.
    const apart = mul(0.5, mean(square(sub(a, b)), [0]));
    const others = where(own, 0, correlations);
    return add(sum(square(apart)), mul(lambda, sum(square(others))));
  },
  textbook(_, x: Record<"first" | "second", number[][]>, { lambda }) {
    const rows = x.first.length;
    const width = (x.first[0] as number[]).length;
    const standardised = (view: number[][]) =>
      Array.from({ length: width }, (_, d) => {
        const column = view.map((row) => row[d] as number);
        const m = column.reduce((a, b) => a + b, 0) / rows;
        const s = Math.sqrt(column.reduce((total, v) => total + (v - m) ** 2, 0) / rows);
        return column.map((v) => (v - m) / s);
      });
    const [a, b] = [standardised(x.first), standardised(x.second)] as [number[][], number[][]];
    const terms = a.flatMap((u, i) =>
      b.map((v, j) => {
        const c = u.reduce((total, value, r) => total + value * (v[r] as number), 0) / rows;
        return i === j ? (1 - c) ** 2 : lambda * c ** 2;
      }),
    );
    return [terms.reduce((s, t) => s + t, 0)];
  },
  examples: [
    { yTrue: undefined, yPred: { first: [[1], [3]], second: [[2], [8]] }, loss: 0 },
    { yTrue: undefined, yPred: { first: [[1], [3]], second: [[8], [2]] }, loss: 4 },
  ],
  traits: { smooth: true, nonNegative: true },
});

import { add, div, matmul, maximum, mean, mul, type Node, sqrt, square, sub, sum, where } from "../../graph/index.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import { nonNegative, positive } from "../params.ts";
import { pairParts } from "./distances.ts";
import { centred, diagonal } from "./statistics.ts";

/**
 * invariance · mean (a − b)² + variance/2 · Σ over views of mean_d max(0, γ − √(var_d + eps)) + covariance · Σ over views of
 * (1/D) Σ_{i≠j} cov_ij²; one value a batch, with unbiased variances and covariances. Needs at least two rows.
 */
export const vicReg = defineArrayLoss({
  name: "vicReg",
  aliases: ["varianceInvarianceCovariance", "vicRegLoss"],
  task: "embedding",
  summary: "Two views should agree, while every feature keeps varying and no two features say the same.",
  formula: String.raw`\ell = \lambda\, \overline{(a - b)^2} + \tfrac\mu2 \sum_{x} \overline{\max\bigl(0, \gamma - \sqrt{\operatorname{var}_d + \epsilon}\bigr)} + \nu \sum_{x} \tfrac1D \sum_{i \ne j} \operatorname{cov}_{ij}^2`,
  references: [
    {
      title:
        "Bardes, Ponce, LeCun, VICReg: Variance-Invariance-Covariance Regularization for Self-Supervised Learning (2022)",
      url: "https://arxiv.org/abs/2105.04906",
    },
  ],
  yPred: pairParts,
  losses: "",
  params: {
    invariance: nonNegative(25, "the weight of the views' agreement"),
    variance: nonNegative(25, "the weight of the features' spread"),
    covariance: nonNegative(1, "the weight of their independence"),
    gamma: positive(1, "the standard deviation that a feature should have at least"),
    eps: nonNegative(1e-4, "added to variances"),
  },
  value(_, { first, second }, { invariance, variance, covariance, gamma, eps }) {
    const parts = [first, second].map((view): { spread: Node; overlap: Node } => {
      const rows = view.shape[0] as number;
      const z = centred(view);
      const covariances = div(matmul(z, z, { transposeA: true }), rows - 1);
      const variances = div(sum(square(z), [0]), rows - 1);
      const off = where(diagonal(covariances), 0, covariances);
      return {
        spread: mean(maximum(0, sub(gamma, sqrt(add(variances, eps))))),
        overlap: div(sum(square(off)), view.shape[1] as number),
      };
    }) as [{ spread: Node; overlap: Node }, { spread: Node; overlap: Node }];
    const [a, b] = parts;
    return add(
      mul(invariance, mean(square(sub(first, second)))),
      add(mul(variance / 2, add(a.spread, b.spread)), mul(covariance, add(a.overlap, b.overlap))),
    );
  },
  textbook(_, x: Record<"first" | "second", number[][]>, { invariance, variance, covariance, gamma, eps }) {
    const width = (x.first[0] as number[]).length;
    const indices = Array.from({ length: width }, (_, d) => d);
    const average = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    const covarianceOf = (view: number[][], i: number, j: number) => {
      const [mi, mj] = [i, j].map((d) => average(view.map((row) => row[d] as number))) as [number, number];
      const products = view.map((row) => ((row[i] as number) - mi) * ((row[j] as number) - mj));
      return products.reduce((a, b) => a + b, 0) / (view.length - 1);
    };
    const apart = average(x.first.flatMap((row, r) => row.map((v, d) => (v - (x.second[r]?.[d] as number)) ** 2)));
    const views = [x.first, x.second].map((view) => {
      const spread = average(indices.map((d) => Math.max(0, gamma - Math.sqrt(covarianceOf(view, d, d) + eps))));
      const overlap = indices.flatMap((i) => indices.filter((j) => j !== i).map((j) => covarianceOf(view, i, j) ** 2));
      return (variance / 2) * spread + (covariance * overlap.reduce((a, b) => a + b, 0)) / width;
    });
    return [invariance * apart + (views[0] as number) + (views[1] as number)];
  },
  examples: [
    { yTrue: undefined, yPred: { first: [[3], [-3]], second: [[3], [-3]] }, loss: 0 },
    { yTrue: undefined, yPred: { first: [[3], [-3]], second: [[5], [-5]] }, loss: 100 },
  ],
  traits: { nonNegative: true },
});

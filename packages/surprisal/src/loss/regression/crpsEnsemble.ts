import { ShapeError } from "../../base/errors.ts";
import {
  add,
  broadcastTo,
  div,
  equal,
  iota,
  maximum,
  minimum,
  mul,
  type Node,
  reshape,
  sub,
  sum,
  where,
} from "../../graph/index.ts";
import { alongClasses } from "../classes.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import { logits, real } from "../domain.ts";
import { flag } from "../params.ts";
import { magnitude } from "../special.ts";

/**
 * mean_i |x_i − y| − Σ_ij |x_i − x_j| / (2 M²) over the M members of an ensemble on the last axis of yPred; with `fair` the second
 * divisor is 2 M (M − 1). yTrue has one number for each ensemble.
 *
 * Members on different sides of y add nothing to it, and two on one side the smaller of their distances: |x_i − y| + |x_j − y| −
 * |x_i − x_j| is twice that. So it is a mean of numbers from 0 up, and nothing cancels.
 * @throws ShapeError for `fair` with one member.
 */
export const crpsEnsemble = defineArrayLoss({
  name: "crpsEnsemble",
  aliases: ["ensembleCrps", "crpsSamples", "energyForm"],
  task: "regression",
  summary: "How well the members of an ensemble, as a distribution, foresaw the one number that came.",
  formula: String.raw`\ell = \frac1M \sum_i |x_i - y| - \frac{1}{2 M^2} \sum_{i, j} |x_i - x_j|`,
  references: [
    {
      title: "Gneiting, Raftery, Strictly Proper Scoring Rules, Prediction, and Estimation (2007)",
      url: "https://doi.org/10.1198/016214506000001437",
    },
    {
      title: "Ferro, Fair scores for ensemble forecasts (2014)",
      url: "https://doi.org/10.1002/qj.2270",
    },
  ],
  yTrue: { axes: "...", domain: real, doc: "the number that came" },
  yPred: { axes: "... M", domain: logits, doc: "what each member of the ensemble predicted", harmless: 0 },
  losses: "...",
  params: { fair: flag(false, "whether the members stand for a distribution of which they are a sample") },
  value(yTrue, yPred, { fair }) {
    const members = yPred.shape.at(-1) as number;
    if (fair && members < 2) throw oneMember();
    const residual = sub(yPred, alongClasses(yTrue, yPred));
    const size = magnitude(residual);
    const above = mul(0.5, add(size, residual));
    const below = mul(0.5, sub(size, residual));
    const shared = add(smallerOfPairs(above), smallerOfPairs(below));
    if (!fair) return div(sum(shared, [-2, -1]), members * members);
    const isSelf = equal(iota(-1, shared.shape), iota(-2, shared.shape));
    return div(sum(where(isSelf, 0, shared), [-2, -1]), members * (members - 1));
  },
  textbook: (y: number[], x: number[][], { fair }) =>
    x.map((row, r) => {
      const m = row.length;
      const spread = row.reduce((total, a) => total + row.reduce((s, b) => s + Math.abs(a - b), 0), 0);
      const off = row.reduce((total, a) => total + Math.abs(a - (y[r] as number)), 0);
      return off / m - spread / (2 * m * (fair ? m - 1 : m));
    }),
  examples: [
    { yTrue: [1], yPred: [[1, 1]], loss: 0 },
    { yTrue: [0], yPred: [[3]], loss: 3 },
    { yTrue: [0], yPred: [[-1, 2]], loss: 0.75 },
    { yTrue: [0], yPred: [[1, 3]], options: { fair: true }, loss: 1 },
  ],
});

/** min(x_i, x_j) for all pairs of the last axis, which becomes two; both from 0 up. Pairs of zeros have no slope. */
function smallerOfPairs(x: Node): Node {
  const members = x.shape.at(-1) as number;
  const pairs = [...x.shape, members];
  const first = broadcastTo(reshape(x, [...x.shape, 1]), pairs);
  const second = broadcastTo(reshape(x, [...x.shape.slice(0, -1), 1, members]), pairs);
  return where(equal(maximum(first, second), 0), 0, minimum(first, second));
}

function oneMember(): ShapeError {
  return new ShapeError("loss/one-member", {
    received: "crpsEnsemble was asked for the fair score of ensembles of one member",
    expected: "it compares members with each other, which takes two",
    hint: "Leave fair out, or predict more members.",
  });
}

/** At the kink of a hinge the constant takes the gradient: a pair that is just far enough apart is not pulled. */
import { expect, test } from "vitest";
import type { Tensor } from "../../src/base/tensor.ts";
import { contrastive, cosineEmbedding, dpo, lovaszHinge, marginRanking, triplet } from "../../src/losses.ts";

const all = (gradient: Tensor | object): number[] =>
  "data" in gradient
    ? Array.from((gradient as Tensor).data)
    : Object.values(gradient as Record<string, Tensor>).flatMap(({ data }) => Array.from(data));

test.each([
  ["marginRanking", marginRanking.evaluate([1], { first: [3], second: [1] }, { margin: 2 })],
  ["lovaszHinge", lovaszHinge.evaluate([[1, 0]], [[1, -1]])],
  ["triplet", triplet.evaluate(undefined, { anchor: [[0, 0]], positive: [[0, 1]], negative: [[0, 2]] })],
  ["contrastive", contrastive.evaluate([0], { first: [[0, 0]], second: [[0, 1]] })],
  ["cosineEmbedding", cosineEmbedding.evaluate([-1], { first: [[1, 0]], second: [[0, 1]] })],
  [
    "dpo",
    dpo.evaluate(
      undefined,
      { policyChosen: [-1], policyRejected: [-3], referenceChosen: [-2], referenceRejected: [-2] },
      { variant: "hinge", beta: 0.5 },
    ),
  ],
])("%s", (_, { value, gradient }) => {
  expect(value).toBe(0);
  expect(all(gradient).every((slope) => slope === 0)).toBe(true);
});

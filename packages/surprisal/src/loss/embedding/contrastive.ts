import { equal, maximum, square, sub, where } from "../../graph/index.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import { positive } from "../params.ts";
import { distance, naiveDistance, pairParts, squaredDistance } from "./distances.ts";
import { together } from "./pairs.ts";

/** d² for a pair that belongs together and max(0, margin − d)² for one that does not, d = ‖first − second‖; one number a pair. */
export const contrastive = defineArrayLoss({
  name: "contrastive",
  aliases: ["contrastiveLoss", "siamese"],
  task: "embedding",
  summary: "Pulls pairs that belong together to one place, and others a margin apart.",
  formula: String.raw`\ell = y\, d^2 + (1 - y) \max(0, m - d)^2`,
  references: [
    {
      title: "Hadsell, Chopra, LeCun, Dimensionality Reduction by Learning an Invariant Mapping (2006)",
      url: "https://doi.org/10.1109/CVPR.2006.100",
    },
  ],
  yTrue: { axes: "N", domain: together, doc: "1 for a pair that belongs together, 0 for one that does not" },
  yPred: pairParts,
  losses: "N",
  params: { margin: positive(1, "the distance from which on a pair is far enough apart") },
  value(yTrue, { first, second }, { margin }) {
    const near = square(maximum(0, sub(margin, distance(first, second))));
    return where(equal(yTrue, 1), squaredDistance(first, second), near);
  },
  textbook: (y: number[], x: Record<"first" | "second", number[][]>, { margin }) =>
    y.map((label, i) => {
      const d = naiveDistance(x.first[i] as number[], x.second[i] as number[]);
      return label === 1 ? d ** 2 : Math.max(0, margin - d) ** 2;
    }),
  examples: [
    { yTrue: [1], yPred: { first: [[0, 0]], second: [[3, 4]] }, loss: 25 },
    { yTrue: [0], yPred: { first: [[0, 0]], second: [[3, 4]] }, options: { margin: 7 }, loss: 4 },
  ],
  traits: { nonNegative: true },
});

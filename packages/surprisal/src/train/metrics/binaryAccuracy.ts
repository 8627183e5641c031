import { number } from "../../base/parameters.ts";
import { cast, equal, greater } from "../../graph/index.ts";
import { alike } from "./align.ts";
import { defineMetric } from "./define.ts";
import { meanOf } from "./mean.ts";

/**
 * How often yPred lies on the side of the threshold that yTrue (0 or 1) says. Exactly at the threshold counts as class 0. With
 * logits, pass `threshold: 0`.
 */
export const binaryAccuracy = defineMetric({
  name: "binaryAccuracy",
  summary: "How often a prediction lies on the right side of the threshold.",
  better: "higher",
  parameters: { threshold: number(0.5, "predictions above it are class 1") },
  build: ({ threshold }) =>
    meanOf((yTrue, yPred) => equal(alike(yTrue, yPred), cast(greater(yPred, threshold), yPred.dtype))),
});

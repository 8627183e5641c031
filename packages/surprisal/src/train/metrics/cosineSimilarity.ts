import { div, maximum, mul, type Node, sqrt, square, sum } from "../../graph/index.ts";
import { defineMetric } from "./define.ts";
import { bothWide } from "./figures.ts";
import { meanOf } from "./mean.ts";

/** Mean over the rows of y · p / (‖y‖ ‖p‖), along the last axis; 0 where a row is all zeros. */
export const cosineSimilarity = defineMetric({
  name: "cosineSimilarity",
  aliases: ["cosine"],
  summary: "The mean cosine of the angle between targets and predictions.",
  better: "higher",
  parameters: {},
  build: () =>
    meanOf((yTrue, yPred) => {
      const [y, p] = bothWide(yTrue, yPred);
      const last = [y.shape.length - 1];
      const unit = (x: Node) => div(x, maximum(sqrt(sum(square(x), last, { keepDims: true })), 1e-12));
      return sum(mul(unit(y), unit(p)), last);
    }),
});

import { add, sub } from "../../graph/index.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import { logits, real } from "../domain.ts";
import { magnitude } from "../special.ts";
import { inUnits, logOf, naiveScale, scaleArrays } from "./scales.ts";

/** −log of a Laplace density: log(2 b) + |location − y|/b, b = scale, averaged over the last axis. */
export const laplaceNll = defineArrayLoss({
  name: "laplaceNll",
  aliases: ["laplaceNegativeLogLikelihood", "laplace", "laplaceNllLoss"],
  task: "regression",
  summary:
    "A median and a mean distance from it for each target: the absolute error, weighed by how sure the model is.",
  formula: String.raw`\ell = \log(2 b) + \frac{|\mu - y|}{b}`,
  references: [
    {
      title: "Kotz, Kozubowski, Podgórski, The Laplace Distribution and Generalizations (2001)",
      url: "https://doi.org/10.1007/978-1-4612-0173-1",
    },
  ],
  yTrue: { axes: "...", domain: real, doc: "the targets" },
  yPred: {
    location: { axes: "...", domain: logits, doc: "the median of the predicted distribution" },
    ...scaleArrays("...", "the mean distance from it"),
  },
  losses: "...",
  average: true,
  value(yTrue, { location, ...scales }) {
    return add(add(logOf(scales), Math.LN2), inUnits(magnitude(sub(location, yTrue)), scales));
  },
  textbook: (y: number[][], { location, ...scales }: Record<"location" | "scale" | "logScale", number[][]>) =>
    y.map((row, r) => {
      const costs = row.map((target, c) => {
        const b = naiveScale(scales, r, c);
        return -Math.log(Math.exp(-Math.abs((location[r]?.[c] as number) - target) / b) / (2 * b));
      });
      return costs.reduce((a, b) => a + b, 0) / costs.length;
    }),
  examples: [
    { yTrue: [[1]], yPred: { location: [[1]], scale: [[0.5]] }, loss: 0 },
    { yTrue: [[1]], yPred: { location: [[3]], scale: [[0.5]] }, loss: 4 },
  ],
});

import { add, less, sqrt, square, sub, where } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { real } from "../domain.ts";
import { positive } from "../params.ts";
import { magnitude } from "../special.ts";
import { farUnits } from "./weigh.ts";

/** √(e² + epsilon²), e = yPred − yTrue, averaged over the last axis; epsilon at the target. */
export const charbonnier = defineLoss({
  name: "charbonnier",
  aliases: ["charbonnierLoss"],
  task: "regression",
  summary: "The size of each residual, smooth at 0, where it costs epsilon instead of nothing.",
  formula: String.raw`\ell = \sqrt{(\hat y - y)^2 + \epsilon^2}`,
  references: [{ title: "Charbonnier et al., Two deterministic half-quadratic regularization algorithms (1994)" }],
  yTrue: real,
  harmless: 0,
  params: { epsilon: positive(0.001, "the cost at the target, and how far the rounding of the corner reaches") },
  value(yTrue, yPred, { epsilon }) {
    const residual = sub(yPred, yTrue);
    const size = magnitude(residual);
    const isFar = less(farUnits * epsilon, size);
    const root = sqrt(add(square(where(isFar, 0, residual)), epsilon * epsilon));
    return where(isFar, size, root);
  },
  textbook: (y: number, p: number, { epsilon }) => Math.sqrt((p - y) ** 2 + epsilon ** 2),
  examples: [
    { yTrue: 1, yPred: 1, params: { epsilon: 0.5 }, loss: 0.5 },
    { yTrue: 1, yPred: 4, params: { epsilon: 4 }, loss: 5 },
  ],
  traits: { convex: true, nonNegative: true, symmetric: true, lipschitz: 1 },
});

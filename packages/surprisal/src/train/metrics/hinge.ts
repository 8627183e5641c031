/** Margin violations of yes-or-no outcomes. Targets −1 and 1; a batch of zeros and ones only is read as −1 and 1. */
import { sizeOf } from "../../base/shape.ts";
import { add, cast, equal, maximum, mul, type Node, or, square, sub, sum, where } from "../../graph/index.ts";
import { defineMetric } from "./define.ts";
import { meanOverFeatures } from "./figures.ts";

function signs(y: Node): Node {
  const binary = sum(cast(or(equal(y, 0), equal(y, 1)), "float64"));
  return where(equal(binary, sizeOf(y.shape)), sub(add(y, y), 1), y);
}

const violation = (y: Node, p: Node): Node => maximum(sub(1, mul(signs(y), p)), 0);

/** Mean of max(0, 1 − y p). */
export const hinge = defineMetric({
  name: "hinge",
  summary: "The mean margin violation.",
  better: "lower",
  parameters: {},
  build: () => meanOverFeatures(violation),
});

/** Mean of max(0, 1 − y p)². */
export const squaredHinge = defineMetric({
  name: "squaredHinge",
  summary: "The mean squared margin violation.",
  better: "lower",
  parameters: {},
  build: () => meanOverFeatures((y, p) => square(violation(y, p))),
});

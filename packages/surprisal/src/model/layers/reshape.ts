import { ShapeError } from "../../base/errors.ts";
import { type Parameter, refuseOption } from "../../base/parameters.ts";
import { type Shape, showShape, sizeOf } from "../../base/shape.ts";
import { reshape as reshapeNode } from "../../graph/index.ts";
import type { LayerSpec } from "../contract.ts";
import { defineLayer, type LayerOptions, layer, withType } from "./define.ts";

const targetShape: Parameter<Shape> = {
  about: "the sizes of a row; one of them may be -1, for what is left",
  required: true,
  fallback: [],
  read(value, place) {
    const fits = Array.isArray(value) && value.every((dim) => Number.isSafeInteger(dim) && (dim >= 1 || dim === -1));
    if (!fits || value.filter((dim) => dim === -1).length > 1) {
      throw refuseOption(place, value, "a list of sizes is needed, at most one of them -1", "For example [-1, 2].");
    }
    return Object.freeze([...value]);
  },
  write: (shape) => [...shape],
};
const parameters = { targetShape };

const type = defineLayer({
  type: "reshape",
  passesOn: true,
  parameters,
  outputShape(inputShape, { targetShape }) {
    const known = sizeOf(targetShape.filter((dim) => dim !== -1));
    const rest = sizeOf(inputShape) / known;
    if (!Number.isInteger(rest) || (rest !== 1 && !targetShape.includes(-1))) {
      throw new ShapeError("reshape/size", {
        received: `rows of shape ${showShape(inputShape)} should become ${showShape(targetShape)}`,
        expected: `a row holds ${sizeOf(inputShape)} numbers`,
        hint: "Make the product of targetShape equal to that, or put -1 for one size.",
      });
    }
    return targetShape.map((dim) => (dim === -1 ? rest : dim));
  },
  apply(_, x, __, { targetShape }) {
    const rest = sizeOf(x.shape.slice(1)) / sizeOf(targetShape.filter((dim) => dim !== -1));
    return { output: reshapeNode(x, [x.shape[0] as number, ...targetShape.map((dim) => (dim === -1 ? rest : dim))]) };
  },
});

/**
 * Gives each row another shape with the same numbers in the same order.
 * @throws ShapeError, when the network is built, for a shape that holds another number of elements.
 */
export const reshape = withType(
  type,
  (targetShape: Shape, options: LayerOptions<typeof parameters, "targetShape"> = {}): LayerSpec =>
    layer(type, { targetShape }, options),
);

/** Constraints on the sizes of weights. */
import { InvalidArgumentError } from "../../base/errors.ts";
import { axes, number } from "../../base/parameters.ts";
import { add, div, maximum, minimum, mul, type Node, sqrt, square, sum } from "../../graph/index.ts";
import { defineConstraint } from "./define.ts";

/** Keras's guard against a division by 0; with it our weights follow Keras's to the last digits. */
const epsilon = 1e-7;
const axis = axes(0, "the axes along which norms are taken; 0 for the inputs of a dense unit");

const normsOf = (w: Node, over: readonly number[]): Node => sqrt(sum(square(w), over, { keepDims: true }));
const rescaled = (w: Node, wanted: Node, norms: Node): Node => mul(w, div(wanted, add(epsilon, norms)));

/** No weight below 0. */
export const nonNeg = defineConstraint({
  name: "nonNeg",
  aliases: ["nonNegative"],
  parameters: {},
  make: () => ({ project: (w) => maximum(0, w) }),
});

/** Norms of at most `maxValue`; longer vectors are shortened (Srivastava et al. 2014). */
export const maxNorm = defineConstraint({
  name: "maxNorm",
  parameters: { maxValue: number(2, "the largest norm", { min: 0 }), axis },
  shorthand: "maxValue",
  make: ({ maxValue, axis }) => ({
    project(w) {
      const norms = normsOf(w, axis);
      return rescaled(w, minimum(norms, maxValue), norms);
    },
  }),
});

/** Norms of 1. */
export const unitNorm = defineConstraint({
  name: "unitNorm",
  parameters: { axis },
  shorthand: "axis",
  make: ({ axis }) => ({ project: (w) => div(w, add(epsilon, normsOf(w, axis))) }),
});

/** Norms between `minValue` and `maxValue`, approached by the share `rate` at each update. */
export const minMaxNorm = defineConstraint({
  name: "minMaxNorm",
  parameters: {
    minValue: number(0, "the smallest norm", { min: 0 }),
    maxValue: number(1, "the largest norm", { min: 0 }),
    rate: number(1, "how much of the way one update goes", { min: 0, max: 1 }),
    axis,
  },
  make({ minValue, maxValue, rate, axis }) {
    if (minValue > maxValue) {
      throw new InvalidArgumentError("min-max-norm/bounds", {
        received: `minMaxNorm was given minValue ${minValue} and maxValue ${maxValue}`,
        expected: "the smallest norm must not be above the largest",
        hint: "Exchange them.",
      });
    }
    return {
      project(w) {
        const norms = normsOf(w, axis);
        const cut = minimum(maximum(norms, minValue), maxValue);
        return rescaled(w, add(mul(rate, cut), mul(1 - rate, norms)), norms);
      },
    };
  },
});

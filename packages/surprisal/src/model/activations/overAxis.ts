/** Activations that look along an axis. */
import { ShapeError } from "../../base/errors.ts";
import { type Parameter, readNumber } from "../../base/parameters.ts";
import { normaliseAxis, showShape } from "../../base/shape.ts";
import {
  add,
  broadcastTo,
  cast,
  div,
  greater,
  lessEqual,
  logSoftmax as logSoftmaxOp,
  max,
  mul,
  type Node,
  reshape,
  sigmoid,
  slice,
  softmax as softmaxOp,
  stopGradient,
  sub,
  sum,
  transpose,
  where,
} from "../../graph/index.ts";
import type { OutputRange } from "../contract.ts";
import { anyNumber, defineActivation } from "./define.ts";

const axis: Parameter<number> = {
  about: "the axis, counted with the batch axis; the last by default",
  required: false,
  fallback: -1,
  read: (value, place) => readNumber(value, place, { integer: true }),
  write: (value) => value,
};

/** Applies a function of the last axis along another. */
function along(position: number, f: (x: Node) => Node): (x: Node) => Node {
  return (x) => {
    const rank = x.shape.length;
    const at = normaliseAxis(position, rank);
    if (at === rank - 1) return f(x);
    const swapped = x.shape.map((_, d) => (d === at ? rank - 1 : d === rank - 1 ? at : d));
    return transpose(f(transpose(x, swapped)), swapped);
  };
}

/** The range, and that the last axis holds distributions if that is the one that was divided. */
const sharesOf = (axis: number, range: OutputRange, rows: NonNullable<OutputRange["rows"]>): OutputRange =>
  axis === -1 ? { ...range, rows } : range;
const shares = (axis: number) => sharesOf(axis, { low: 0, high: 1 }, "distribution");

/** eˣ over its sum along the axis: one distribution a row. */
export const softmax = defineActivation({
  name: "softmax",
  parameters: { axis },
  shorthand: "axis",
  make: (values) => ({ apply: along(values.axis, softmaxOp), output: shares(values.axis), minimumUnits: 2 }),
});

/** The logarithm of softmax, exact where softmax underflows. */
export const logSoftmax = defineActivation({
  name: "logSoftmax",
  parameters: { axis },
  shorthand: "axis",
  make: (values) => ({
    apply: along(values.axis, logSoftmaxOp),
    output: sharesOf(values.axis, { low: -Infinity, high: 0 }, "logDistribution"),
    minimumUnits: 2,
  }),
});

/**
 * The nearest point of the simplex (Martins & Astudillo 2016): max(x − τ, 0) with τ such that the sum is 1. Entry i is in the
 * support when 1 + k xᵢ > Σ over the k entries ≥ xᵢ; comparing all pairs finds it without a sort.
 */
function sparsemaxOfRows(x: Node): Node {
  const units = x.shape.at(-1) as number;
  const z = sub(x, stopGradient(max(x, { keepDims: true })));
  const pairs = [...x.shape, units];
  const mine = broadcastTo(reshape(z, [...x.shape, 1]), pairs);
  const theirs = broadcastTo(reshape(z, [...x.shape.slice(0, -1), 1, units]), pairs);
  const atLeast = lessEqual(mine, theirs);
  const last = pairs.length - 1;
  const count = sum(cast(atLeast, x.dtype), [last]);
  const total = sum(where(atLeast, theirs, 0), [last]);
  const support = greater(add(1, mul(count, z)), total);
  const over = [x.shape.length - 1];
  const size = sum(cast(support, x.dtype), over, { keepDims: true });
  const tau = div(sub(sum(where(support, z, 0), over, { keepDims: true }), 1), size);
  const inside = sub(z, tau);
  return where(lessEqual(inside, 0), 0, inside);
}

/** A softmax that can give exact zeros. Work grows with the square of the units. */
export const sparsemax = defineActivation({
  name: "sparsemax",
  parameters: { axis },
  shorthand: "axis",
  make: (values) => ({ apply: along(values.axis, sparsemaxOfRows), output: shares(values.axis), minimumUnits: 2 }),
});

/** a σ(b), where a and b are the two halves along the axis; halves it (Dauphin et al. 2017). */
export const glu = defineActivation({
  name: "glu",
  parameters: { axis },
  shorthand: "axis",
  make: (values) => {
    const halve = (shape: readonly number[], position: number): number[] => {
      const at = normaliseAxis(position, shape.length);
      if ((shape[at] as number) % 2 !== 0) {
        throw new ShapeError("glu/odd", {
          received: `glu was given shape ${showShape(shape)}, odd along axis ${position}`,
          expected: "it splits that axis into two halves",
          hint: "Give it an even number of units.",
        });
      }
      return shape.map((dim, d) => (d === at ? dim / 2 : dim));
    };
    return {
      output: anyNumber,
      apply(x) {
        const half = halve(x.shape, values.axis);
        const start = half.map((dim, d) => (x.shape[d] as number) - dim);
        return mul(
          slice(
            x,
            half.map(() => 0),
            half,
          ),
          sigmoid(slice(x, start, half)),
        );
      },
      // With the batch axis in front, as the axis counts it.
      outputShape: (shape) => halve([2, ...shape], values.axis).slice(1),
    };
  },
});

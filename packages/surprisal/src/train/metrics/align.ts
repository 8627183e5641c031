/** Targets, predictions and weights brought to shapes that fit each other. */
import { isFloat } from "../../base/dtype.ts";
import { ShapeError } from "../../base/errors.ts";
import { type Shape, sameShape, showShape, sizeOf } from "../../base/shape.ts";
import { broadcastTo, cast, equal, iota, mean, type Node, reshape } from "../../graph/index.ts";

function misfit(yTrue: Node, yPred: Node, expected: string): ShapeError {
  return new ShapeError("metrics/shapes", {
    received: `yTrue has shape ${showShape(yTrue.shape)} (${yTrue.dtype}) and yPred ${showShape(yPred.shape)}`,
    expected,
    hint: "Check the units of the last layer, and the metric: those for class indices begin with sparse.",
  });
}

/** The number of rows: the batch. */
export const rowsOf = (x: Node): number => x.shape[0] ?? 1;

/** float64, in which everything is added up. */
export const wide = (x: Node): Node => cast(x, "float64");

/**
 * yTrue with the shape and dtype of yPred. [n] and [n, 1] are aligned, never broadcast; class indices become one-hot rows
 * where yPred has classes.
 */
export function alike(yTrue: Node, yPred: Node): Node {
  if (sizeOf(yTrue.shape) === sizeOf(yPred.shape) && squeezed(yTrue.shape, yPred.shape)) {
    return cast(reshape(yTrue, yPred.shape), yPred.dtype);
  }
  if (!isFloat(yTrue.dtype) && sameShape(yTrue.shape, yPred.shape.slice(0, -1))) {
    return cast(isClass(yTrue, yPred), yPred.dtype);
  }
  throw misfit(yTrue, yPred, "both need one shape");
}

/** Equal but for a last axis of 1. */
function squeezed(a: Shape, b: Shape): boolean {
  const short = (s: Shape) => (s.length > 1 && s.at(-1) === 1 ? s.slice(0, -1) : s);
  return sameShape(short(a), short(b));
}

/** Class indices as int32 of yPred's shape without its last axis. */
export function classIndices(yTrue: Node, yPred: Node): Node {
  const shape = yPred.shape.slice(0, -1);
  if (sizeOf(yTrue.shape) !== sizeOf(shape) || !squeezed(yTrue.shape, shape)) {
    throw misfit(yTrue, yPred, "one class index for each row of predictions is needed");
  }
  return cast(reshape(yTrue, shape), "int32");
}

/** Where the last axis of yPred is the target's class: bool of yPred's shape. */
export function isClass(indices: Node, yPred: Node): Node {
  const column = reshape(indices, [...yPred.shape.slice(0, -1), 1]);
  return equal(iota(yPred.shape.length - 1, yPred.shape), broadcastTo(column, yPred.shape));
}

/** Weights without a last axis of 1: [n], or one for each of the first axes of the values. */
export function rowWeights(sampleWeight: Node, rows: number): Node {
  const { shape } = sampleWeight;
  const trimmed = shape.length > 1 && shape.at(-1) === 1 ? shape.slice(0, -1) : shape;
  if (trimmed[0] !== rows) {
    throw new ShapeError("metrics/weight-shape", {
      received: `sampleWeight has shape ${showShape(shape)} for ${rows} rows`,
      expected: "a weight for each row is needed",
      hint: `Pass ${rows} weights.`,
    });
  }
  return wide(reshape(sampleWeight, trimmed));
}

/** The mean over all axes from `from` on. */
export function meanFrom(x: Node, from: number): Node {
  const axes = x.shape.map((_, d) => d).slice(from);
  return axes.length === 0 ? x : mean(x, axes);
}

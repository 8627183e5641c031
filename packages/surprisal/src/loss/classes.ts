/** Pieces that losses over classes share: one-hot targets without a float, weights by class, smoothed targets. */
import { ShapeError } from "../base/errors.ts";
import {
  add,
  and,
  broadcastTo,
  constant,
  equal,
  iota,
  less,
  lessEqual,
  mul,
  type Node,
  reshape,
} from "../graph/index.ts";

/** bool, yPred's shape: where the label names the class. Labels stay int32. */
export function isLabel(labels: Node, yPred: Node): Node {
  return equal(alongClasses(labels, yPred), iota(-1, yPred.shape));
}

/** bool, the labels' shape: whether the label is one of the classes. */
export function isKnownLabel(labels: Node, yPred: Node): Node {
  return isLabelBelow(labels, yPred.shape.at(-1) as number);
}

/** bool, the labels' shape: whether the label is a class number below `count`. */
export function isLabelBelow(labels: Node, count: number): Node {
  return and(lessEqual(0, labels), less(labels, count));
}

/** A node without the class axis, repeated along it. */
export function alongClasses(x: Node, yPred: Node): Node {
  return broadcastTo(reshape(x, [...x.shape, 1]), yPred.shape);
}

/** One number a class (or output), as a node that broadcasts over the last axis. */
export function perClass(values: readonly number[], yPred: Node, what: string): Node {
  const classes = yPred.shape.at(-1) ?? 1;
  if (values.length !== classes) {
    throw new ShapeError("loss/per-class", {
      received: `${what} has ${values.length} numbers`,
      expected: `yPred has ${classes} on its last axis`,
      hint: "Give one number a class, in the order of the classes.",
    });
  }
  return broadcastTo(constant(values, yPred.dtype, [classes]), yPred.shape);
}

/** y (1 − s) + s / classes: a share s of each target is spread evenly (Szegedy et al. 2016). */
export function smooth(targets: Node, share: number, classes: number): Node {
  return share === 0 ? targets : add(mul(targets, 1 - share), share / classes);
}

/** Whether a class is among the k highest scores. */
import {
  and,
  argmax,
  broadcastTo,
  cast,
  constant,
  equal,
  iota,
  less,
  max,
  type Node,
  or,
  reshape,
  sum,
  where,
} from "../../graph/index.ts";
import { isClass } from "./align.ts";

/**
 * Fewer than k scores are higher than the target's: equal scores count for the target. A target whose score is NaN is missed.
 */
export function inTopK(indices: Node, yPred: Node, k: number): Node {
  const own = max(where(isClass(indices, yPred), yPred, -Infinity));
  const column = broadcastTo(reshape(own, [...own.shape, 1]), yPred.shape);
  const higher = sum(cast(less(column, yPred), "float64"), [-1]);
  return and(less(higher, k), equal(own, own));
}

/** The k highest scores of each row, as bool of yPred's shape. Of equal scores the first ones count. */
export function topKMask(yPred: Node, k: number): Node {
  const { shape } = yPred;
  const positions = iota(shape.length - 1, shape);
  let taken = constant(0, "bool", shape) as Node;
  for (let i = 0; i < Math.min(k, shape.at(-1) as number); i++) {
    const best = argmax(where(taken, -Infinity, yPred), { keepDims: true });
    taken = or(taken, equal(positions, broadcastTo(best, shape)));
  }
  return taken;
}

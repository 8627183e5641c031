/** Counts with more zeros than their distribution has: with the probability π = σ(zeroLogit) a row is 0 whatever the distribution says. */
import {
  add,
  and,
  constant,
  equal,
  expm1,
  less,
  log1p,
  mul,
  type Node,
  neg,
  not,
  sigmoid,
  softplus,
  sub,
  where,
} from "../../graph/index.ts";
import { logAddExp } from "../special.ts";

/** Beyond it one share of a sum is nothing beside the other, in every precision. */
const drowned = 800;

/**
 * −log(π [y = 0] + (1 − π) P(y)), from −log P(y) as a function of y and of what is predicted of it. A zero costs −log(1 − (1 − π)(1 − P(0)))
 * where that difference is at least a half, else the sum π + (1 − π) P(0) is formed from logarithms.
 */
export function zeroInflated(
  y: Node,
  zeroLogit: Node,
  predicted: Node,
  cost: (y: Node, predicted: Node) => Node,
): Node {
  const isZero = equal(y, 0);
  // Where P(0) is nothing beside π no derivative comes from it either, however large its cost.
  const isDrowned = and(isZero, less(drowned, add(zeroLogit, cost(constant(0, y.dtype, y.shape), predicted))));
  const own = cost(y, where(isDrowned, 0, predicted));
  const odds = softplus(zeroLogit);
  const ofZero = where(and(isZero, not(isDrowned)), own, 1);
  const lost = mul(sigmoid(neg(zeroLogit)), neg(expm1(neg(ofZero))));
  const isLikely = less(lost, 0.5);
  const likely = neg(log1p(neg(where(isLikely, lost, 0))));
  const unlikely = sub(odds, logAddExp(where(isLikely, 0, zeroLogit), neg(where(isLikely, 1, ofZero))));
  return where(isZero, where(isDrowned, softplus(neg(zeroLogit)), where(isLikely, likely, unlikely)), add(odds, own));
}

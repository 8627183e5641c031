/** Logarithms of sums of two exponentials, written so that nothing overflows and no digit goes. */
import { build as b } from "../build.ts";
import type { Node } from "../node.ts";
import { ops } from "../ops/index.ts";
import { isOp } from "./pattern.ts";

/** Whether one is written as the negative of the other: −x and x, or p − y and y − p. */
export function areOpposite(x: Node, y: Node): boolean {
  if ((isOp(x, ops.neg) && x.inputs[0] === y) || (isOp(y, ops.neg) && y.inputs[0] === x)) return true;
  return isOp(x, ops.sub) && isOp(y, ops.sub) && x.inputs[0] === y.inputs[1] && x.inputs[1] === y.inputs[0];
}

/** log cosh x: near 0 by cosh x − 1 = −expm1(x) expm1(−x) / 2, further out as |x| − log 2 + log(1 + e^(−2|x|)). */
export function logCosh(x: Node): Node {
  const small = b.less(b.abs(x), 1);
  const near = b.where(small, x, 0);
  const inner = b.log1p(b.mul(-0.5, b.mul(b.expm1(near), b.expm1(b.neg(near)))));
  const far = b.abs(b.where(small, 1, x));
  return b.where(small, inner, b.add(b.sub(far, Math.LN2), b.softplus(b.mul(-2, far))));
}

/** log(eˣ + eʸ) from the larger one; where they are equal each has half of the gradient. */
export function logAddExp(x: Node, y: Node): Node {
  return b.where(b.less(x, y), b.add(y, b.softplus(b.sub(x, y))), b.add(x, b.softplus(b.sub(y, x))));
}

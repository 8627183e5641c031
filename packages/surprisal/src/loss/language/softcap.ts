/** Logits that are bent back before they reach ± a cap. */
import {
  broadcastTo,
  div,
  expm1,
  max,
  maximum,
  minimum,
  mul,
  type Node,
  neg,
  sigmoid,
  stopGradient,
  sub,
  tanh,
} from "../../graph/index.ts";

/** Beyond so many caps tanh is ±1 and its slope 0, in float64, too; infinite logits are put there. */
const flatFrom = 400;

/**
 * tanh(x/k) − tanh(y/k) for x ≤ y, with its digits where both are near ±1: 2 (σ(2x/k) − σ(2y/k)), and
 * σ(u) − σ(v) = σ(v) σ(−u) (e^(u − v) − 1).
 */
function tanhDifference(x: Node, y: Node, k: number): Node {
  const twice = (z: Node) => div(mul(2, z), k);
  return mul(2, mul(mul(sigmoid(twice(y)), sigmoid(neg(twice(x)))), expm1(twice(sub(x, y)))));
}

/**
 * k tanh(z / k) as `top` + `gaps`: the largest of a row, held constant, and how far each lies below. A softmax does not notice `top`, and the gradient
 * of whatever is made of both is right.
 */
export function softcapped(z: Node, k: number): { readonly gaps: Node; readonly top: Node } {
  const seen = maximum(minimum(z, flatFrom * k), -flatFrom * k);
  const top = stopGradient(max(seen, { keepDims: true }));
  const gaps = mul(k, tanhDifference(seen, broadcastTo(top, z.shape), k));
  return { gaps, top: mul(k, tanh(div(top, k))) };
}

/** Powers of constants by a step number that only the device knows. */
import { naturalLog } from "../../base/log.ts";
import { constant, exp, expm1, mul, type Node, neg } from "../../graph/index.ts";

/** base^step for 0 ≤ base < 1 and step > 0, as exp(step · log base) with the logarithm taken in float64 here. */
export function power(base: number, step: Node): Node {
  return base === 0 ? constant(0, step.dtype) : exp(mul(step, naturalLog(base)));
}

/** 1 − base^step without cancellation: in float32, 1 − 0.999 has only three digits left, −expm1 has all seven. */
export function oneMinusPower(base: number, step: Node): Node {
  return base === 0 ? constant(1, step.dtype) : neg(expm1(mul(step, naturalLog(base))));
}

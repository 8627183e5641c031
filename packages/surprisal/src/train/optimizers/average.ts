/** One step of an exponential moving average. */
import { add, mul, type Node, type Operand, sub } from "../../graph/index.ts";

/** average + (1 − kept) · (value − average). */
export const towards = (average: Node, value: Node, kept: number): Node =>
  add(average, mul(sub(value, average), 1 - kept));

/** kept · average + (1 − kept) · value. */
export const blend = (average: Node, value: Node, kept: number): Node =>
  add(mul(average, kept), mul(value, (1 - kept) as Operand));

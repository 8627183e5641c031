/** Small helpers that rules are written with. */
import { constantValue } from "../build.ts";
import type { Node, OpRecord } from "../node.ts";
import type { Rule } from "../rewrite.ts";

/** A rule with a name and the identity it uses, for `explain` and for tests. */
export interface StabiliseRule {
  readonly name: string;
  /** The rewrite in words: `log(sigmoid x) → logSigmoid x`. */
  readonly identity: string;
  readonly apply: Rule;
}

export const isOp = (node: Node | undefined, op: OpRecord): node is Node => node?.op === op;
export const isValue = (node: Node | undefined, value: number): boolean =>
  node !== undefined && constantValue(node) === value;

/** The operand x when the node is op(x). */
export function operandOf(node: Node | undefined, op: OpRecord): Node | undefined {
  return isOp(node, op) ? node.inputs[0] : undefined;
}

/** The other operand when one of a commutative node's operands is the constant. */
export function besideValue(node: Node | undefined, op: OpRecord, value: number): Node | undefined {
  if (!isOp(node, op)) return undefined;
  const [a, b] = node.inputs;
  return isValue(a, value) ? b : isValue(b, value) ? a : undefined;
}

/** Rebuilding a graph with nodes replaced: what passes are written with. */

import { sameShape } from "../base/shape.ts";
import { build } from "./build.ts";
import { makeNode, type Node, topological } from "./node.ts";
import { ops } from "./ops/index.ts";

/** Returns what a node becomes, or undefined to leave it. Sees a node whose inputs are already rewritten. */
export type Rule = (node: Node) => Node | undefined;

/**
 * Applies the rules bottom-up until none applies to any node it made.
 * @param onRewrite called for each rule that fired.
 */
export function rewrite(
  outputs: readonly Node[],
  rules: readonly Rule[],
  onRewrite?: (rule: Rule, before: Node, after: Node) => void,
): Node[] {
  const made = new Map<Node, Node>();
  const settle = (node: Node): Node => {
    let current = node;
    for (let again = true; again; ) {
      again = false;
      for (const rule of rules) {
        const next = rule(current);
        if (next === undefined || next === current) continue;
        onRewrite?.(rule, current, next);
        // The replacement may hold new nodes that have not been through the rules.
        for (const inner of topological([next]))
          if (inner !== next && !made.has(inner)) made.set(inner, rebuild(inner));
        current = withInputs(next, made);
        again = true;
        break;
      }
    }
    return current;
  };
  const rebuild = (node: Node): Node => settle(withInputs(node, made));
  for (const node of topological(outputs)) if (!made.has(node)) made.set(node, rebuild(node));
  return outputs.map((node) => made.get(node) as Node);
}

/** Replaces whole nodes by others of the same shape and dtype. */
export function substitute(outputs: readonly Node[], replacements: ReadonlyMap<Node, Node>): Node[] {
  return rewrite(outputs, [(node) => replacements.get(node)]);
}

function withInputs(node: Node, made: ReadonlyMap<Node, Node>): Node {
  let changed = false;
  for (const x of node.inputs) {
    const next = made.get(x);
    if (next !== undefined && next !== x) changed = true;
  }
  if (!changed) return node;
  const inputs = node.inputs.map((x) => made.get(x) ?? x);
  // Views go through their builders, which fold what the new operand makes trivial.
  if (node.op === ops.reshape) return build.reshape(inputs[0] as Node, node.shape);
  if (node.op === ops.broadcastTo) return build.broadcastTo(inputs[0] as Node, node.shape);
  const next = makeNode(node.op, inputs, node.attrs);
  if (!sameShape(next.shape, node.shape)) throw new Error(`rewriting changed the shape of ${node.op.name}`);
  return next;
}

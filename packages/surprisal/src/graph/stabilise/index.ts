/**
 * stabilise: textbook formulas in, formulas that keep their digits out. Runs before differentiation, so the gradient is taken
 * of the good form. A sigmoid or softmax output followed by a loss on probabilities becomes the loss on logits here.
 */
import { type Node, topological } from "../node.ts";
import { rewrite } from "../rewrite.ts";
import type { StabiliseRule } from "./pattern.ts";
import { rules } from "./rules.ts";

export type { StabiliseRule } from "./pattern.ts";
export { rules as stabiliseRules } from "./rules.ts";

/**
 * The same values by formulas that keep their digits.
 * @param onRewrite is told each rule that fired, with the node before and after.
 */
export function stabilise(
  outputs: readonly Node[],
  onRewrite?: (rule: StabiliseRule, before: Node, after: Node) => void,
): Node[] {
  const byFunction = new Map(rules.map((rule) => [rule.apply, rule]));
  return rewrite(
    outputs,
    rules.map((rule) => rule.apply),
    onRewrite && ((apply, before, after) => onRewrite(byFunction.get(apply) as StabiliseRule, before, after)),
  );
}

/** How many nodes a graph has; passes report it. */
export const countNodes = (outputs: readonly Node[]): number => topological(outputs).length;

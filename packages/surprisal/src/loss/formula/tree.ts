/** What a formula is once it is read: numbers, names and calls. Operators are calls of functions with that sign as name. */

/** From which character of the text to which, the last not included. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface NumberTree extends Span {
  readonly kind: "number";
  readonly value: number;
}
export interface NameTree extends Span {
  readonly kind: "name";
  readonly name: string;
}
export interface CallTree extends Span {
  readonly kind: "call";
  /** The function's name as typed, or the operator; `neg` for a minus sign before its operand. */
  readonly name: string;
  /** Where the name or operator stands. */
  readonly at: Span;
  readonly args: readonly Tree[];
}
export type Tree = NumberTree | NameTree | CallTree;

/** A formula that was read. */
export interface Formula {
  readonly text: string;
  readonly tree: Tree;
}

/** Every part of a tree, inner ones first. */
export function partsOf(tree: Tree): Tree[] {
  return tree.kind === "call" ? [...tree.args.flatMap(partsOf), tree] : [tree];
}

/**
 * What a graph is made of. A node is immutable, knows its dtype and static shape, and is shared: making the same node twice
 * gives the same object, so common subexpressions need no pass and comparing graphs is comparing references.
 */
import type { DType } from "../base/dtype.ts";
import type { Shape } from "../base/shape.ts";

/** Attributes are small plain data; they are part of a node's identity. */
export type Attributes = Readonly<Record<string, unknown>>;

/** An expression: an op, its operands, its attributes, the dtype and shape of its value. Immutable. */
// biome-ignore lint/suspicious/noExplicitAny: a node in general may hold any op's attributes; records narrow it
export interface Node<A = any> {
  /** Counts up, so inputs always have smaller ids than their users. */
  readonly id: number;
  readonly op: OpRecord<A>;
  readonly inputs: readonly Node[];
  readonly attrs: A;
  readonly dtype: DType;
  readonly shape: Shape;
}

/** What an op's place in a kernel is; the compiler goes by this, never by the name. */
export type OpKind = "source" | "elementwise" | "reduction" | "composite" | "view" | "contraction" | "indexed";

/** Everything there is to know about an op, in one place. */
// biome-ignore lint/suspicious/noExplicitAny: see Node
export interface OpRecord<A = any> {
  readonly name: string;
  readonly kind: OpKind;
  /** dtype and shape of the result; throws a typed error for operands that do not fit. */
  infer(inputs: readonly Node[], attrs: A): { dtype: DType; shape: Shape };
  /** The result in float64 (integers and booleans as numbers), row-major. */
  evaluate(node: Node<A>, inputs: readonly Float64Array[]): Float64Array;
  /** The cotangent of each input, given the result's; undefined where none flows. */
  gradient?(build: Build, node: Node<A>, cotangent: Node): readonly (Node | undefined)[];
  /** The same value from simpler ops, for targets that do not have this one. */
  decompose?(build: Build, node: Node<A>): Node;
  /** For elementwise ops: the function of one element. */
  readonly scalar?: (...operands: number[]) => number;
}

/** A node, or a number that takes the dtype of the other operand. */
export type Operand = Node | number;
type Unary = (x: Node) => Node;
type Binary = (a: Operand, b: Operand) => Node;

/** The vocabulary in which gradients and decompositions are written; `build.ts` implements it. */
export interface Build {
  constant(values: number | readonly number[], dtype: DType, shape?: Shape): Node;
  iota(axis: number, shape: Shape): Node;
  neg: Unary;
  abs: Unary;
  sign: Unary;
  floor: Unary;
  sqrt: Unary;
  exp: Unary;
  expm1: Unary;
  log: Unary;
  log1p: Unary;
  log1mexp: Unary;
  tanh: Unary;
  sigmoid: Unary;
  logSigmoid: Unary;
  softplus: Unary;
  erf: Unary;
  atan: Unary;
  not: Unary;
  stopGradient: Unary;
  add: Binary;
  sub: Binary;
  mul: Binary;
  div: Binary;
  pow: Binary;
  maximum: Binary;
  minimum: Binary;
  xlogy: Binary;
  xlog1py: Binary;
  equal: Binary;
  less: Binary;
  lessEqual: Binary;
  and: Binary;
  or: Binary;
  where(condition: Node, a: Operand, b: Operand): Node;
  cast(x: Node, dtype: DType): Node;
  sum(x: Node, axes?: readonly number[], options?: { keepDims?: boolean }): Node;
  max(x: Node, options?: { keepDims?: boolean }): Node;
  argmax(x: Node, options?: { keepDims?: boolean }): Node;
  logSumExp(x: Node, options?: { keepDims?: boolean }): Node;
  softmax: Unary;
  logSoftmax: Unary;
  softmaxGradient(x: Node, cotangent: Node): Node;
  logSoftmaxGradient(x: Node, cotangent: Node): Node;
  reshape(x: Node, shape: Shape): Node;
  transpose(x: Node, permutation?: readonly number[]): Node;
  broadcastTo(x: Node, shape: Shape): Node;
  slice(x: Node, starts: readonly number[], sizes: readonly number[]): Node;
  pad(x: Node, before: readonly number[], after: readonly number[], value?: number): Node;
  concat(parts: readonly Node[], axis: number): Node;
  matmul(a: Node, b: Node, options?: { transposeA?: boolean; transposeB?: boolean }): Node;
  gather(x: Node, indices: Node): Node;
  scatterAdd(indices: Node, updates: Node, rows: number): Node;
}

const interned = new Map<string, WeakRef<Node>>();
const forgotten = new FinalizationRegistry((key: string) => {
  if (interned.get(key)?.deref() === undefined) interned.delete(key);
});
let nextId = 0;

/** JSON drops the sign of zero and every non-finite number, which are different constants here. */
function identity(_key: string, value: unknown): unknown {
  if (typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0))) {
    return Object.is(value, -0) ? "#-0" : `#${value}`;
  }
  return value;
}

/** Makes a node, or returns the one that exists. Throws what the op's shape rule throws. */
export function makeNode<A>(op: OpRecord<A>, inputs: readonly Node[], attrs: A): Node<A> {
  const { dtype, shape } = op.infer(inputs, attrs);
  const key = `${op.name}|${dtype}|${shape.join()}|${inputs.map((n) => n.id).join()}|${JSON.stringify(attrs, identity)}`;
  const known = interned.get(key)?.deref();
  if (known !== undefined) return known as Node<A>;
  const node: Node<A> = Object.freeze({
    id: nextId++,
    op,
    inputs: Object.freeze([...inputs]),
    attrs: Object.freeze(attrs) as A,
    dtype,
    shape: Object.freeze([...shape]),
  });
  interned.set(key, new WeakRef(node));
  forgotten.register(node, key);
  return node;
}

/**
 * Every node that the outputs need, inputs before users, each once.
 * @param inputsOf what must come before a node, where that is more than its operands.
 */
export function topological(
  outputs: readonly Node[],
  inputsOf: (node: Node) => readonly Node[] = (node) => node.inputs,
): Node[] {
  const seen = new Set<Node>();
  const order: Node[] = [];
  const stack: { node: Node; next: number }[] = [];
  const visit = (root: Node) => {
    if (seen.has(root)) return;
    seen.add(root);
    stack.push({ node: root, next: 0 });
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const input = inputsOf(top.node)[top.next++];
      if (input === undefined) {
        order.push(top.node);
        stack.pop();
      } else if (!seen.has(input)) {
        seen.add(input);
        stack.push({ node: input, next: 0 });
      }
    }
  };
  for (const output of outputs) visit(output);
  return order;
}

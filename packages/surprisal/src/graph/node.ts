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

/** Offsets of every index of `sizes`, row-major: Σ index · stride, in elements. */
export interface Walk {
  readonly sizes: Shape;
  readonly strides: readonly number[];
}

/** out[i, j] = Σ_k left[rows(i) + inner(k)] · right[right(k) + j · columnStride]. */
export interface IndexMaps {
  readonly rows: Walk;
  readonly inner: Walk;
  readonly right: Walk;
  readonly columnStride: number;
}

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
  /** The same value from simpler ops, for targets that do not have this one; undefined where there is nothing simpler. */
  decompose?(build: Build, node: Node<A>): Node | undefined;
  /** For products of operands that strides alone do not describe: where the elements lie, given the operands' strides. */
  indexMaps?(node: Node<A>, left: readonly number[], right: readonly number[]): IndexMaps;
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
  slice(x: Node, starts: readonly number[], sizes: readonly number[], steps?: readonly number[]): Node;
  pad(x: Node, before: readonly number[], after: readonly number[], value?: number, steps?: readonly number[]): Node;
  concat(parts: readonly Node[], axis: number): Node;
  matmul(a: Node, b: Node, options?: { transposeA?: boolean; transposeB?: boolean }): Node;
  convolution(x: Node, kernel: Node, options?: { strides?: Shape; dilation?: Shape }): Node;
  convolutionKernel(x: Node, cotangent: Node, sizes: Shape, options?: { strides?: Shape; dilation?: Shape }): Node;
  windowSum(x: Node, sizes: Shape, strides: Shape): Node;
  windowMax(x: Node, sizes: Shape, strides: Shape): Node;
  windowArgmax(x: Node, sizes: Shape, strides: Shape): Node;
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

const isNumber = (value: unknown): value is number => typeof value === "number" && !Object.is(value, -0);

/** Attributes as text: different for different ones. Numbers and lists of them, which most are, go a short way. */
export function textOfAttributes({ attrs }: Pick<Node, "attrs">): string {
  let text = "";
  for (const key in attrs) {
    const value: unknown = attrs[key as keyof typeof attrs];
    const plain = isNumber(value)
      ? value
      : Array.isArray(value) && value.every(isNumber)
        ? `[${value.join()}]`
        : undefined;
    text += plain === undefined ? `${key}:${JSON.stringify(value, identity)};` : `${key}=${plain};`;
  }
  return text;
}

/** Makes a node, or returns the one that exists. Throws what the op's shape rule throws. */
export function makeNode<A>(op: OpRecord<A>, inputs: readonly Node[], attrs: A): Node<A> {
  const { dtype, shape } = op.infer(inputs, attrs);
  let key = `${op.name}|${dtype}|${shape.join()}|`;
  for (const { id } of inputs) key += `${id},`;
  key += textOfAttributes({ attrs });
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
  // The path from an output down, and which input of each node on it comes next.
  const path: Node[] = [];
  const next: number[] = [];
  for (const output of outputs) {
    if (seen.has(output)) continue;
    seen.add(output);
    path.push(output);
    next.push(0);
    while (path.length > 0) {
      const node = path[path.length - 1] as Node;
      const i = next[next.length - 1] as number;
      const input = inputsOf(node)[i];
      if (input === undefined) {
        order.push(node);
        path.pop();
        next.pop();
        continue;
      }
      next[next.length - 1] = i + 1;
      if (seen.has(input)) continue;
      seen.add(input);
      path.push(input);
      next.push(0);
    }
  }
  return order;
}

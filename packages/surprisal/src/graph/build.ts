/**
 * The builders: what losses, layers and optimizers are written with. Operands broadcast as in NumPy, and a number takes the
 * dtype of the other operand; records themselves see equal shapes only.
 */
import type { DType } from "../base/dtype.ts";
import { InvalidArgumentError } from "../base/errors.ts";
import { broadcastShapes, normaliseAxis, type Shape, sameShape, sizeOf } from "../base/shape.ts";
import { type Build, makeNode, type Node, type Operand, type OpRecord } from "./node.ts";
import { positionsOf, type Steps } from "./ops/convolution.ts";
import { ops } from "./ops/index.ts";
import { stepsAttribute } from "./ops/shaping.ts";
import type { ConstantAttributes } from "./ops/sources.ts";

export { makeInput as input } from "./ops/sources.ts";

/** One value everywhere, or all values in row-major order. Shape defaults to `[]` for a number, `[n]` for a list. */
export function constant(values: number | readonly number[], dtype: DType, shape?: Shape): Node<ConstantAttributes> {
  const list = typeof values === "number" ? [values] : values;
  return makeNode(ops.constant, [], {
    values: [...list],
    dtype,
    shape: shape ?? (typeof values === "number" ? [] : [list.length]),
  });
}

/** The value of a constant node that is the same everywhere, else undefined. */
export function constantValue(node: Node): number | undefined {
  return node.op === ops.constant && node.attrs.values.length === 1 ? node.attrs.values[0] : undefined;
}

/** Positions along `axis`, int32. */
export const iota = (axis: number, shape: Shape): Node =>
  makeNode(ops.iota, [], { axis: normaliseAxis(axis, shape.length), shape: [...shape] });

/** Uniform numbers in [0, 1) for the pair (seed, step), both int32 scalars; `stream` separates uses. */
export const randomUniform = (
  seed: Node,
  step: Node,
  stream: number,
  dtype: "float32" | "float64",
  shape: Shape,
): Node => makeNode(ops.randomUniform, [seed, step], { stream, dtype, shape: [...shape] });

/** A node for a number, in the dtype and shape of its neighbour. */
function together(...operands: Operand[]): Node[] {
  const model = operands.find((x): x is Node => typeof x !== "number");
  if (model === undefined) {
    throw new InvalidArgumentError("graph/only-numbers", {
      received: "every operand is a plain number",
      expected: "at least one must be a node, to give the dtype",
      hint: "Use constant(value, dtype), or compute the number in TypeScript.",
    });
  }
  const shape = operands.reduce<Shape>((s, x) => (typeof x === "number" ? s : broadcastShapes(s, x.shape)), []);
  return operands.map((x) => (typeof x === "number" ? constant(x, model.dtype, shape) : broadcastTo(x, shape)));
}

const unary = (op: OpRecord) => (x: Node) => makeNode(op, [x], {});

/** Two plain numbers give a plain number, so that parameters can be computed with like anything else. */
interface BinaryBuilder {
  (a: number, b: number): number;
  (a: Operand, b: Operand): Node;
}

function binary(op: OpRecord): BinaryBuilder {
  const apply = (a: Operand, b: Operand): Operand =>
    typeof a === "number" && typeof b === "number" && op.scalar !== undefined
      ? op.scalar(a, b)
      : makeNode(op, together(a, b), {});
  return apply as BinaryBuilder;
}

/** −x. */
export const neg = unary(ops.neg);
/** |x|. */
export const abs = unary(ops.abs);
/** −1, 0 or 1; NaN stays. */
export const sign = unary(ops.sign);
/** The largest whole number that is not above x. */
export const floor = unary(ops.floor);
/** √x. */
export const sqrt = unary(ops.sqrt);
/** eˣ. */
export const exp = unary(ops.exp);
/** eˣ − 1, exact near 0. */
export const expm1 = unary(ops.expm1);
/** ln x. */
export const log = unary(ops.log);
/** ln(1 + x), exact near 0. */
export const log1p = unary(ops.log1p);
/** log(1 − eˣ) for x ≤ 0. */
export const log1mexp = unary(ops.log1mexp);
/** The hyperbolic tangent. */
export const tanh = unary(ops.tanh);
/** 1 / (1 + e⁻ˣ). */
export const sigmoid = unary(ops.sigmoid);
/** log(1 / (1 + e⁻ˣ)), exact in both tails. */
export const logSigmoid = unary(ops.logSigmoid);
/** log(1 + eˣ), exact in both tails. */
export const softplus = unary(ops.softplus);
/** The error function. */
export const erf = unary(ops.erf);
/** The inverse tangent, from −π/2 to π/2. */
export const atan = unary(ops.atan);
/** Whether a bool is false. */
export const not = unary(ops.not);
/** x, as a constant to `gradient`. */
export const stopGradient = unary(ops.stopGradient);

/** a + b. */
export const add = binary(ops.add);
/** a − b. */
export const sub = binary(ops.sub);
/** a · b. */
export const mul = binary(ops.mul);
/** a / b. */
export const div = binary(ops.div);
/** a to the power b. */
export const pow = binary(ops.pow);
/** The larger one; NaN wins. */
export const maximum = binary(ops.maximum);
/** The smaller one; NaN wins. */
export const minimum = binary(ops.minimum);
/** x log y, 0 where x is 0. */
export const xlogy = binary(ops.xlogy);
/** x log1p(y), 0 where x is 0. */
export const xlog1py = binary(ops.xlog1py);
/** a = b, as bool. */
export const equal = binary(ops.equal);
/** a < b, as bool. */
export const less = binary(ops.less);
/** a ≤ b, as bool. */
export const lessEqual = binary(ops.lessEqual);
/** a > b, as bool. */
export const greater = (a: Operand, b: Operand): Node => less(b, a);
/** a ≥ b, as bool. */
export const greaterEqual = (a: Operand, b: Operand): Node => lessEqual(b, a);
/** a ≠ b, as bool. */
export const notEqual = (a: Operand, b: Operand): Node => not(equal(a, b));
/** Both bools. */
export const and = binary(ops.and);
/** Either bool. */
export const or = binary(ops.or);
/** x². */
export const square = (x: Node): Node => mul(x, x);

/** `a` where the condition (bool) holds, `b` elsewhere. Select inputs before a function, not results after it. */
export function where(condition: Node, a: Operand, b: Operand): Node {
  const [x, y] = together(a, b) as [Node, Node];
  const shape = broadcastShapes(condition.shape, x.shape);
  return makeNode(ops.where, [broadcastTo(condition, shape), broadcastTo(x, shape), broadcastTo(y, shape)], {});
}

/** weight · value, and 0 where the weight is 0 whatever the value: a term of weight 0 contributes nothing. */
export function weighted(weight: Node, value: Node): Node {
  const [w, v] = together(weight, value) as [Node, Node];
  return mul(w, where(equal(w, 0), 0, v));
}

/** x in another dtype: towards zero to int32, whether it is not 0 to bool. */
export const cast = (x: Node, dtype: DType): Node => (x.dtype === dtype ? x : makeNode(ops.cast, [x], { dtype }));

function dropAxes(x: Node, kept: Node, axes: readonly number[], keepDims: boolean | undefined): Node {
  return keepDims
    ? kept
    : reshape(
        kept,
        x.shape.filter((_, d) => !axes.includes(d)),
      );
}

/** What reductions take besides the axes. */
export interface ReduceOptions {
  /** Keep the reduced axes as 1. Default false. */
  readonly keepDims?: boolean;
}

/** Sum over `axes` (all by default). */
export function sum(x: Node, axes?: readonly number[], options: ReduceOptions = {}): Node {
  const rank = x.shape.length;
  const over = [...new Set((axes ?? x.shape.map((_, d) => d)).map((a) => normaliseAxis(a, rank)))].sort(
    (a, b) => a - b,
  );
  const kept = over.length === 0 ? x : makeNode(ops.sum, [x], { axes: over });
  return dropAxes(x, kept, over, options.keepDims);
}

/** Mean over `axes` (all by default); over nothing it is NaN. */
export function mean(x: Node, axes?: readonly number[], options: ReduceOptions = {}): Node {
  const total = sum(x, axes, options);
  const count = sizeOf(x.shape) / Math.max(sizeOf(total.shape), 1);
  return div(total, count);
}

function overLast(op: OpRecord) {
  return (x: Node, options: ReduceOptions = {}): Node =>
    dropAxes(x, makeNode(op, [x], {}), [x.shape.length - 1], options.keepDims);
}

/** Largest element of the last axis; NaN wins. */
export const max = overLast(ops.max);
/** Its position, the first among equals, int32. */
export const argmax = overLast(ops.argmax);
/** log Σ exp over the last axis. */
export const logSumExp = overLast(ops.logSumExp);
/** Softmax over the last axis. */
export const softmax = unary(ops.softmax);
/** log softmax over the last axis. */
export const logSoftmax = unary(ops.logSoftmax);
/** The gradient of softmax at `x` for the gradient of its result. */
export const softmaxGradient = (x: Node, cotangent: Node): Node => makeNode(ops.softmaxGradient, [x, cotangent], {});
/** The gradient of logSoftmax at `x` for the gradient of its result. */
export const logSoftmaxGradient = (x: Node, cotangent: Node): Node =>
  makeNode(ops.logSoftmaxGradient, [x, cotangent], {});

/** The same elements, in row-major order, under another shape. */
export function reshape(x: Node, shape: Shape): Node {
  if (sameShape(x.shape, shape)) return x;
  const value = constantValue(x);
  if (value !== undefined && sizeOf(x.shape) === sizeOf(shape)) return constant(value, x.dtype, shape);
  const own = x.op === ops.reshape ? (x.inputs[0] as Node) : x;
  return sameShape(own.shape, shape) ? own : makeNode(ops.reshape, [own], { shape: [...shape] });
}

/** Reorders axes; reverses them by default. */
export const transpose = (x: Node, permutation: readonly number[] = x.shape.map((_, d) => d).reverse()): Node =>
  makeNode(ops.transpose, [x], { permutation: [...permutation] });

/** Repeats `x` to a shape, as NumPy does: axes are aligned at the end, and those of size 1 stretch. */
export function broadcastTo(x: Node, shape: Shape): Node {
  if (sameShape(x.shape, shape)) return x;
  const value = constantValue(x);
  if (value !== undefined) return constant(value, x.dtype, shape);
  return makeNode(ops.broadcastTo, [x], { shape: [...shape] });
}

/** The block of `sizes` elements from `starts` on, by axis; with `steps`, every so many-th of them. */
export const slice = (x: Node, starts: readonly number[], sizes: readonly number[], steps?: readonly number[]): Node =>
  sameShape(x.shape, sizes) && starts.every((start) => start === 0)
    ? x
    : makeNode(ops.slice, [x], { starts: [...starts], sizes: [...sizes], ...stepsAttribute(steps) });

/** Surrounds x with `value`: so many before and after, by axis; and between its elements, which come to lie `steps` apart. */
export const pad = (
  x: Node,
  before: readonly number[],
  after: readonly number[],
  value = 0,
  steps?: readonly number[],
): Node => {
  const attributes = { before: [...before], after: [...after], value, ...stepsAttribute(steps) };
  const nothing = attributes.steps === undefined && before.length === x.shape.length && after.length === before.length;
  return nothing && [...before, ...after].every((n) => n === 0) ? x : makeNode(ops.pad, [x], attributes);
};

/** Joins parts along an axis. */
export function concat(parts: readonly Node[], axis: number): Node {
  const first = parts[0];
  if (first === undefined) {
    throw new InvalidArgumentError("graph/concat-nothing", {
      received: "concat was given no parts",
      expected: "at least one is needed",
      hint: "Pass a non-empty list.",
    });
  }
  return parts.length === 1 ? first : makeNode(ops.concat, parts, { axis: normaliseAxis(axis, first.shape.length) });
}

/** Product of two matrices, either read transposed. */
export const matmul = (a: Node, b: Node, options: { transposeA?: boolean; transposeB?: boolean } = {}): Node =>
  makeNode(ops.matmul, [a, b], { transposeA: options.transposeA ?? false, transposeB: options.transposeB ?? false });

const steps = ({ strides, dilation }: Partial<Steps> = {}, spatial: number): Steps => ({
  strides: [...(strides ?? new Array<number>(spatial).fill(1))],
  dilation: [...(dilation ?? new Array<number>(spatial).fill(1))],
});

/**
 * Convolution (cross-correlation, as networks have it) of x [batch, …spatial, channels] with a kernel [...sizes, channels,
 * filters]: [batch, …positions, filters], only where the kernel lies inside. Pad x for more.
 */
export function convolution(x: Node, kernel: Node, options?: Partial<Steps>): Node {
  const sizes = kernel.shape.slice(0, -2);
  const by = steps(options, sizes.length);
  const product = makeNode(ops.convolution, [x, kernel], by);
  const positions = positionsOf(x.shape.slice(1, -1), { sizes, ...by });
  return reshape(product, [x.shape[0] as number, ...positions, kernel.shape.at(-1) as number]);
}

/**
 * The gradient of `convolution` with respect to its kernel, of these spatial sizes: [...sizes, channels, filters], from x and
 * the cotangent [batch, …positions, filters].
 */
export function convolutionKernel(x: Node, cotangent: Node, sizes: Shape, options?: Partial<Steps>): Node {
  const attributes = { sizes: [...sizes], ...steps(options, sizes.length) };
  const product = makeNode(ops.convolutionKernel, [x, cotangent], attributes);
  return reshape(product, [...sizes, x.shape.at(-1) as number, cotangent.shape.at(-1) as number]);
}

const overWindows =
  (op: OpRecord) =>
  (x: Node, sizes: Shape, strides: Shape): Node =>
    makeNode(op, [x], { sizes: [...sizes], strides: [...strides] });

/** Sum over windows of x [batch, …spatial, channels] that lie inside: [batch, …positions, channels]. */
export const windowSum = overWindows(ops.windowSum);
/** Largest element of each window; NaN wins. */
export const windowMax = overWindows(ops.windowMax);
/** Its place in the window, row-major, the first among equals, int32. */
export const windowArgmax = overWindows(ops.windowArgmax);

/** Rows of x by int32 index; the result's shape is indices.shape ++ x.shape[1…]. */
export const gather = (x: Node, indices: Node): Node => makeNode(ops.gather, [x, indices], {});

/** Zeros of `rows` rows with each update (indices [n], updates [n, …]) added to the row it names. */
export const scatterAdd = (indices: Node, updates: Node, rows: number): Node =>
  makeNode(ops.scatterAdd, [indices, updates], { rows });

/** The builders as one object, for op records. */
export const build: Build = {
  constant,
  iota,
  neg,
  abs,
  sign,
  floor,
  sqrt,
  exp,
  expm1,
  log,
  log1p,
  log1mexp,
  tanh,
  sigmoid,
  logSigmoid,
  softplus,
  erf,
  atan,
  not,
  stopGradient,
  add,
  sub,
  mul,
  div,
  pow,
  maximum,
  minimum,
  xlogy,
  xlog1py,
  equal,
  less,
  lessEqual,
  and,
  or,
  where,
  cast,
  sum,
  max,
  argmax,
  logSumExp,
  softmax,
  logSoftmax,
  softmaxGradient,
  logSoftmaxGradient,
  reshape,
  transpose,
  broadcastTo,
  slice,
  pad,
  concat,
  matmul,
  convolution,
  convolutionKernel,
  windowSum,
  windowMax,
  windowArgmax,
  gather,
  scatterAdd,
};

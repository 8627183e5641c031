/** For every op: operands, how it is made of them, what it is on plain numbers, and calls that it refuses. */

import { randomUniform } from "../../src/graph/build.ts";
import { build as b, constant, evaluateFloat64, input, type Node, type OpName } from "../../src/graph/index.ts";

export interface Operand {
  readonly shape: readonly number[];
  readonly dtype?: "float64" | "int32" | "bool";
  /** Values are drawn between these (whole for int32). */
  readonly from?: number;
  readonly to?: number;
}
export interface Example {
  readonly operands: readonly Operand[];
  readonly make: (...nodes: Node[]) => Node;
  /** The function itself, on plain numbers, where it is one of single elements. */
  readonly scalar?: (...values: number[]) => number;
  /** Calls that must throw a typed error. */
  readonly refused?: readonly (() => unknown)[];
}

const real = (...shape: number[]): Operand => ({ shape, from: -2, to: 2 });
const positive = (...shape: number[]): Operand => ({ shape, from: 0.2, to: 3 });
const negative = (...shape: number[]): Operand => ({ shape, from: -3, to: -0.2 });
const integers = (to: number, ...shape: number[]): Operand => ({ shape, dtype: "int32", from: 0, to });
const flags = (...shape: number[]): Operand => ({ shape, dtype: "bool", from: 0, to: 1 });
export const f = (...shape: number[]) => input("f", "float64", shape);
const single = (...shape: number[]) => input("s", "float32", shape);
const int = (...shape: number[]) => input("i", "int32", shape);
const bool = (...shape: number[]) => input("b", "bool", shape);

const softplus = (x: number) => Math.log1p(Math.exp(x));
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
/** By the trapezium rule, which has nothing in common with the record. */
const erf = (x: number) => {
  const n = 20000;
  let total = 0;
  for (let i = 0; i <= n; i++) total += (i === 0 || i === n ? 0.5 : 1) * Math.exp(-(((x * i) / n) ** 2));
  return (2 / Math.sqrt(Math.PI)) * total * (x / n);
};
const unary = (op: OpName & keyof typeof b, scalar: (x: number) => number, operand: Operand = real(2, 3)): Example => ({
  operands: [operand],
  make: b[op] as (x: Node) => Node,
  scalar,
  refused:
    op === "neg" || op === "stopGradient" ? [] : [() => (b[op] as (x: Node) => Node)(op === "not" ? f(2) : int(2))],
});
const binary = (
  op: OpName & keyof typeof b,
  scalar: (x: number, y: number) => number,
  operands = [real(2, 3), real(2, 3)],
): Example => ({
  operands,
  make: b[op] as (x: Node, y: Node) => Node,
  scalar,
  refused: [
    () => (b[op] as (x: Node, y: Node) => Node)(f(2, 3), f(2, 2)),
    () => (b[op] as (x: Node, y: Node) => Node)(f(2), single(2)),
  ],
});
const compare = (op: "equal" | "less" | "lessEqual", scalar: (x: number, y: number) => boolean): Example =>
  binary(op, (x, y) => Number(scalar(x, y)), [integers(2, 8), integers(2, 8)]);

const row = (...shape: number[]): Operand => ({ shape, from: -3, to: 3 });

export const examples: { readonly [K in OpName]: Example } = {
  // Sources
  input: { operands: [real(2)], make: (x) => x, refused: [() => evaluateFloat64([f(2)], new Map())] },
  constant: {
    operands: [],
    make: () => constant([1, -0, Number.NaN], "float64"),
    refused: [() => constant([1, 2], "float64", [3])],
  },
  iota: { operands: [], make: () => b.iota(-1, [2, 3]), refused: [() => b.iota(2, [2, 3])] },
  randomUniform: {
    operands: [integers(9), integers(9)],
    make: (seed, step) => randomUniform(seed, step, 3, "float64", [4]),
    refused: [() => randomUniform(f(), int(), 0, "float64", [1])],
  },
  // One operand
  neg: unary("neg", (x) => -x),
  abs: unary("abs", Math.abs, positive(3)),
  sign: unary("sign", Math.sign),
  floor: unary("floor", Math.floor),
  sqrt: unary("sqrt", Math.sqrt, positive(3)),
  exp: unary("exp", Math.exp),
  expm1: unary("expm1", Math.expm1),
  log: unary("log", Math.log, positive(3)),
  log1p: unary("log1p", Math.log1p, positive(3)),
  log1mexp: unary("log1mexp", (x) => Math.log(1 - Math.exp(x)), negative(6)),
  tanh: unary("tanh", Math.tanh),
  sigmoid: unary("sigmoid", sigmoid),
  logSigmoid: unary("logSigmoid", (x) => Math.log(sigmoid(x))),
  softplus: unary("softplus", softplus),
  erf: unary("erf", erf, row(8)),
  atan: unary("atan", (x) => Math.PI / 2 - Math.atan2(1, x), row(8)),
  not: unary("not", (x) => 1 - x, flags(4)),
  stopGradient: unary("stopGradient", (x) => x),
  // Two operands
  add: binary("add", (x, y) => x + y),
  sub: binary("sub", (x, y) => x - y),
  mul: binary("mul", (x, y) => x * y),
  div: binary("div", (x, y) => x / y, [real(3), positive(3)]),
  pow: binary("pow", (x, y) => x ** y, [positive(3), real(3)]),
  maximum: binary("maximum", Math.max),
  minimum: binary("minimum", Math.min),
  xlogy: binary("xlogy", (x, y) => x * Math.log(y), [real(3), positive(3)]),
  xlog1py: binary("xlog1py", (x, y) => x * Math.log1p(y), [real(3), positive(3)]),
  equal: compare("equal", (x, y) => x === y),
  less: compare("less", (x, y) => x < y),
  lessEqual: compare("lessEqual", (x, y) => x <= y),
  and: { ...binary("and", (x, y) => x * y, [flags(8), flags(8)]), refused: [() => b.and(f(2), f(2))] },
  or: { ...binary("or", (x, y) => Math.max(x, y), [flags(8), flags(8)]), refused: [() => b.or(bool(2), bool(3))] },
  where: {
    operands: [flags(6), real(6), real(6)],
    make: b.where,
    scalar: (condition, x, y) => (condition === 1 ? x : y),
    refused: [
      () => b.where(f(2), f(2), f(2)),
      () => b.where(bool(2), f(2), single(2)),
      () => b.where(bool(3), f(2), f(2)),
    ],
  },
  cast: {
    operands: [real(6)],
    make: (x) => b.cast(b.cast(x, "float32"), "float64"),
    scalar: (x) => x,
  },
  // Reductions
  sum: { operands: [real(2, 3, 2)], make: (x) => b.sum(x, [0, 2]), refused: [() => b.sum(f(2), [1])] },
  max: { operands: [row(3, 4)], make: (x) => b.max(x), refused: [() => b.max(f(2, 0))] },
  argmax: { operands: [row(3, 4)], make: (x) => b.argmax(x), refused: [() => b.argmax(f(0))] },
  logSumExp: {
    operands: [row(3, 4)],
    make: (x) => b.logSumExp(x),
    refused: [() => b.logSumExp(f(3, 0)), () => b.logSumExp(int(3))],
  },
  softmax: { operands: [row(3, 4)], make: b.softmax, refused: [() => b.softmax(f(3, 0)), () => b.softmax(int(3))] },
  logSoftmax: { operands: [row(3, 4)], make: b.logSoftmax, refused: [() => b.logSoftmax(f(3, 0))] },
  softmaxGradient: {
    operands: [row(3, 4), real(3, 4)],
    make: b.softmaxGradient,
    refused: [() => b.softmaxGradient(f(3, 4), f(3, 3)), () => b.softmaxGradient(f(3, 4), single(3, 4))],
  },
  logSoftmaxGradient: {
    operands: [row(3, 4), real(3, 4)],
    make: b.logSoftmaxGradient,
    refused: [() => b.logSoftmaxGradient(f(3, 4), f(4, 3))],
  },
  // Views
  reshape: { operands: [real(2, 3)], make: (x) => b.reshape(x, [3, 2]), refused: [() => b.reshape(f(2, 3), [5])] },
  transpose: {
    operands: [real(2, 3, 2)],
    make: (x) => b.transpose(x, [2, 0, 1]),
    refused: [() => b.transpose(f(2, 3), [0, 0]), () => b.transpose(f(2, 3), [0])],
  },
  broadcastTo: {
    operands: [real(3, 1)],
    make: (x) => b.broadcastTo(x, [2, 3, 4]),
    refused: [() => b.broadcastTo(f(2), [3]), () => b.broadcastTo(f(2, 3), [3])],
  },
  slice: {
    operands: [real(3, 4)],
    make: (x) => b.slice(b.slice(x, [1, 0], [2, 3]), [0, 0], [2, 2], [1, 2]),
    refused: [
      () => b.slice(f(3), [0], [2], [3]),
      () => b.slice(f(3), [0], [2], [0]),
      () => b.slice(f(3), [2], [2]),
      () => b.slice(f(3), [-1], [1]),
      () => b.slice(f(3, 3), [0], [1]),
    ],
  },
  pad: {
    operands: [real(2, 2)],
    make: (x) => b.pad(x, [1, 0], [0, 2], 7, [1, 3]),
    refused: [() => b.pad(f(2), [0], [1], 0, [0]), () => b.pad(f(2), [-1], [0]), () => b.pad(f(2), [1, 1], [0, 0])],
  },
  concat: {
    operands: [real(2, 2), real(2, 1)],
    make: (x, y) => b.concat([x, y], 1),
    refused: [() => b.concat([f(2, 2), f(3, 1)], 1), () => b.concat([], 0), () => b.concat([f(1), single(1)], 0)],
  },
  // Contractions and indices
  matmul: {
    operands: [real(3, 2), real(4, 3)],
    make: (x, y) => b.matmul(x, y, { transposeA: true, transposeB: true }),
    refused: [
      () => b.matmul(f(2, 3), f(2, 3)),
      () => b.matmul(f(2), f(2, 3)),
      () => b.matmul(int(2, 2), int(2, 2)),
      () => b.matmul(f(2, 2), single(2, 2)),
    ],
  },
  convolution: {
    operands: [real(2, 7, 6, 3), real(3, 2, 3, 2)],
    make: (x, kernel) => b.convolution(x, kernel, { strides: [2, 1], dilation: [1, 2] }),
    refused: [
      () => b.convolution(f(2, 5, 3), f(2, 4, 2)),
      () => b.convolution(f(2, 5, 3), f(6, 3, 2)),
      () => b.convolution(f(2, 5, 3), f(2, 2, 3, 2)),
      () => b.convolution(f(2, 5, 3), f(2, 3, 2), { strides: [0] }),
      () => b.convolution(int(2, 5, 3), int(2, 3, 2)),
      () => b.convolution(f(2, 5, 3), single(2, 3, 2)),
      () => b.convolution(f(2, 3), f(3, 2)),
    ],
  },
  convolutionKernel: {
    operands: [real(2, 8, 3), real(2, 3, 2)],
    make: (x, cotangent) => b.convolutionKernel(x, cotangent, [2], { strides: [2], dilation: [2] }),
    refused: [
      () => b.convolutionKernel(f(2, 8, 3), f(2, 4, 2), [2], { strides: [2], dilation: [2] }),
      () => b.convolutionKernel(f(2, 8, 3), f(2, 1, 2), [9]),
    ],
  },
  windowSum: {
    operands: [real(2, 7, 5, 2)],
    make: (x) => b.windowSum(x, [3, 2], [2, 1]),
    refused: [() => b.windowSum(f(2, 3, 2), [4], [1]), () => b.windowSum(int(2, 3, 2), [2], [1])],
  },
  windowMax: {
    operands: [row(2, 7, 5, 2)],
    make: (x) => b.windowMax(x, [2, 2], [2, 2]),
    refused: [() => b.windowMax(f(2, 3, 2), [2], [0])],
  },
  windowArgmax: {
    operands: [row(2, 7, 2)],
    make: (x) => b.windowArgmax(x, [3], [2]),
    refused: [() => b.windowArgmax(f(2, 3, 2), [2, 2], [1, 1])],
  },
  gather: {
    operands: [real(4, 2), integers(4, 2, 2)],
    make: (x, index) => b.gather(x, index),
    refused: [() => b.gather(f(4), f(2))],
  },
  scatterAdd: {
    operands: [integers(3, 5), real(5, 2)],
    make: (index, updates) => b.scatterAdd(index, updates, 3),
    refused: [() => b.scatterAdd(f(2), f(2), 3), () => b.scatterAdd(int(2), int(2), 3)],
  },
};

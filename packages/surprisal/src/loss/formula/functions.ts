/** What formulas can call. A row each: names, how many operands, and what is built of them. */
import { build as b, constant, logSumExp, type Node, type Operand } from "../../graph/index.ts";

/** `row`: one number for each row comes out; `rows`: the operand must have a class axis, which stays. */
export type Reach = "element" | "row" | "rows";

export interface FormulaFunction {
  /** Case and underscores do not count. The first is the one in lists. */
  readonly names: readonly string[];
  readonly arity: readonly [least: number, most: number];
  readonly reach: Reach;
  /** Whether it can be undefined or infinite somewhere, and must not be fed what a condition leaves out. */
  readonly partial?: true;
  /** Its result is a condition. */
  readonly condition?: true;
  /** Which operands are conditions. */
  readonly conditions?: readonly number[];
  /** Plain numbers are folded where all operands are numbers and this is given. */
  readonly number?: (...operands: number[]) => number;
  readonly build: (...operands: Operand[]) => Node;
}

/** Makes a node of an operand that is a number; only where the other operands are nodes, so a model is at hand. */
const unary = (names: string[], build: (x: Node) => Node, number: (x: number) => number, partial?: true) =>
  row(names, [1, 1], (x) => build(x as Node), { number, ...(partial && { partial }) });

function row(
  names: readonly string[],
  arity: readonly [number, number],
  build: (...operands: Operand[]) => Node,
  more: Partial<FormulaFunction> = {},
): FormulaFunction {
  return { names, arity, reach: "element", build, ...more };
}

const overClasses = (names: string[], build: (x: Node) => Node, reach: Reach = "row", most = 1) =>
  row(names, [1, most], (x) => build(x as Node), { reach });

const comparison = (sign: string, build: (a: Operand, b: Operand) => Node) =>
  row([sign], [2, 2], build as FormulaFunction["build"], { condition: true });

const logical = (names: string[], build: (a: Operand, b: Operand) => Node) =>
  row(names, [2, 2], build as FormulaFunction["build"], { condition: true, conditions: [0, 1] });

/** xⁿ by products for small whole n, which keep every digit; else by the power function. */
function power(x: Operand, exponent: Operand): Node {
  if (typeof x === "number" && x === Math.E) return b.exp(exponent as Node);
  if (typeof exponent !== "number") return b.pow(x, exponent);
  const size = Math.abs(exponent);
  if (!Number.isInteger(size) || size > 4 || size === 0) {
    return exponent === 0.5 ? b.sqrt(x as Node) : b.pow(x, exponent);
  }
  const node = x as Node;
  const square = b.mul(node, node);
  const product = [node, square, b.mul(square, node), b.mul(square, square)][size - 1] as Node;
  return exponent < 0 ? b.div(1, product) : product;
}

const softplusNumber = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
const sigmoidNumber = (x: number) => 1 / (1 + Math.exp(-x));
const fold =
  (first: (a: Operand, b: Operand) => Operand) =>
  (...operands: Operand[]) =>
    operands.reduce((a, c) => first(a, c)) as Node;
const sumOf = (x: Node) => b.sum(x, [-1], { keepDims: true });
const classesOf = (x: Node) => x.shape.at(-1) ?? 1;

/** cosh, from the exponentials that a textbook has. */
const cosh = (x: Node) => b.div(b.add(b.exp(x), b.exp(b.neg(x))), 2);

/** Smallest and largest over the classes with one operand, else among the operands. */
const extreme = (
  names: string[],
  two: (a: Operand, b: Operand) => Operand,
  one: (x: Node) => Node,
  number: (...x: number[]) => number,
) =>
  row(names, [1, 8], (...operands) => (operands.length === 1 ? one(operands[0] as Node) : fold(two)(...operands)), {
    number,
  });

/** Everything that can be called; operators are among them under their signs. */
export const functions: readonly FormulaFunction[] = [
  row(["+"], [2, 2], b.add, { number: (x, y) => x + y }),
  row(["-"], [2, 2], b.sub, { number: (x, y) => x - y }),
  row(["*"], [2, 2], b.mul, { number: (x, y) => x * y }),
  row(["/"], [2, 2], b.div, { number: (x, y) => x / y, partial: true }),
  row(["^", "**", "pow"], [2, 2], power, { number: (x, y) => x ** y, partial: true }),
  unary(["neg"], b.neg, (x) => -x),
  comparison("<", b.less),
  comparison("<=", b.lessEqual),
  comparison(">", (x, y) => b.less(y, x)),
  comparison(">=", (x, y) => b.lessEqual(y, x)),
  comparison("==", b.equal),
  comparison("!=", (x, y) => b.not(b.equal(x, y))),
  logical(["&&", "and"], b.and),
  logical(["||", "or"], b.or),
  row(["!", "not"], [1, 1], (x) => b.not(x as Node), { condition: true, conditions: [0] }),
  row(["where"], [3, 3], (c, x, y) => b.where(c as Node, x as Operand, y as Operand), { conditions: [0] }),
  unary(["exp"], b.exp, Math.exp, true),
  unary(["expm1"], b.expm1, Math.expm1, true),
  unary(["log", "ln"], b.log, Math.log, true),
  unary(["log1p"], b.log1p, Math.log1p, true),
  unary(["sqrt"], b.sqrt, Math.sqrt, true),
  unary(
    ["square"],
    (x) => b.mul(x, x),
    (x) => x * x,
  ),
  unary(["abs"], b.abs, Math.abs),
  unary(["sign"], b.sign, Math.sign),
  unary(["floor"], b.floor, Math.floor),
  unary(["tanh"], b.tanh, Math.tanh),
  unary(["cosh"], cosh, Math.cosh, true),
  unary(["erf"], b.erf, erfNumber),
  unary(["atan", "arctan"], b.atan, Math.atan),
  unary(["sigmoid", "logistic", "expit"], b.sigmoid, sigmoidNumber),
  unary(["logSigmoid"], b.logSigmoid, (x) => -softplusNumber(-x)),
  unary(["softplus"], b.softplus, softplusNumber),
  unary(
    ["relu"],
    (x) => b.maximum(x, 0),
    (x) => Math.max(x, 0),
  ),
  extreme(["max", "maximum"], b.maximum, (x) => b.max(x, { keepDims: true }), Math.max),
  extreme(["min", "minimum"], b.minimum, (x) => b.neg(b.max(b.neg(x), { keepDims: true })), Math.min),
  row(
    ["clip", "clamp"],
    [3, 3],
    (x, low, high) => b.minimum(b.maximum(x as Operand, low as Operand), high as Operand),
    {
      number: (x, low, high) => Math.min(Math.max(x, low as number), high as number),
    },
  ),
  overClasses(["sum"], sumOf),
  overClasses(["mean"], (x) => b.div(sumOf(x), classesOf(x))),
  overClasses(["logSumExp"], (x) => logSumExp(x, { keepDims: true })),
  overClasses(["softmax"], b.softmax, "rows"),
  overClasses(["logSoftmax"], b.logSoftmax, "rows"),
];

function erfNumber(x: number): number {
  return b.erf(constant(x, "float64", [])).op.scalar?.(x) as number;
}

export const foldName = (name: string): string => name.replaceAll("_", "").toLowerCase();
const byName = new Map(functions.flatMap((f) => f.names.map((name) => [foldName(name), f] as const)));

export const findFunction = (name: string): FormulaFunction | undefined => byName.get(foldName(name));

/** The names that can be typed before a parenthesis. */
export const functionNames: readonly string[] = functions.flatMap((f) =>
  f.names.filter((name) => /^[a-z]/i.test(name) && name !== "neg"),
);

/** Numbers with a name. */
export const constants: Readonly<Record<string, number>> = { pi: Math.PI, e: Math.E };

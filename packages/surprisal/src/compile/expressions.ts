/** Kernel expressions: the primitives as `Scalars`, and what each elementwise graph op becomes. */
import { type DType, type FloatDType, isFloat } from "../base/dtype.ts";
import { stridesOf } from "../base/shape.ts";
import { type Node, ops } from "../graph/index.ts";
import { elementary } from "./elementary/index.ts";
import type { Expression, Primitive } from "./kernel.ts";
import { type Scalars, scalarsBy } from "./scalars.ts";

export const literal = (value: number, dtype: DType): Expression => ({
  kind: "constant",
  value: dtype === "float32" ? Math.fround(value) : value,
  dtype,
});

export const apply = (op: Primitive, dtype: DType, ...args: Expression[]): Expression => ({
  kind: "op",
  op,
  args,
  dtype,
});

const shift = (op: "shiftLeft" | "shiftRight", x: Expression, bits: number): Expression => ({
  kind: "op",
  op,
  args: [x],
  dtype: "int32",
  bits,
});

/** The primitives of one precision, making expressions. */
export const expressionScalars = (precision: FloatDType): Scalars<Expression> =>
  scalarsBy<Expression>(precision, {
    constant: (x) => literal(x, precision),
    select: (m, a, b) => apply("select", a.dtype, m, a, b),
    of: (op, args, dtype) => apply(op, dtype, ...args),
  });

const scalars = { float32: expressionScalars("float32"), float64: expressionScalars("float64") };

/** NaN wins, whichever side it is on: a NaN in b makes every comparison false, so it is selected apart. */
function extreme(op: "min" | "max", [a, b]: readonly Expression[]): Expression {
  const [x, y] = [a as Expression, b as Expression];
  if (x.dtype === "bool") return apply(op === "min" ? "and" : "or", "bool", x, y);
  const picked = apply(op, x.dtype, x, y);
  return isFloat(x.dtype) ? apply("select", x.dtype, apply("equal", "bool", y, y), picked, y) : picked;
}

/** Of masks, false is less than true. */
function ordered(op: "less" | "lessEqual", [a, b]: readonly Expression[]): Expression {
  const [x, y] = [a as Expression, b as Expression];
  if (x.dtype !== "bool") return apply(op, "bool", x, y);
  return apply(op === "less" ? "and" : "or", "bool", apply("not", "bool", x), y);
}

/** Threefry-2x32's first word, as in `base/threefry.ts`, for key (k0, k1) and counter (c0, c1). */
function threefry(k0: Expression, k1: Expression, c0: Expression, c1: Expression): Expression {
  const add = (a: Expression, b: Expression) => apply("add", "int32", a, b);
  const xor = (a: Expression, b: Expression) => apply("xor", "int32", a, b);
  const rotate = (x: Expression, n: number) =>
    apply("bitOr", "int32", shift("shiftLeft", x, n), shift("shiftRight", x, 32 - n));
  const keys = [k0, k1, xor(literal(0x1bd11bda, "int32"), xor(k0, k1))];
  const rotations = [13, 15, 26, 6, 17, 29, 16, 24];
  let x0 = add(c0, k0);
  let x1 = add(c1, k1);
  for (let block = 0; block < 5; block++) {
    for (let r = 0; r < 4; r++) {
      x0 = add(x0, x1);
      x1 = xor(rotate(x1, rotations[(block * 4 + r) % 8] as number), x0);
    }
    x0 = add(x0, keys[(block + 1) % 3] as Expression);
    x1 = add(add(x1, keys[(block + 2) % 3] as Expression), literal(block + 1, "int32"));
  }
  return x0;
}

type Expansion = (node: Node, args: readonly Expression[]) => Expression;

const primitive =
  (op: Primitive): Expansion =>
  (node, args) =>
    apply(op, node.dtype, ...args);

/** Ops that are a primitive, or a few; everything else is elementary. */
const expansions: Readonly<Record<string, Expansion>> = {
  neg: primitive("neg"),
  abs: primitive("abs"),
  floor: primitive("floor"),
  sqrt: primitive("sqrt"),
  add: primitive("add"),
  sub: primitive("sub"),
  mul: primitive("mul"),
  div: primitive("div"),
  equal: primitive("equal"),
  less: (_, args) => ordered("less", args),
  lessEqual: (_, args) => ordered("lessEqual", args),
  and: primitive("and"),
  or: primitive("or"),
  not: primitive("not"),
  where: primitive("select"),
  cast: primitive("cast"),
  maximum: (_, args) => extreme("max", args),
  minimum: (_, args) => extreme("min", args),
  stopGradient: (_, args) => args[0] as Expression,
  randomUniform(node, [seed, step]) {
    // The element's own number, in row-major order, is the counter.
    const element: Expression = { kind: "index", offset: 0, strides: stridesOf(node.shape), dtype: "int32" };
    const words = [seed as Expression, literal(node.attrs.stream, "int32"), step as Expression, element] as const;
    const word = asCall(threefry(...words), "threefry", words);
    const bits = apply("cast", node.dtype, shift("shiftRight", word, 8));
    return apply("mul", node.dtype, bits, literal(2 ** -24, node.dtype));
  },
};

/** The expression of one element of an elementwise node. */
export function expand(node: Node, args: readonly Expression[]): Expression {
  const simple = expansions[node.op.name];
  if (simple !== undefined) return simple(node, args);
  const precision = (node.dtype === "float32" ? "float32" : "float64") satisfies FloatDType;
  const f = elementary[node.op.name as keyof typeof elementary] as (
    s: Scalars<Expression>,
    ...x: Expression[]
  ) => Expression;
  return asCall(f(scalars[precision], ...args), node.op.name, args);
}

/** The same expression, which knows what function it is. */
function asCall(e: Expression, name: string, args: readonly Expression[]): Expression {
  return e.kind === "op" ? { ...e, call: { name, args } } : e;
}

/** Whether computing it again costs more than keeping it: the elementary functions do. */
export const isCostly = (node: Node): boolean =>
  expansions[node.op.name] === undefined || node.op === ops.randomUniform;

/** A primitive of the kernel language over operands that are C expressions already. */
import type { DType } from "../../base/dtype.ts";
import type { Primitive } from "../../compile/kernel.ts";
import type { Helpers } from "./helpers.ts";
import { atom, cNumber, cType } from "./words.ts";

export interface Operation {
  readonly op: Primitive;
  readonly args: readonly string[];
  /** Of the result, and of the first operand. */
  readonly dtype: DType;
  readonly from: DType;
  /** What shifts shift by. */
  readonly bits?: number | undefined;
}

const infix: Partial<Readonly<Record<Primitive, string>>> = {
  add: "+",
  sub: "-",
  mul: "*",
  div: "/",
  equal: "==",
  less: "<",
  lessEqual: "<=",
  and: "&&",
  or: "||",
  xor: "^",
  bitOr: "|",
};

/** Functions of C's own library, with an f behind them for float. */
const library: Partial<Readonly<Record<Primitive, string>>> = {
  sqrt: "sqrt",
  abs: "fabs",
  floor: "floor",
  nearest: "nearbyint",
  copySign: "copysign",
};

export function operation(helpers: Helpers, { op, args, dtype, from, bits }: Operation): string {
  const [a, b, c] = args as [string, string, string];
  if (op === "cast") return cast(helpers, a, from, dtype);
  if (op === "select") return `${atom(a)} ? ${atom(b)} : ${atom(c)}`;
  if (op === "not") return `!${atom(a)}`;
  if (op === "min" || op === "max") return `${helpers.use(op === "min" ? "smaller" : "larger", dtype)}(${a}, ${b})`;
  if (op === "shiftLeft") return `(int32_t)((uint32_t)${atom(a)} << ${bits})`;
  if (op === "shiftRight") return `(int32_t)((uint32_t)${atom(a)} >> ${bits})`;
  if (op === "pow2" || op === "exponent" || op === "significand") return `${helpers.use(op, dtype)}(${a})`;
  if (dtype === "int32") {
    // Integers wrap, which C leaves open for signed ones.
    if (op === "add" || op === "sub" || op === "mul") return `${helpers.use(op, dtype)}(${a}, ${b})`;
    if (op === "neg") return `${helpers.use("sub", dtype)}(0, ${a})`;
    if (op === "abs") return `${atom(a)} < 0 ? ${helpers.use("sub", dtype)}(0, ${a}) : ${atom(a)}`;
  }
  if (op === "neg") return a.startsWith("-") ? `-(${a})` : `-${atom(a)}`;
  const called = library[op];
  if (called !== undefined) return `${called}${dtype === "float32" ? "f" : ""}(${args.join(", ")})`;
  return `${atom(a)} ${infix[op]} ${atom(b)}`;
}

function cast(helpers: Helpers, a: string, from: DType, to: DType): string {
  if (from === to) return a;
  if (to === "bool") return `${atom(a)} != ${cNumber(0, from)}`;
  if (to === "int32" && from !== "bool") return `${helpers.use("whole", from)}(${a})`;
  return to === "int32" ? a : `(${cType(to)})${atom(a)}`;
}

/**
 * The primitive operations that every target renders, over whatever a value is there: a JavaScript number, a kernel
 * expression. Elementary functions are written once against this interface, as one fixed sequence of operations, so that
 * lanes, tails, engines and targets give the same bits.
 */
import type { FloatDType } from "../base/dtype.ts";
import type { Primitive } from "./kernel.ts";

export interface Scalars<V> {
  readonly precision: FloatDType;
  /** A number rounded to the precision. */
  constant(x: number): V;
  add(a: V, b: V): V;
  sub(a: V, b: V): V;
  mul(a: V, b: V): V;
  div(a: V, b: V): V;
  sqrt(a: V): V;
  neg(a: V): V;
  abs(a: V): V;
  floor(a: V): V;
  /** To the nearest integer, halves to even. */
  nearest(a: V): V;
  /** b < a ? b : a (what `pmin` computes): a NaN in `b` gives `a`. */
  min(a: V, b: V): V;
  /** a < b ? b : a (what `pmax` computes). */
  max(a: V, b: V): V;
  /** |magnitude| with the sign bit of `sign`. */
  copySign(magnitude: V, sign: V): V;
  /** Masks: false when either side is NaN. */
  equal(a: V, b: V): V;
  less(a: V, b: V): V;
  lessEqual(a: V, b: V): V;
  and(a: V, b: V): V;
  or(a: V, b: V): V;
  not(a: V): V;
  /** mask ? a : b, by bits. */
  select(mask: V, a: V, b: V): V;
  /** 2ⁿ for integer-valued n within the exponents of normal numbers; anything for other n. */
  pow2(n: V): V;
  /** floor(log2 x) for positive normal x; anything for other x. */
  exponent(x: V): V;
  /** x / 2^exponent(x), in [1, 2), for positive normal x; anything for other x. */
  significand(x: V): V;
}

/** How a rendering that writes primitives by their names makes values. */
export interface ScalarMaker<V> extends Pick<Scalars<V>, "constant" | "select"> {
  /** A primitive of operands that are all numbers (`from` is the precision) or all masks. */
  of(op: Primitive, args: readonly V[], dtype: FloatDType | "bool", from: FloatDType | "bool"): V;
}

/** The primitives of one precision, by name. */
export function scalarsBy<V>(precision: FloatDType, { constant, select, of }: ScalarMaker<V>): Scalars<V> {
  const float =
    (op: Primitive) =>
    (...args: V[]) =>
      of(op, args, precision, precision);
  const compare =
    (op: Primitive) =>
    (...args: V[]) =>
      of(op, args, "bool", precision);
  const mask =
    (op: Primitive) =>
    (...args: V[]) =>
      of(op, args, "bool", "bool");
  return {
    precision,
    constant,
    add: float("add"),
    sub: float("sub"),
    mul: float("mul"),
    div: float("div"),
    sqrt: float("sqrt"),
    neg: float("neg"),
    abs: float("abs"),
    floor: float("floor"),
    nearest: float("nearest"),
    min: float("min"),
    max: float("max"),
    copySign: float("copySign"),
    equal: compare("equal"),
    less: compare("less"),
    lessEqual: compare("lessEqual"),
    and: mask("and"),
    or: mask("or"),
    not: mask("not"),
    select,
    pow2: float("pow2"),
    exponent: float("exponent"),
    significand: float("significand"),
  };
}

/** Shared pieces of op records: operand checks, elementwise evaluation, row iteration. */
import { type DType, isFloat, roundTo } from "../../base/dtype.ts";
import { DTypeError, ShapeError } from "../../base/errors.ts";
import { type Shape, sameShape, showShape, sizeOf } from "../../base/shape.ts";
import type { Node, OpRecord } from "../node.ts";

export interface NoAttributes {
  readonly [key: string]: never;
}

export function requireFloat(op: string, node: Node): void {
  if (isFloat(node.dtype)) return;
  throw new DTypeError("graph/not-a-float", {
    received: `${op} was given ${node.dtype}`,
    expected: "it takes float32 or float64",
    hint: `cast(x, "float32") first.`,
  });
}

export function requireDType(op: string, node: Node, dtype: DType): void {
  if (node.dtype === dtype) return;
  throw new DTypeError("graph/dtype", {
    received: `${op} was given ${node.dtype}`,
    expected: `it takes ${dtype}`,
    hint: `cast(x, "${dtype}") first.`,
  });
}

export function requireSame(op: string, a: Node, b: Node): void {
  if (a.dtype !== b.dtype) {
    throw new DTypeError("graph/dtypes-differ", {
      received: `${op} was given ${a.dtype} and ${b.dtype}`,
      expected: "both operands need one dtype",
      hint: "cast one of them first.",
    });
  }
  if (!sameShape(a.shape, b.shape)) {
    throw new ShapeError("graph/shapes-differ", {
      received: `${op} was given shapes ${showShape(a.shape)} and ${showShape(b.shape)}`,
      expected: "records take equal shapes",
      hint: "broadcastTo one of them first (the builders do).",
    });
  }
}

/** Applies the record's scalar function to every element. */
export function evaluateElementwise(node: Node, inputs: readonly Float64Array[]): Float64Array {
  const f = node.op.scalar as (...operands: number[]) => number;
  const out = new Float64Array(sizeOf(node.shape));
  const [a, b, c] = inputs as [Float64Array, Float64Array | undefined, Float64Array | undefined];
  const exact = node.dtype === "int32" ? (x: number) => roundTo("int32", x) : undefined;
  for (let i = 0; i < out.length; i++) {
    const value =
      b === undefined
        ? f(a[i] as number)
        : c === undefined
          ? f(a[i] as number, b[i] as number)
          : f(a[i] as number, b[i] as number, c[i] as number);
    out[i] = exact === undefined ? value : exact(value);
  }
  return out;
}

/** A record of one float operand whose result has its shape and dtype. */
export function unaryFloat(
  name: string,
  scalar: (x: number) => number,
  gradient: NonNullable<OpRecord["gradient"]>,
): OpRecord<NoAttributes> {
  return {
    name,
    kind: "elementwise",
    scalar,
    infer([x]) {
      requireFloat(name, x as Node);
      return { dtype: (x as Node).dtype, shape: (x as Node).shape };
    },
    evaluate: evaluateElementwise,
    gradient,
  };
}

/** Rows and length of the last axis: any shape as a matrix. A scalar is one row of one. */
export function rowsOf(shape: Shape): { rows: number; columns: number } {
  const columns = shape.at(-1) ?? 1;
  return { rows: columns === 0 ? 0 : sizeOf(shape) / columns, columns };
}

/** The shape with the last axis kept as 1. */
export function rowShape(shape: Shape): Shape {
  return shape.length === 0 ? [] : [...shape.slice(0, -1), 1];
}

/** Σ with Neumaier's compensation: the reference evaluator's sums are right to the last place. */
export class CompensatedSum {
  #sum = 0;
  #carry = 0;

  add(x: number): void {
    const next = this.#sum + x;
    if (Number.isFinite(next)) {
      this.#carry += Math.abs(this.#sum) >= Math.abs(x) ? this.#sum - next + x : x - next + this.#sum;
    }
    this.#sum = next;
  }

  get value(): number {
    return this.#sum + this.#carry;
  }
}

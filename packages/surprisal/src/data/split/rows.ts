/** Rows of whatever can be split: how many there are, and taking some of them. */
import { dtypeOf, type TypedArray } from "../../base/dtype.ts";
import { DTypeError, InvalidArgumentError, ShapeError } from "../../base/errors.ts";
import { Tensor } from "../../base/tensor.ts";
import { show } from "../options.ts";

/** A tensor (its first axis holds the rows), a typed array, or a plain array of rows of any kind. */
export type Splittable = Tensor | TypedArray | readonly unknown[];
/** What comes back for an input: the same kind. */
export type Part<A> = A extends Tensor
  ? Tensor
  : A extends TypedArray
    ? A
    : A extends readonly (infer E)[]
      ? E[]
      : never;

/** One way to divide the rows: their numbers. */
export interface Fold {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

export function isSplittable(value: unknown): value is Splittable {
  return value instanceof Tensor || Array.isArray(value) || dtypeOf(value) !== undefined;
}

/** @throws ShapeError, DTypeError for what has no rows. */
export function rowCount(value: Splittable | number, what = "the data"): number {
  if (typeof value === "number") {
    if (Number.isSafeInteger(value) && value >= 0) return value;
    throw new InvalidArgumentError("split/invalid-row-count", {
      received: `${what} is the number ${value}`,
      expected: "a number of rows is a whole number",
      hint: "Pass the data, or how many rows there are.",
    });
  }
  if (value instanceof Tensor) {
    if (value.rank > 0) return value.shape[0] as number;
    throw new ShapeError("split/scalar", {
      received: `${what} is a tensor without axes`,
      expected: "the first axis holds the rows",
      hint: "Pass a tensor of rank 1 or more.",
    });
  }
  if (isSplittable(value)) return value.length;
  throw new DTypeError("split/not-splittable", {
    received: `${what} is ${show(value)}`,
    expected: "a Tensor, a typed array or a plain array is needed",
    hint: "Pass data whose first axis holds the rows.",
  });
}

/** The number of rows that all share. @throws ShapeError when they differ, InvalidArgumentError when there are none. */
export function sharedRowCount(values: readonly (Splittable | number)[]): number {
  const counts = values.map((value, i) => rowCount(value, `array ${i}`));
  const n = counts[0] ?? 0;
  const other = counts.findIndex((count) => count !== n);
  if (other > 0) {
    throw new ShapeError("split/lengths-differ", {
      received: `array ${other} has ${counts[other]} rows`,
      expected: `array 0 has ${n}`,
      hint: "Pass arrays with one entry per row, all of the same rows.",
    });
  }
  if (n === 0) {
    throw new InvalidArgumentError("split/no-rows", {
      received: values.length === 0 ? "no arrays were given" : "there are no rows",
      expected: "there must be something to split",
      hint: "Check how the data was read.",
    });
  }
  return n;
}

/** The rows of the given numbers, in that order; the same kind as what came in. */
export function takeRows<A extends Splittable>(value: A, order: ArrayLike<number>): Part<A> {
  if (!(value instanceof Tensor)) {
    if (Array.isArray(value)) return Array.from(order, (i) => value[i]) as Part<A>;
    const typed = value as unknown as TypedArray;
    const Same = typed.constructor as new (values: Iterable<number>) => TypedArray;
    return new Same(Array.from(order, (i) => typed[i] as number)) as Part<A>;
  }
  const width = value.size / (value.shape[0] as number) || 0;
  const Same = value.data.constructor as new (n: number) => TypedArray;
  const data = new Same(order.length * width);
  for (let i = 0; i < order.length; i++) {
    const from = (order[i] as number) * width;
    data.set(value.data.subarray(from, from + width), i * width);
  }
  return new Tensor(data, [order.length, ...value.shape.slice(1)]) as Part<A>;
}

/** Labels and categories: reading them, ordering them, numbering them. */
import { dtypeOf, type TypedArray } from "../base/dtype.ts";
import { DataError, DTypeError, ShapeError } from "../base/errors.ts";
import { Tensor } from "../base/tensor.ts";
import { show } from "./options.ts";

/** What a class is called. */
export type Label = string | number | boolean;
/** Labels, one a row. */
export type LabelsLike = Tensor | TypedArray | readonly Label[];
/** A field of a table. `null`, `undefined` and NaN stand for a missing value. */
export type Cell = Label | null | undefined;

/** NaN, null and undefined. */
export function isMissing(cell: unknown): boolean {
  return cell === null || cell === undefined || (typeof cell === "number" && Number.isNaN(cell));
}

/** By code point, which differs from `<` (by UTF-16 unit) above U+FFFF. */
function compareText(a: string, b: string): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    // A surrogate stands for a code point above every other unit.
    const high = (unit: number) => unit >= 0xd800 && unit <= 0xdfff;
    return high(x) === high(y) ? x - y : high(x) ? 1 : -1;
  }
  return a.length - b.length;
}

/** Numbers by value, text by code point, false before true. */
export function compareLabels(a: Label, b: Label): number {
  return typeof a === "string" ? compareText(a, b as string) : Number(a) - Number(b);
}

/** Missing values come last: null, then NaN. */
function rankMissing(cell: Cell): number {
  return isMissing(cell) ? (typeof cell === "number" ? 2 : 1) : 0;
}

export interface Numbered<T> {
  /** Distinct values in order. */
  readonly classes: readonly T[];
  /** For each value its place in `classes`. */
  readonly codes: Int32Array;
  /** For each class how often it occurs. */
  readonly counts: Int32Array;
}

/**
 * The distinct values in order (numbers by value, text by code point), and the place of each value among them.
 * @throws DTypeError when text, numbers and booleans are mixed.
 */
export function number<T extends Cell>(values: ArrayLike<T>, what: string): Numbered<T> {
  const first = new Map<T, number>();
  const raw = new Int32Array(values.length);
  let kind: string | undefined;
  for (let i = 0; i < values.length; i++) {
    const value = (values[i] ?? null) as T;
    if (!isMissing(value)) {
      const own: string = typeof value;
      kind ??= own;
      if (own !== kind) {
        throw new DTypeError("labels/mixed-types", {
          received: `${what} mixes ${kind}s and ${own}s (${show(value)} at index ${i})`,
          expected: "the values must be all text, all numbers or all booleans to have an order",
          hint: "Convert them first, e.g. with String(value).",
        });
      }
    }
    let code = first.get(value);
    if (code === undefined) first.set(value, (code = first.size));
    raw[i] = code;
  }
  const classes = [...first.keys()].sort(
    (a, b) => rankMissing(a) - rankMissing(b) || (isMissing(a) ? 0 : compareLabels(a as Label, b as Label)),
  );
  const place = new Int32Array(classes.length);
  classes.forEach((value, i) => {
    place[first.get(value) as number] = i;
  });
  const counts = new Int32Array(classes.length);
  const codes = raw.map((code) => place[code] as number);
  for (const code of codes) counts[code] = (counts[code] as number) + 1;
  return { classes, codes, counts };
}

/**
 * A vector of labels as a plain array. A column tensor [n, 1] is taken as [n].
 * @throws ShapeError for a matrix, DataError for a missing value, DTypeError for anything else that is no label.
 */
export function readLabels(values: LabelsLike, what: string): Label[] {
  if (values instanceof Tensor) {
    if (values.rank !== 1 && !(values.rank === 2 && values.shape[1] === 1)) {
      throw matrixInsteadOfLabels(what, `a tensor of shape [${values.shape.join(", ")}]`);
    }
    return readLabels(
      values.dtype === "bool" ? Array.from(values.data, (x) => x !== 0) : Array.from(values.data),
      what,
    );
  }
  if (!Array.isArray(values) && dtypeOf(values) === undefined) {
    throw new DTypeError("labels/not-a-list", {
      received: `${what} is ${show(values)}`,
      expected: "a list of labels, a typed array or a Tensor is needed",
      hint: "Pass one label per row.",
    });
  }
  return Array.from(values as ArrayLike<unknown>, (value, i) => {
    if (Array.isArray(value)) throw matrixInsteadOfLabels(what, `a list at index ${i}`);
    if (isMissing(value)) {
      throw new DataError(
        "labels/missing",
        {
          received: `${what} holds ${show(value)} at index ${i}`,
          expected: "every row needs a label",
          hint: "Drop the rows without a label first.",
        },
        { row: i + 1 },
      );
    }
    if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") {
      throw new DTypeError("labels/not-a-label", {
        received: `${what} holds ${show(value)} at index ${i}`,
        expected: "a label is text, a number or a boolean",
        hint: "Convert the labels first.",
      });
    }
    return value;
  });
}

function matrixInsteadOfLabels(what: string, received: string): ShapeError {
  return new ShapeError("labels/not-a-vector", {
    received: `${what} is or holds ${received}`,
    expected: "a vector with one label per row is needed",
    hint: "Pass a single column; for one-hot rows take the largest of each first.",
  });
}

/** Labels of rows: a vector as it is; a matrix with the entries of each row joined, so that each distinct row is a class. */
export function readRowLabels(values: LabelsLike | readonly (readonly Label[])[], what: string): Label[] {
  const nested = values instanceof Tensor && values.rank === 2 ? (values.toArray() as Label[][]) : values;
  if (Array.isArray(nested) && Array.isArray(nested[0])) {
    const width = (nested[0] as Label[]).length;
    if (width === 1) return readLabels((nested as Label[][]).flat(), what);
    return (nested as Label[][]).map((row, i) => {
      if (!Array.isArray(row) || row.length !== width) {
        throw new ShapeError("labels/ragged", {
          received: `row ${i} of ${what} has ${Array.isArray(row) ? `${row.length} entries` : "a single entry"}`,
          expected: `the first row has ${width}`,
          hint: "Give every row the same length.",
        });
      }
      return readLabels(row, `${what}[${i}]`).map(String).join(" ");
    });
  }
  return readLabels(nested as LabelsLike, what);
}

/** Reading matrices of numbers: the one place where shape, missing and infinite values are checked. */
import { DataError, DTypeError, ShapeError } from "../../base/errors.ts";
import { showShape } from "../../base/shape.ts";
import { Tensor } from "../../base/tensor.ts";
import { isMissing } from "../labels.ts";
import { show } from "../options.ts";
import type { NumbersLike } from "./transform.ts";

/** Row-major numbers in float64. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
  /** What came in: float32 tensors give float32 tensors. */
  readonly dtype: "float32" | "float64";
}

export interface MatrixRules {
  /** For the code and text of errors: `"standard-scaler"`. */
  readonly where: string;
  /** NaN (and null in plain arrays): kept as NaN, or refused. */
  readonly missing: "keep" | "refuse";
  /** How many columns there must be; left out in fit. */
  readonly columns?: number;
  /** Infinity is refused unless this is true. */
  readonly infinity?: boolean;
}

/** @throws ShapeError unless it is a matrix with rows and columns, DTypeError for text, DataError for NaN or infinity. */
export function readMatrix(x: NumbersLike, rules: MatrixRules): Matrix {
  const matrix = x instanceof Tensor ? fromTensor(x, rules.where) : fromArrays(x, rules.where);
  checkColumns(matrix.columns, rules.columns, rules.where);
  checkValues(matrix, rules);
  return matrix;
}

function fromTensor(x: Tensor, where: string): Matrix {
  if (x.rank !== 2) throw notAMatrix(where, `a tensor of shape ${showShape(x.shape)}`);
  const [rows, columns] = x.shape as [number, number];
  if (x.size === 0) throw empty(where, rows);
  const data = x.data instanceof Float64Array ? x.data : Float64Array.from(x.data);
  return { rows, columns, data, dtype: x.dtype === "float32" ? "float32" : "float64" };
}

function fromArrays(x: unknown, where: string): Matrix {
  if (!Array.isArray(x)) throw notAMatrix(where, ArrayBuffer.isView(x) ? "a flat typed array" : show(x));
  if (x.length === 0) throw empty(where, 0);
  const width = lengthOf(x[0]);
  if (width === undefined) throw notAMatrix(where, "a list of single values");
  if (width === 0) throw empty(where, x.length);
  const data = new Float64Array(x.length * width);
  x.forEach((row: ArrayLike<unknown>, i) => {
    if (lengthOf(row) !== width) throw raggedRow(where, i, lengthOf(row), width);
    for (let j = 0; j < width; j++) data[i * width + j] = readNumber(row[j], i, j, where);
  });
  return { rows: x.length, columns: width, data, dtype: "float64" };
}

function lengthOf(row: unknown): number | undefined {
  return Array.isArray(row) || row instanceof Float32Array || row instanceof Float64Array || row instanceof Int32Array
    ? row.length
    : undefined;
}

function readNumber(value: unknown, row: number, column: number, where: string): number {
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return Number(value);
  if (isMissing(value)) return Number.NaN;
  throw new DTypeError(`${where}/not-a-number`, {
    received: `row ${row}, column ${column} holds ${show(value)}`,
    expected: "numbers are needed",
    hint: "Encode text with OneHotEncoder or OrdinalEncoder first.",
  });
}

function checkValues({ data, columns }: Matrix, { where, missing, infinity }: MatrixRules): void {
  for (let i = 0; i < data.length; i++) {
    const value = data[i] as number;
    if (Number.isFinite(value)) continue;
    const isNaNValue = Number.isNaN(value);
    if (isNaNValue ? missing === "keep" : infinity === true) continue;
    const row = Math.floor(i / columns);
    const column = i % columns;
    throw new DataError(
      `${where}/${isNaNValue ? "missing" : "infinity"}`,
      {
        received: `row ${row}, column ${column} holds ${value}`,
        expected: "finite numbers are needed",
        hint: isNaNValue ? "Fill missing values with SimpleImputer first." : "Drop the row, or replace the value.",
      },
      { row: row + 1, column },
    );
  }
}

export function checkColumns(columns: number, expected: number | undefined, where: string): void {
  if (expected === undefined || columns === expected) return;
  throw new ShapeError(`${where}/columns`, {
    received: `the rows have ${columns} columns`,
    expected: `it was fitted on ${expected}`,
    hint: "Pass the same columns in the same order as in fit.",
  });
}

export function notAMatrix(where: string, received: string): ShapeError {
  return new ShapeError(`${where}/not-a-matrix`, {
    received: `${received} was given`,
    expected: "a matrix with one row per sample is needed",
    hint: "Pass [[…], […]] or a Tensor of rank 2; for one column [[1], [2], …].",
  });
}

export function empty(where: string, rows: number): ShapeError {
  return new ShapeError(`${where}/empty`, {
    received: `${rows} rows without any values were given`,
    expected: "at least one row and one column are needed",
    hint: "Check how the data was read.",
  });
}

export function raggedRow(where: string, row: number, got: number | undefined, width: number): ShapeError {
  return new ShapeError(`${where}/ragged`, {
    received: `row ${row} has ${got === undefined ? "no fields" : `${got} fields`}`,
    expected: `the first row has ${width}`,
    hint: "Give every row the same length.",
  });
}

/** A tensor like the input: float32 for float32. */
export function toTensor(data: Float64Array, columns: number, like: Pick<Matrix, "rows" | "dtype">): Tensor {
  return new Tensor(like.dtype === "float32" ? Float32Array.from(data) : data, [like.rows, columns]);
}

/** Every value by a function of itself and its column. */
export function mapColumns(matrix: Matrix, f: (value: number, column: number) => number): Tensor {
  const { rows, columns } = matrix;
  const data = new Float64Array(matrix.data.length);
  let at = 0;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++, at++) data[at] = f(matrix.data[at] as number, j);
  }
  return toTensor(data, columns, matrix);
}

/** One column as an array of its own. */
export function columnOf(matrix: Matrix, column: number): Float64Array {
  return Float64Array.from({ length: matrix.rows }, (_, i) => matrix.data[i * matrix.columns + column] as number);
}

/** One weight ≥ 0 per row. @throws ShapeError, DataError */
export function readWeights(
  weights: ArrayLike<number> | Tensor | undefined,
  rows: number,
  where: string,
): Float64Array | undefined {
  if (weights === undefined) return undefined;
  const values = Float64Array.from(weights instanceof Tensor ? weights.data : weights);
  if (values.length !== rows) {
    throw new ShapeError(`${where}/sample-weight-length`, {
      received: `sampleWeight has ${values.length} entries`,
      expected: `there are ${rows} rows`,
      hint: "Pass one weight per row.",
    });
  }
  const bad = values.findIndex((w) => !(w >= 0 && w < Infinity));
  if (bad >= 0) {
    throw new DataError(
      `${where}/sample-weight-value`,
      {
        received: `sampleWeight holds ${values[bad]} at row ${bad}`,
        expected: "a weight is a finite number of 0 or more",
        hint: "Give rows that should not count the weight 0.",
      },
      { row: bad + 1 },
    );
  }
  return values;
}

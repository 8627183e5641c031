/** Reading rows of fields of any kind, for encoders and imputers. */
import { DTypeError } from "../../base/errors.ts";
import { showShape } from "../../base/shape.ts";
import { Tensor } from "../../base/tensor.ts";
import type { Cell } from "../labels.ts";
import { show } from "../options.ts";
import { checkColumns, empty, notAMatrix, raggedRow } from "./matrix.ts";
import type { FieldsLike } from "./transform.ts";

/** Fields by column; `undefined` has become null. */
export interface Columns {
  readonly rows: number;
  readonly columns: readonly (readonly Cell[])[];
}

/** @throws ShapeError unless it has rows of one length, DTypeError for what is no field. */
export function readTable(x: FieldsLike, where: string, columns?: number): Columns {
  const table = x instanceof Tensor ? rowsOfTensor(x, where) : x;
  if (!Array.isArray(table)) throw notAMatrix(where, ArrayBuffer.isView(x) ? "a flat typed array" : show(x));
  if (table.length === 0) throw empty(where, 0);
  const isRow = (row: unknown): row is ArrayLike<unknown> => Array.isArray(row) || ArrayBuffer.isView(row);
  if (!isRow(table[0])) throw notAMatrix(where, "a list of single values");
  const width = table[0].length;
  if (width === 0) throw empty(where, table.length);
  table.forEach((row, i) => {
    if (!isRow(row) || row.length !== width) throw raggedRow(where, i, isRow(row) ? row.length : undefined, width);
  });
  checkColumns(width, columns, where);
  return {
    rows: table.length,
    columns: Array.from({ length: width }, (_, j) => table.map((row, i) => readCell(row[j], i, j, where))),
  };
}

function rowsOfTensor(x: Tensor, where: string): Cell[][] {
  if (x.rank !== 2) throw notAMatrix(where, `a tensor of shape ${showShape(x.shape)}`);
  return x.toArray();
}

function readCell(value: unknown, row: number, column: number, where: string): Cell {
  if (value === undefined) return null;
  if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return value;
  throw new DTypeError(`${where}/not-a-field`, {
    received: `row ${row}, column ${column} holds ${show(value)}`,
    expected: "a field is text, a number, a boolean or null",
    hint: "Convert dates and other objects first, e.g. with String(value).",
  });
}

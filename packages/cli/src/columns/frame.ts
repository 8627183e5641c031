/** The features of a table, converted: what the pipeline takes. */
import { DataError, suggestNames } from "surprisal";
import { columnNamed, type Table } from "../table/table.ts";
import { textsOf, valuesOf } from "./convert.ts";
import { datesAsNumbers } from "./dates.ts";
import type { FeatureSpec } from "./features.ts";

export interface NumberColumn {
  readonly name: string;
  readonly values: Float64Array;
}
export interface CategoryColumn {
  readonly name: string;
  readonly values: readonly (string | null)[];
}
export interface Frame {
  readonly rows: number;
  /** Numbers, 0/1 and the parts of dates; NaN where missing. */
  readonly numbers: readonly NumberColumn[];
  readonly categories: readonly CategoryColumn[];
}

/** @throws DataError for columns that are missing, and cells that are not what the model was fitted on. */
export function toFrame(table: Table, features: readonly FeatureSpec[]): Frame {
  const known = table.columns.map(({ name }) => name);
  const missing = features.filter(({ name }) => !known.includes(name)).map(({ name }) => name);
  if (missing.length > 0) throw missingColumns(table, missing, known);
  const numbers: NumberColumn[] = [];
  const categories: CategoryColumn[] = [];
  for (const { name, kind, times } of features) {
    const column = columnNamed(table, name);
    if (column === undefined) continue;
    if (kind === "category") categories.push({ name, values: textsOf(column, table.file) });
    else {
      const values = valuesOf(column, kind, table.file);
      const parts = kind === "date" ? datesAsNumbers(values, times === true) : [values];
      for (const part of parts) numbers.push({ name, values: part });
    }
  }
  return { rows: table.rows, numbers, categories };
}

function missingColumns(table: Table, missing: readonly string[], known: readonly string[]): DataError {
  const names = missing.map((name) => JSON.stringify(name)).join(", ");
  const several = missing.length > 1;
  return new DataError(
    "table/missing-column",
    {
      received: `${table.file} has no ${several ? "columns" : "column"} ${names}`,
      expected: `the model was fitted on ${several ? "them" : "it"}`,
      hint: `${suggestNames(missing[0] as string, known)} A column may hold empty cells, but it must be there.`,
    },
    { file: table.file, column: missing[0] as string },
  );
}

/** The rows of the given numbers, in that order. */
export function takeFrame(frame: Frame, rows: ArrayLike<number>): Frame {
  const order = Array.from(rows);
  return {
    rows: order.length,
    numbers: frame.numbers.map(({ name, values }) => ({
      name,
      values: Float64Array.from(order, (row) => values[row] as number),
    })),
    categories: frame.categories.map(({ name, values }) => ({ name, values: order.map((row) => values[row] ?? null) })),
  };
}

/** A column read as the kind that is wanted; a cell that cannot be is an error that names row and column. */
import { DataError } from "surprisal";
import { booleanIn, dateIn, numberIn } from "../table/infer.ts";
import { type Column, type ColumnData, plainValue } from "../table/table.ts";

/** What a feature is taken as. */
export const featureKinds = ["number", "category", "boolean", "date"] as const;
export type FeatureKind = (typeof featureKinds)[number];

interface Reader {
  /** What a cell must hold, after "but". */
  readonly expected: string;
  readonly hint: string;
  readonly ofText: (cell: string) => number;
  /** How columns that are no text are taken; those not named here are refused. */
  readonly of: Partial<Record<ColumnData["kind"], (value: number) => number>>;
}

const same = (value: number): number => value;
const readers: Readonly<Record<Exclude<FeatureKind, "category">, Reader>> = {
  number: {
    expected: "a number is needed there",
    hint: "Correct the cell, or name what stands for a missing value with --missing.",
    ofText: numberIn,
    of: { number: same, boolean: same },
  },
  boolean: {
    expected: "true or false is needed there",
    hint: "Write true, false, 1 or 0, or leave the cell empty.",
    ofText: booleanIn,
    of: { boolean: same, number: (value) => (value === 0 || value === 1 ? value : Number.NaN) },
  },
  date: {
    expected: "a date is needed there",
    hint: "Write dates as 2012-01-31 or 2012-01-31T12:00:00Z.",
    ofText: dateIn,
    of: { date: same },
  },
};

/**
 * Numbers, 0/1 or milliseconds; NaN where the value is missing.
 * @throws DataError for a cell of another kind, or an infinite number.
 */
export function valuesOf({ name, data }: Column, kind: Exclude<FeatureKind, "category">, file: string): Float64Array {
  const { expected, hint, ofText, of } = readers[kind];
  const refuse = (row: number, shown: string): DataError =>
    new DataError(
      `table/not-a-${kind}`,
      { received: `row ${row + 1}, column ${JSON.stringify(name)} of ${file} holds ${shown}`, expected, hint },
      { file, row: row + 1, column: name },
    );
  if (data.kind === "nested") throw refuse(0, "a list or a record");
  const convert = data.kind === "text" ? undefined : of[data.kind];
  const values = new Float64Array(data.values.length);
  for (let row = 0; row < values.length; row++) {
    const cell = data.values[row] as string | number | null;
    if (cell === null || Number.isNaN(cell)) {
      values[row] = Number.NaN;
      continue;
    }
    const value = typeof cell === "string" ? ofText(cell) : (convert?.(cell) ?? Number.NaN);
    if (Number.isNaN(value)) throw refuse(row, JSON.stringify(plainValue(data, row)));
    if (!Number.isFinite(value)) throw refuse(row, String(value));
    values[row] = value;
  }
  return values;
}

/** Categories as text, null where the value is missing. @throws DataError for lists and records. */
export function textsOf({ name, data }: Column, file: string): (string | null)[] {
  if (data.kind === "nested") {
    const parts = {
      received: `column ${JSON.stringify(name)} of ${file} holds lists or records`,
      expected: "a feature is one value a row",
      hint: `Leave it out: --ignore ${JSON.stringify(name)}.`,
    };
    throw new DataError("table/nested-column", parts, { file, column: name });
  }
  return Array.from({ length: data.values.length }, (_, row) => {
    const value = plainValue(data, row);
    return value === null ? null : String(value);
  });
}

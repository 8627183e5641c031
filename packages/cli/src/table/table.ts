/** A table in memory: columns of typed arrays with names. Rows count from 1 in messages, the header not included. */

/** Missing values are NaN in numbers, null in text. */
export type ColumnData =
  | { readonly kind: "number"; readonly values: Float64Array }
  /** 0, 1 or NaN. */
  | { readonly kind: "boolean"; readonly values: Float64Array }
  /** Milliseconds since 1970, UTC. */
  | { readonly kind: "date"; readonly values: Float64Array }
  | { readonly kind: "text"; readonly values: readonly (string | null)[] }
  /** Lists and records: nothing a feature can be made of. */
  | { readonly kind: "nested" };

export type ColumnKind = ColumnData["kind"];

export interface Column {
  readonly name: string;
  readonly data: ColumnData;
}

export interface Table {
  /** The file as it was typed, for messages. */
  readonly file: string;
  readonly rows: number;
  readonly columns: readonly Column[];
}

export function columnNamed(table: Table, name: string): Column | undefined {
  return table.columns.find((column) => column.name === name);
}

/** A value as it would stand in a file; null where it is missing. */
export type Plain = string | number | boolean | null;

export function plainValue(data: ColumnData, row: number): Plain {
  if (data.kind === "nested") return null;
  const value = data.values[row] ?? null;
  if (value === null || typeof value === "string") return value;
  if (Number.isNaN(value)) return null;
  if (data.kind === "boolean") return value === 1;
  return data.kind === "date" ? isoDate(value) : value;
}

/** `2012-01-31`, or with a time of day where there is one. */
export function isoDate(milliseconds: number): string {
  const text = new Date(milliseconds).toISOString();
  return text.endsWith("T00:00:00.000Z") ? text.slice(0, 10) : text.replace(/\.000Z$/, "Z");
}

/** How many values of a column are missing. */
export function missingIn(data: ColumnData): number {
  if (data.kind === "nested") return 0;
  if (data.kind === "text") return data.values.reduce((n, value) => n + (value === null ? 1 : 0), 0);
  return data.values.reduce((n, value) => n + (Number.isNaN(value) ? 1 : 0), 0);
}

/** What a column of text really holds. The same rules for every format, so that a table means the same in all of them. */
import type { ColumnData } from "./table.ts";

/** What stands for a missing value, unless `--missing` says otherwise. An empty cell always does. */
export const missingMarkers = ["NA", "N/A", "n/a", "#N/A", "NaN", "nan", "NULL", "null", "?"] as const;

const numeric = /^[+-]?(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const isoTime = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;
const words: Readonly<Record<string, number>> = { true: 1, false: 0 };

/** The number a cell holds; NaN when it is none. `007` is none: leading zeros make it a code. */
export function numberIn(cell: string): number {
  const text = cell.trim();
  return numeric.test(text) ? Number(text) : Number.NaN;
}

/** Milliseconds of an ISO date, read as UTC unless it says otherwise; NaN for anything else. */
export function dateIn(cell: string): number {
  const text = cell.trim().replace(/^(\d{4})\/(\d{2})\/(\d{2})/, "$1-$2-$3");
  if (!isoTime.test(text)) return Number.NaN;
  const zoned = /(?:Z|[+-]\d{2}:?\d{2})$/.test(text.slice(10));
  return Date.parse(text.length === 10 || zoned ? text : `${text.replace(" ", "T")}Z`);
}

/** 1, 0 or NaN. */
export function booleanIn(cell: string): number {
  return words[cell.trim().toLowerCase()] ?? Number.NaN;
}

/** Text with missing values as null; numbers, dates or booleans where all that is there are such. */
export function inferText(cells: readonly (string | null)[], missing: ReadonlySet<string>): ColumnData {
  const values = cells.map((cell) => (cell === null || cell.trim() === "" || missing.has(cell.trim()) ? null : cell));
  const readers = { number: numberIn, boolean: booleanIn, date: dateIn } as const;
  if (values.some((cell) => cell !== null)) {
    for (const kind of ["number", "boolean", "date"] as const) {
      const read = readers[kind];
      if (values.every((cell) => cell === null || !Number.isNaN(read(cell)))) {
        return { kind, values: Float64Array.from(values, (cell) => (cell === null ? Number.NaN : read(cell))) };
      }
    }
  }
  return { kind: "text", values };
}

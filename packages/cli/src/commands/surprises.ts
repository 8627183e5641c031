/** What is said of a table that is not quite what the model was fitted on. */
import type { FeatureSpec } from "../columns/features.ts";
import type { Console } from "../output/console.ts";
import { count, few } from "../output/words.ts";
import type { Surprise } from "../pipeline.ts";
import type { Table } from "../table/table.ts";

/** Columns that the model does not use. */
export function extraColumns(table: Table, features: readonly FeatureSpec[], target: string): string[] {
  const used = new Set([target, ...features.map(({ name }) => name)]);
  return table.columns.map(({ name }) => name).filter((name) => !used.has(name));
}

export function sayExtras(console: Console, extras: readonly string[]): void {
  if (extras.length > 0)
    console.say(`ignored: ${count(extras.length, "column")} the model does not use (${few(extras)})`);
}

/** One line a column, with the first row and how many there are. */
export function saySurprises(console: Console, surprises: readonly Surprise[]): void {
  const byColumn = new Map<string, Surprise[]>();
  for (const found of surprises) byColumn.set(found.column, [...(byColumn.get(found.column) ?? []), found]);
  for (const [column, found] of byColumn) {
    const rows = found.reduce((n, { count: more }) => n + more, 0);
    const values = few(
      found.map(({ value, row }) => `${value === null ? "a missing value" : JSON.stringify(value)} in row ${row}`),
      4,
    );
    console.warn(`${column}: ${values} not seen in training; taken as none of its categories in ${count(rows, "row")}`);
  }
}

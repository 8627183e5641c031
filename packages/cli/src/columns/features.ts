/** Which columns become features, as what, and which are left out and why. */
import { DataError, InvalidArgumentError, suggestNames } from "surprisal";
import { numberIn } from "../table/infer.ts";
import { type Column, type ColumnData, missingIn, plainValue, type Table } from "../table/table.ts";
import type { FeatureKind } from "./convert.ts";
import { hasTimes } from "./dates.ts";

/** A feature as the model file keeps it. */
export interface FeatureSpec {
  readonly name: string;
  readonly kind: FeatureKind;
  /** Dates that have a time of day. */
  readonly times?: true;
}

export interface LeftOut {
  readonly name: string;
  readonly reason: string;
}

export interface ChooseOptions {
  /** Kinds said by hand. */
  readonly types?: ReadonlyMap<string, FeatureKind>;
  readonly ignore?: readonly string[];
}

/** Text with as many different values as this share of its rows names rows rather than describing them. */
const namesRows = 0.5;
/** Below this many rows nothing is known of a column by counting. */
const fewRows = 20;
/** A column of text of which this share is numbers is a column of numbers with something in it. */
const mostlyNumbers = 0.9;

const kinds: Readonly<Record<Exclude<ColumnData["kind"], "nested">, FeatureKind>> = {
  number: "number",
  boolean: "boolean",
  date: "date",
  text: "category",
};

/**
 * Every column but the target, unless it is left out: asked for, empty, constant, naming its rows, or no single value.
 * @throws InvalidArgumentError for a column that is named in the options and not there; DataError for numbers mixed with text.
 */
export function chooseFeatures(
  table: Table,
  target: string,
  { types = new Map(), ignore = [] }: ChooseOptions = {},
): { features: FeatureSpec[]; leftOut: LeftOut[] } {
  requireColumns(table, [...types.keys()], "--types");
  requireColumns(table, ignore, "--ignore");
  const features: FeatureSpec[] = [];
  const leftOut: LeftOut[] = [];
  for (const column of table.columns) {
    const { name, data } = column;
    if (name === target) continue;
    const said = types.get(name);
    const reason = ignore.includes(name) ? "as asked" : said === undefined ? whyLeftOut(column, table) : undefined;
    if (reason !== undefined) {
      leftOut.push({ name, reason });
      continue;
    }
    const kind = said ?? kinds[data.kind as keyof typeof kinds] ?? "category";
    const times = kind === "date" && data.kind === "date" && hasTimes(data.values);
    features.push({ name, kind, ...(times && { times }) });
  }
  if (features.length > 0) return { features, leftOut };
  const why = leftOut.map(({ name, reason }) => `${JSON.stringify(name)} ${reason}`).join("; ");
  throw new DataError(
    "table/no-features",
    {
      received: `no column of ${table.file} is left to learn from${why === "" ? "" : ` (left out: ${why})`}`,
      expected: `at least one besides the target ${JSON.stringify(target)} is needed`,
      hint: "Say what a column is with --types NAME=category, or check --ignore.",
    },
    { file: table.file },
  );
}

function requireColumns(table: Table, names: readonly string[], option: string): void {
  const known = table.columns.map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new InvalidArgumentError("cli/no-such-column", {
    received: `${option} names the column ${JSON.stringify(unknown)}`,
    expected: `${table.file} has no such column`,
    hint: suggestNames(unknown, known),
  });
}

function whyLeftOut({ name, data }: Column, table: Table): string | undefined {
  if (data.kind === "nested") return "holds lists or records";
  const present = table.rows - missingIn(data);
  if (present === 0) return "is empty";
  const distinct = new Set<unknown>(data.values as Iterable<unknown>);
  distinct.delete(null);
  distinct.delete(Number.NaN);
  if (distinct.size === 1) {
    if (present < table.rows && data.kind !== "number") return undefined;
    return `is always ${JSON.stringify(plainValue(data, firstPresent(data)))}`;
  }
  if (data.kind === "text") {
    refuseMixture(name, data.values, table);
    const many = present >= fewRows && distinct.size > namesRows * present;
    return many
      ? `names rows rather than describing them (${distinct.size} different values in ${present} rows)`
      : undefined;
  }
  if (data.kind === "number" && countsRows(name, data.values)) return "numbers the rows";
  return undefined;
}

function firstPresent(data: Exclude<ColumnData, { kind: "nested" }>): number {
  return Array.from(data.values as Iterable<unknown>).findIndex((value) => value !== null && !Number.isNaN(value));
}

/** 1, 2, 3, … under a name that says so. */
function countsRows(name: string, values: Float64Array): boolean {
  const says =
    /^(|column\d+|unnamed.*|.*(^|[_\s.-])(id|idx|index|row|nr|no|number)|.*Id|.*ID)$/.test(name) ||
    /^(id|index|row)$/i.test(name);
  return says && values.length > 1 && values.every((value, i) => value === (values[0] as number) + i);
}

/** @throws DataError when nearly all cells are numbers: taking the rest for categories would hide a fault. */
function refuseMixture(name: string, values: readonly (string | null)[], table: Table): void {
  const present = values.filter((cell): cell is string => cell !== null);
  const numbers = present.filter((cell) => !Number.isNaN(numberIn(cell)));
  if (numbers.length < mostlyNumbers * present.length || present.length < 5) return;
  const row = values.findIndex((cell) => cell !== null && Number.isNaN(numberIn(cell)));
  const cell = values[row] as string;
  const quoted = /[\s,=]/.test(name) ? JSON.stringify(name) : name;
  throw new DataError(
    "table/mixed-column",
    {
      received: `column ${JSON.stringify(name)} of ${table.file} holds numbers in ${numbers.length} rows and ${JSON.stringify(cell)} in row ${row + 1}`,
      expected: "a column is either numbers or categories",
      hint: `Correct the cell, say --missing ${JSON.stringify(cell)} if it stands for a missing value, or --types ${quoted}=category.`,
    },
    { file: table.file, row: row + 1, column: name },
  );
}

/** The categories of columns: found or given, numbered, and rare ones pooled. What the two encoders share. */
import { DataError, InvalidArgumentError } from "../../base/errors.ts";
import { type Cell, compareLabels, isMissing, type Label, number } from "../labels.ts";
import { badOption, either, orNull, param, real, show, whole } from "../options.ts";
import type { ConfigReader } from "./config.ts";
import type { Columns } from "./table.ts";

/** The pooled category's name in feature names and inverse transforms. */
export const infrequentName = "infrequent";

export const categoryParams = {
  /** "auto", or the categories of each column in order. Text keeps the order given; numbers must ascend, NaN last. */
  categories: param<"auto" | readonly (readonly Cell[])[]>("auto", (value, name, where) => {
    if (value === "auto") return value;
    if (Array.isArray(value) && value.every(Array.isArray)) return value as readonly (readonly Cell[])[];
    throw badOption(where, name, value, '"auto" or one list per column is needed');
  }),
  /** Categories that occur less often are pooled: a count of 1 or more, or a share between 0 and 1. */
  minFrequency: orNull(
    either(whole(1, 1), real(0.5, { above: 0, below: 1 }), (x) => typeof x === "number" && !Number.isInteger(x)),
  ),
  /** Most categories of a column, the pooled ones counting as one; the rarest are pooled. */
  maxCategories: orNull(whole(1, 1)),
};

/** One column's categories. */
export interface Category {
  /** In order; missing values (null, then NaN) last. */
  readonly values: readonly Cell[];
  /** Places in `values` of those that are pooled, ascending. */
  readonly infrequent: readonly number[];
}

export interface CategoryOptions {
  readonly categories: "auto" | readonly (readonly Cell[])[];
  readonly minFrequency: number | null;
  readonly maxCategories: number | null;
}

/** @throws InvalidArgumentError for given categories that do not fit; DataError for a value outside them. */
export function fitCategories(
  table: Columns,
  options: CategoryOptions,
  refuseUnseen: boolean,
  where: string,
): Category[] {
  const { categories } = options;
  if (categories !== "auto" && categories.length !== table.columns.length) {
    const expected = `one list for each of the ${table.columns.length} columns is needed`;
    throw badOption(where, "categories", categories, expected);
  }
  return table.columns.map((column, j) => {
    const found = number(column, `column ${j}`);
    const values = categories === "auto" ? found.classes : checkGiven(categories[j] as readonly Cell[], j, where);
    const places = placesOf(values);
    const counts = new Int32Array(values.length);
    found.classes.forEach((value, k) => {
      const place = places.get(value);
      if (place !== undefined) counts[place] = found.counts[k] as number;
      else if (refuseUnseen) throw unseen(value, j, where, "the given categories");
    });
    return { values, infrequent: rare(counts, table.rows, options) };
  });
}

function checkGiven(given: readonly Cell[], column: number, where: string): readonly Cell[] {
  const values = given.map((value) => value ?? null);
  const name = `categories[${column}]`;
  if (values.length === 0) throw badOption(where, name, given, "at least one category is needed");
  if (new Set(values).size < values.length) throw badOption(where, name, given, "no category may occur twice");
  const firstMissing = values.findIndex(isMissing);
  if (firstMissing >= 0 && values.slice(firstMissing).some((value) => !isMissing(value))) {
    throw badOption(where, name, given, "null and NaN come last");
  }
  // Mixed types are refused here too.
  number(values, name);
  const known = values.filter((value): value is Label => !isMissing(value));
  const ascends = known.every((value, i) => i === 0 || compareLabels(known[i - 1] as Label, value) < 0);
  if (typeof known[0] === "number" && !ascends) throw badOption(where, name, given, "numbers must ascend");
  return values;
}

/** Places of the categories to pool: those below minFrequency, then the rarest until maxCategories are left. */
function rare(counts: Int32Array, rows: number, { minFrequency, maxCategories }: CategoryOptions): number[] {
  const least = minFrequency === null ? 0 : Number.isInteger(minFrequency) ? minFrequency : minFrequency * rows;
  const pooled = new Set(Array.from(counts.keys()).filter((i) => (counts[i] as number) < least));
  if (maxCategories !== null && maxCategories < counts.length - pooled.size + 1) {
    const byCount = Array.from(counts.keys()).sort((a, b) => (counts[a] as number) - (counts[b] as number));
    for (const place of byCount.slice(0, counts.length - (maxCategories - 1))) pooled.add(place);
  }
  return [...pooled].sort((a, b) => a - b);
}

/** Where each category stands. */
export function placesOf(values: readonly Cell[]): Map<Cell, number> {
  return new Map(values.map((value, i) => [value, i]));
}

/**
 * The codes that categories have once rare ones are pooled: the frequent in order, then one code for all others.
 * `names[code]` is what a code stands for.
 */
export function grouping({ values, infrequent }: Category): { codes: Int32Array; names: readonly Cell[] } {
  const pooled = new Set(infrequent);
  const frequent = values.flatMap((_, i) => (pooled.has(i) ? [] : [i]));
  const codes = new Int32Array(values.length).fill(frequent.length);
  frequent.forEach((place, code) => {
    codes[place] = code;
  });
  const names = frequent.map((place) => values[place] as Cell);
  return { codes, names: infrequent.length > 0 ? [...names, infrequentName] : names };
}

/** Prints a column's categories as scikit-learn does: numbers of a column with fractions or NaN have a decimal point. */
export function categoryNamer(values: readonly Cell[]): (value: Cell) => string {
  const fractions = values.some((other) => typeof other === "number" && !Number.isInteger(other));
  return (value) => {
    if (value === null || value === undefined) return "None";
    if (typeof value === "boolean") return value ? "True" : "False";
    if (typeof value !== "number") return value;
    if (Number.isNaN(value)) return "nan";
    return Number.isInteger(value) && fractions ? value.toFixed(1) : String(value);
  };
}

export function unseen(value: Cell, column: number, where: string, known: string, row?: number): DataError {
  return new DataError(
    `${where}/unseen-category`,
    {
      received: `column ${column}${row === undefined ? "" : `, row ${row}`} holds ${show(value)}`,
      expected: `it is not among ${known}`,
      hint: "Check the spelling, or pass handleUnknown to allow it.",
    },
    { column, ...(row === undefined ? {} : { row: row + 1 }) },
  );
}

/** Reads back what `encodeCategories` wrote. */
export function readCategories(reader: ConfigReader, where: string): Category[] {
  const values = reader.cellLists("categories");
  const infrequent = reader.numberLists("infrequent", values.length);
  return values.map((list, j) => {
    const places = Array.from(infrequent[j] as Float64Array);
    const ascends = places.every((place, i) => Number.isInteger(place) && place > (places[i - 1] ?? -1));
    if (list.length === 0 || new Set(list).size < list.length || !ascends || (places.at(-1) ?? 0) >= list.length) {
      throw new InvalidArgumentError(`${where}/invalid-config-categories`, {
        received: `the categories of column ${j} in the config are ${show(list)}`,
        expected: "distinct values and ascending places among them are needed",
        hint: "Pass what toConfig() returned.",
      });
    }
    return { values: list, infrequent: places };
  });
}

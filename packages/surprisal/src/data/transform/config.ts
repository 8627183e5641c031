/**
 * Saving transforms as plain data and reading them back. Reading trusts nothing: every field is looked up by its own name,
 * checked for type and length, and a field that is not known is refused.
 */
import { InvalidArgumentError } from "../../base/errors.ts";
import type { Cell } from "../labels.ts";
import { kebab, type OptionsOf, show } from "../options.ts";
import type { Json, TransformConfig } from "./transform.ts";

/** NaN, infinities and −0 have no JSON number: they are stored as text. */
function encodeNumber(x: number): number | string {
  return Number.isFinite(x) && !Object.is(x, -0) ? x : Object.is(x, -0) ? "-0" : String(x);
}
const specialNumbers = new Map<unknown, number>([
  ["NaN", Number.NaN],
  ["Infinity", Infinity],
  ["-Infinity", -Infinity],
  ["-0", -0],
]);

/** Numbers as JSON, special ones as text. */
export function encodeNumbers(values: ArrayLike<number>): Json {
  return Array.from(values, encodeNumber);
}

/** A field as JSON. Where text is allowed too, a special number is `{ number: "NaN" }`. */
export function encodeCell(cell: Cell): Json {
  if (typeof cell !== "number") return cell ?? null;
  const encoded = encodeNumber(cell);
  return typeof encoded === "string" ? { number: encoded } : encoded;
}

function decodeCell(value: unknown): { cell: Cell } | undefined {
  if (value === null || typeof value === "string" || typeof value === "boolean") return { cell: value };
  if (typeof value === "number") return Number.isFinite(value) ? { cell: value } : undefined;
  if (typeof value === "object" && !Array.isArray(value) && Object.keys(value).join() === "number") {
    const special = specialNumbers.get((value as { number: unknown }).number);
    return special === undefined ? undefined : { cell: special };
  }
  return undefined;
}

/** Options as JSON: fields, and lists of fields and lists. */
export function encodeOptions(options: object): { [key: string]: Json } {
  const encode = (value: unknown): Json => (Array.isArray(value) ? value.map(encode) : encodeCell(value as Cell));
  return Object.fromEntries(Object.entries(options).map(([key, value]) => [key, encode(value)]));
}

/** A record of a config, read field by field. Call `end` when done: what was not read is refused. */
export class ConfigReader {
  readonly #record: Record<string, unknown>;
  readonly #where: string;
  readonly #unread: Set<string>;

  constructor(record: unknown, where: string) {
    this.#where = where;
    if (typeof record !== "object" || record === null || Array.isArray(record)) {
      throw configError(where, "record", `the config is ${show(record)}`, "a record of fields is needed");
    }
    this.#record = record as Record<string, unknown>;
    this.#unread = new Set(Object.keys(record));
  }

  /** Whether a field is there and not null. */
  has(name: string): boolean {
    return Object.hasOwn(this.#record, name) && this.#record[name] !== null;
  }

  raw(name: string): unknown {
    if (!Object.hasOwn(this.#record, name)) throw this.fail(name, "no such field", "it is needed");
    this.#unread.delete(name);
    return this.#record[name];
  }

  fail(name: string, received: string, expected: string): InvalidArgumentError {
    return configError(this.#where, name, `${name} of the config is ${received}`, expected);
  }

  list(name: string, length?: number): readonly unknown[] {
    const value = this.raw(name);
    if (!Array.isArray(value)) throw this.fail(name, show(value), "a list is needed");
    if (length !== undefined && value.length !== length) {
      throw this.fail(name, `a list of ${value.length}`, `a list of ${length} is needed`);
    }
    return value;
  }

  numbers(name: string, length?: number): Float64Array {
    return this.#numbersOf(name, this.list(name, length));
  }

  #numbersOf(name: string, values: readonly unknown[]): Float64Array {
    return Float64Array.from(values, (value) => {
      const x = typeof value === "number" ? value : specialNumbers.get(value);
      if (x === undefined) throw this.fail(name, `a list with ${show(value)}`, "a list of numbers is needed");
      return x;
    });
  }

  /** Lists of numbers, of any lengths. */
  numberLists(name: string, length?: number): Float64Array[] {
    return this.list(name, length).map((values) => {
      if (!Array.isArray(values)) throw this.fail(name, `a list with ${show(values)}`, "a list of lists is needed");
      return this.#numbersOf(name, values);
    });
  }

  whole(name: string, min = 0): number {
    const value = this.raw(name);
    if (typeof value !== "number" || !Number.isSafeInteger(value) || value < min) {
      throw this.fail(name, show(value), `a whole number of ${min} or more is needed`);
    }
    return value;
  }

  wholes(name: string, max: number, length?: number): number[] {
    return Array.from(this.numbers(name, length), (x) => {
      if (!Number.isInteger(x) || x < 0 || x > max)
        throw this.fail(name, show(x), `whole numbers up to ${max} are needed`);
      return x;
    });
  }

  flag(name: string): boolean {
    const value = this.raw(name);
    if (typeof value !== "boolean") throw this.fail(name, show(value), "true or false is needed");
    return value;
  }

  cells(name: string, length?: number): Cell[] {
    return this.#cellsOf(name, this.list(name, length));
  }

  #cellsOf(name: string, values: readonly unknown[]): Cell[] {
    return values.map((value) => {
      const decoded = decodeCell(value);
      if (decoded === undefined) throw this.fail(name, show(value), "text, a number, true, false or null is needed");
      return decoded.cell;
    });
  }

  /** Lists of fields, of any lengths. */
  cellLists(name: string, length?: number): Cell[][] {
    return this.list(name, length).map((values) => {
      if (!Array.isArray(values)) throw this.fail(name, show(values), "a list of lists is needed");
      return this.#cellsOf(name, values);
    });
  }

  /** @throws InvalidArgumentError when the record has a field that nobody read. */
  end(): void {
    for (const name of this.#unread) throw this.fail(name, "given", "no such field is known");
  }
}

function configError(where: string, field: string, received: string, expected: string): InvalidArgumentError {
  return new InvalidArgumentError(`${where}/invalid-config-${kebab(field)}`, {
    received,
    expected,
    hint: "Pass what toConfig() returned.",
  });
}

/** Decodes options, to be passed to a transform's constructor, which checks them. */
export function decodeOptions<O extends OptionsOf<Record<never, never>>>(options: unknown, where: string): O {
  const reader = new ConfigReader(options, where);
  const decode = (value: unknown, name: string, depth: number): unknown => {
    if (Array.isArray(value) && depth < 4) return value.map((entry) => decode(entry, name, depth + 1));
    const decoded = decodeCell(value);
    if (decoded === undefined) throw reader.fail(name, show(value), "no such value can be stored");
    return decoded.cell;
  };
  const entries = Object.keys(options as object).map((name) => [name, decode(reader.raw(name), name, 0)] as const);
  return Object.fromEntries(entries) as O;
}

/** Reads the state of a config, or nothing if it was saved before fit. */
export function readState<S>(config: TransformConfig, where: string, read: (reader: ConfigReader) => S): S | undefined {
  if (config.state === null) return undefined;
  const reader = new ConfigReader(config.state, where);
  const state = read(reader);
  reader.end();
  return state;
}

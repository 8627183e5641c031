/**
 * Options stated once: default, what is taken, one line about it. From a table of parameters follow the TypeScript types, the
 * checks of what a user wrote and of what a file holds, and what is written back.
 */
import { InvalidArgumentError, unknownName } from "./errors.ts";

/** What is being read, for messages: `units` of `dense`. */
export interface Place {
  readonly owner: string;
  readonly option: string;
}

/** One option. `V` is what the code sees, `W` what may be written for it. */
export interface Parameter<V, W = V> {
  /** One line for documentation. */
  readonly about: string;
  readonly required: boolean;
  /** The value when nothing is given; `undefined` means "none". Not used when the option is required. */
  readonly fallback: V;
  /** Checks and converts; throws a typed error that names the place. */
  read(value: W | unknown, place: Place): V;
  /** As plain data for a configuration. */
  write(value: V): unknown;
}

// biome-ignore lint/suspicious/noExplicitAny: a table mixes types; ValuesOf and WrittenOf recover them
export type Parameters = Readonly<Record<string, Parameter<any, any>>>;

/** What the code sees: every option, filled in. */
export type ValuesOf<P extends Parameters> = {
  readonly [K in keyof P]: P[K] extends Parameter<infer V, infer _W> ? V : never;
};

/** What may be written for one option. */
export type Written<P> = P extends Parameter<infer _V, infer W> ? W : never;

/** What a user writes: every option but `Given`, each of them optional. */
export type OptionsOf<P extends Parameters, Given extends keyof P = never> = {
  readonly [K in Exclude<keyof P, Given>]?: Written<P[K]> | undefined;
};

/** `"batchNormalization"` → `"batch-normalization"`, as error codes are spelled. */
export const kebab = (name: string): string =>
  name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`).replaceAll(" ", "-");

/** A value as messages show it: short, whatever it is. */
export function showValue(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (typeof value === "function") return "a function";
  if (Array.isArray(value)) {
    return `[${value.slice(0, 6).map(showValue).join(", ")}${value.length > 6 ? ", …" : ""}]`;
  }
  if (typeof value === "object" && value !== null) return "an object";
  return String(value);
}

/** The error for a value that an option does not take. */
export function refuseOption(place: Place, value: unknown, expected: string, hint: string): InvalidArgumentError {
  return new InvalidArgumentError(`${kebab(place.owner)}/${kebab(place.option)}`, {
    received: `${place.option}: ${showValue(value)} was given to ${place.owner}`,
    expected,
    hint,
  });
}

/**
 * Reads options against their parameters.
 * @throws UnknownNameError for an option that does not exist; InvalidArgumentError for a missing or unfit value.
 */
export function readOptions<P extends Parameters>(owner: string, parameters: P, options: unknown): ValuesOf<P> {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new InvalidArgumentError(`${kebab(owner)}/options`, {
      received: `${showValue(options)} was given to ${owner} as options`,
      expected: "an object is needed",
      hint: `Its options are ${Object.keys(parameters).join(", ") || "none"}.`,
    });
  }
  const given = options as Readonly<Record<string, unknown>>;
  for (const option of Object.keys(given)) {
    if (!Object.hasOwn(parameters, option)) throw unknownOption(owner, option, Object.keys(parameters));
  }
  const values: Record<string, unknown> = {};
  for (const [option, parameter] of Object.entries(parameters)) {
    const value = Object.hasOwn(given, option) ? given[option] : undefined;
    if (value === undefined && parameter.required) {
      throw new InvalidArgumentError(`${kebab(owner)}/${kebab(option)}`, {
        received: `${owner} was given no ${option}`,
        expected: "it cannot do without",
        hint: `Pass ${option}: ${parameter.about}.`,
      });
    }
    values[option] = value === undefined ? parameter.fallback : parameter.read(value, { owner, option });
  }
  return values as ValuesOf<P>;
}

function unknownOption(owner: string, option: string, known: readonly string[]): Error {
  if (known.length > 0) return unknownName(`${owner} option`, option, known);
  return new InvalidArgumentError(`${kebab(owner)}/options`, {
    received: `the option ${showValue(option)} was given to ${owner}`,
    expected: "it has no options",
    hint: "Leave it out.",
  });
}

/** The values as plain data, without those that are "none". */
export function writeOptions<P extends Parameters>(parameters: P, values: ValuesOf<P>): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [option, parameter] of Object.entries(parameters)) {
    const value = values[option];
    if (value !== undefined) out[option] = parameter.write(value);
  }
  return out;
}

interface Range {
  readonly min?: number;
  readonly max?: number;
  /** The bounds themselves are not allowed. */
  readonly open?: boolean;
  readonly integer?: boolean;
}

function rangeText({ min, max, open, integer }: Range): string {
  const kind = integer ? "a whole number" : "a finite number";
  if (min !== undefined && max !== undefined)
    return `${kind} ${open ? "between" : "from"} ${min} ${open ? "and" : "to"} ${max}`;
  if (min !== undefined) return `${kind} ${open ? "greater than" : "of at least"} ${min}`;
  return max === undefined ? kind : `${kind} ${open ? "less than" : "of at most"} ${max}`;
}

/** Reads a finite number in a range. */
export function readNumber(value: unknown, place: Place, range: Range): number {
  const { min = -Infinity, max = Infinity, open, integer } = range;
  const fits =
    typeof value === "number" &&
    Number.isFinite(value) &&
    (open ? value > min && value < max : value >= min && value <= max) &&
    (!integer || Number.isSafeInteger(value));
  if (!fits) throw refuseOption(place, value, `${rangeText(range)} is needed`, `Pass ${rangeText(range)}.`);
  return value;
}

const plain = <V>(value: V): unknown => value;

/** A finite number. */
export function number(fallback: number, about: string, range: Range = {}): Parameter<number> {
  return { about, required: false, fallback, read: (value, place) => readNumber(value, place, range), write: plain };
}

/** A finite number, or nothing. */
export function optionalNumber(about: string, range: Range = {}): Parameter<number | undefined, number> {
  return {
    about,
    required: false,
    fallback: undefined,
    read: (value, place) => readNumber(value, place, range),
    write: plain,
  };
}

/** A number that must be given. */
export function requiredNumber(about: string, range: Range = {}): Parameter<number> {
  return { ...number(Number.NaN, about, range), required: true };
}

/** `true` or `false`. */
export function flag(fallback: boolean, about: string): Parameter<boolean> {
  return {
    about,
    required: false,
    fallback,
    read(value, place) {
      if (typeof value !== "boolean") throw refuseOption(place, value, "true or false is needed", "Pass a boolean.");
      return value;
    },
    write: plain,
  };
}

/** Case and separators do not count: `fan_in` is `fanIn`. */
export const foldName = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, "");

/** One of a few words. */
export function choice<const T extends string>(words: readonly T[], fallback: T, about: string): Parameter<T> {
  return {
    about,
    required: false,
    fallback,
    read(value, place) {
      const word = typeof value === "string" ? words.find((w) => foldName(w) === foldName(value)) : undefined;
      if (word !== undefined) return word;
      const listed = words.map((w) => `"${w}"`).join(", ");
      throw refuseOption(place, value, `one of ${listed} is needed`, "Pick one of them.");
    },
    write: plain,
  };
}

/** One axis or several, as a list; negative ones count from the end. */
export function axes(fallback: number, about: string): Parameter<readonly number[], number | readonly number[]> {
  return {
    about,
    required: false,
    fallback: [fallback],
    read(value, place) {
      const list = Array.isArray(value) ? value : [value];
      if (list.length === 0 || list.some((axis) => !Number.isSafeInteger(axis))) {
        throw refuseOption(
          place,
          value,
          "an axis or a list of axes is needed",
          "Pass whole numbers, e.g. -1 or [1, 2].",
        );
      }
      return Object.freeze([...list]) as readonly number[];
    },
    write: (list) => [...list],
  };
}

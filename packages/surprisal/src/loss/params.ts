/**
 * Parameters of a loss: stated once with a default, a range and one line of explanation, from which option checking, types,
 * documentation and command-line flags all follow.
 */
import { InvalidArgumentError, unknownName } from "../base/errors.ts";

/** One parameter. `T` includes undefined for a parameter that may be left out. */
export interface Param<T> {
  /** What it looks like on a command line: a number, a switch, a list of numbers, one of some words. */
  readonly kind: "number" | "flag" | "vector" | "choice";
  readonly default: T;
  /** The allowed values in words: `"a number above 0"`. */
  readonly range: string;
  /** One line, without a full stop. */
  readonly doc: string;
  /** Whether a value is allowed. */
  readonly accepts: (value: unknown) => boolean;
  /** What an allowed value is kept as, where JSON could not hold it as given. */
  plain?(value: T): T;
}

/** Parameters by name. */
export type Params = Readonly<Record<string, Param<unknown>>>;
/** The values of such parameters. */
export type ParamValues<P extends Params> = { readonly [K in keyof P]: P[K] extends Param<infer T> ? T : never };

const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);
const isVector = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.length > 0 && value.every((x) => isNumber(x) && x >= 0);

function number<T extends number | undefined>(
  initial: T,
  doc: string,
  range: string,
  test: (x: number) => boolean,
): Param<T> {
  return { kind: "number", default: initial, range, doc, accepts: (value) => isNumber(value) && test(value) };
}

/** Any finite number. */
export const finite = (initial: number, doc: string): Param<number> =>
  number(initial, doc, "a finite number", () => true);
/** Any finite number, or −Infinity; the latter is kept as the word, which JSON can hold. */
export const finiteOrMinusInfinity = (initial: number, doc: string): Param<number | "-Infinity"> => ({
  kind: "number",
  default: initial,
  range: "a finite number or -Infinity",
  doc,
  accepts: (value) => isNumber(value) || isMinusInfinity(value),
  plain: (value) => (isMinusInfinity(value) ? "-Infinity" : value),
});
const isMinusInfinity = (value: unknown) => value === Number.NEGATIVE_INFINITY || value === "-Infinity";
/** A number above 0. */
export const positive = (initial: number, doc: string): Param<number> =>
  number(initial, doc, "a number above 0", (x) => x > 0);
/** A number above 0; left out by default. */
export const optionalPositive = (doc: string): Param<number | undefined> =>
  number<number | undefined>(undefined, doc, "a number above 0", (x) => x > 0);
/** 0 or more. */
export const nonNegative = (initial: number, doc: string): Param<number> =>
  number(initial, doc, "a number from 0 up", (x) => x >= 0);
/** From 0 to 1, ends included. */
export const unit = (initial: number, doc: string): Param<number> =>
  number(initial, doc, "a number from 0 to 1", (x) => x >= 0 && x <= 1);
/** A whole number that an int32 holds; left out by default. */
export const integer = (doc: string): Param<number | undefined> =>
  number<number | undefined>(undefined, doc, "a whole number from -2147483648 to 2147483647", (x) => x === (x | 0));
/** A whole number from 0 up. */
export const wholeFromZero = (initial: number, doc: string): Param<number> =>
  number(initial, doc, "a whole number from 0 up", (x) => Number.isInteger(x) && x >= 0 && x <= 0x7fffffff);
/** True or false. */
export const flag = (initial: boolean, doc: string): Param<boolean> => ({
  kind: "flag",
  default: initial,
  range: "true or false",
  doc,
  accepts: (value) => typeof value === "boolean",
});
/** True or false, or left out, which is a third thing. */
export const optionalFlag = (doc: string): Param<boolean | undefined> => ({ ...flag(false, doc), default: undefined });
/** Numbers from 0 up, one for each class; left out by default. */
export const vector = (doc: string, length?: number): Param<readonly number[] | undefined> => ({
  kind: "vector",
  default: undefined,
  range: `a list of ${length ?? "finite"} numbers from 0 up`,
  doc,
  accepts: (value) => isVector(value) && (length === undefined || value.length === length),
});
/** One number from 0 up, or one for each output. */
export const numberOrVector = (initial: number, doc: string): Param<number | readonly number[]> => ({
  kind: "vector",
  default: initial,
  range: "a number from 0 up, or a list of them",
  doc,
  accepts: (value) => (isNumber(value) && value >= 0) || isVector(value),
});
/** One of some words; the first is the default. */
export const choice = <const T extends string>(words: readonly [T, ...T[]], doc: string): Param<T> => ({
  kind: "choice",
  default: words[0],
  range: `one of ${words.map((word) => `"${word}"`).join(", ")}`,
  doc,
  accepts: (value) => (words as readonly unknown[]).includes(value),
});

/**
 * The values of all parameters: what was given, checked, and defaults for the rest. An option that is undefined counts as left out.
 * @param reserved further option names that the caller handles itself; they are known, and not looked at.
 * @throws UnknownNameError for an option that does not exist, InvalidArgumentError for a value out of range.
 */
export function readParams<P extends Params>(
  owner: string,
  params: P,
  options: Readonly<Record<string, unknown>>,
  reserved: readonly string[] = [],
): ParamValues<P> {
  for (const [name, value] of Object.entries(options)) {
    if (reserved.includes(name) || value === undefined) continue;
    const param = Object.hasOwn(params, name) ? params[name] : undefined;
    if (param === undefined) throw unknownName(`${owner} option`, name, [...Object.keys(params), ...reserved]);
    if (!param.accepts(value)) {
      throw new InvalidArgumentError("loss/option", {
        received: `${owner} was given ${name}: ${show(value)}`,
        expected: `it takes ${param.range}`,
        hint: `${name} is ${param.doc}; the default is ${show(param.default)}.`,
      });
    }
  }
  return Object.fromEntries(
    Object.entries(params).map(([name, param]) => {
      const value = (Object.hasOwn(options, name) ? options[name] : undefined) ?? param.default;
      return [name, param.plain === undefined ? value : param.plain(value)];
    }),
  ) as ParamValues<P>;
}

function show(value: unknown): string {
  if (typeof value === "number" || value === undefined) return value === undefined ? "none" : String(value);
  return JSON.stringify(value) ?? String(value);
}

/**
 * The kinds of options that data functions take, over the parameter tables of the base. Each option's comment in a table is
 * what an editor shows where the option is written.
 */
import type { InvalidArgumentError } from "../base/errors.ts";
import { type Parameter, refuseOption } from "../base/parameters.ts";
import { RandomState, type RandomStateLike, type Seed } from "../base/random/randomState.ts";

export { kebab, type OptionsOf, readOptions, showValue as show, type ValuesOf } from "../base/parameters.ts";

type Read<T> = (value: unknown, name: string, where: string) => T;

/** An option from its default and its check, which returns the value or throws. */
export function param<T>(fallback: T, read: Read<T>): Parameter<T> {
  return {
    about: "",
    required: false,
    fallback,
    read: (value, { owner, option }) => read(value, option, owner),
    write: (value) => value,
  };
}

export function badOption(
  where: string,
  name: string,
  value: unknown,
  expected: string,
  hint = `See the options of ${where}.`,
): InvalidArgumentError {
  return refuseOption({ owner: where, option: name }, value, expected, hint);
}

/** Any check of one's own; `expected` is what the message says. */
export function custom<T>(fallback: T, accepts: (value: unknown) => value is T, expected: string): Parameter<T> {
  return param(fallback, (value, name, where) => {
    if (accepts(value)) return value;
    throw badOption(where, name, value, expected);
  });
}

/** A whole number in min … max. */
export function whole(fallback: number, min = 0, max = Number.MAX_SAFE_INTEGER): Parameter<number> {
  const accepts = (x: unknown): x is number => Number.isSafeInteger(x) && (x as number) >= min && (x as number) <= max;
  const upTo = max === Number.MAX_SAFE_INTEGER ? `of ${min} or more` : `from ${min} to ${max}`;
  return custom(fallback, accepts, `a whole number ${upTo} is needed`);
}

interface Range {
  readonly min?: number;
  readonly max?: number;
  /** The value must be greater. */
  readonly above?: number;
  /** The value must be smaller. */
  readonly below?: number;
}

/** A finite number, in a range if one is given. */
export function real(fallback: number, range: Range = {}): Parameter<number> {
  const { min = -Infinity, max = Infinity, above = -Infinity, below = Infinity } = range;
  const accepts = (x: unknown): x is number =>
    typeof x === "number" && Number.isFinite(x) && x >= min && x <= max && x > above && x < below;
  const parts = [
    ...(min > -Infinity ? [`at least ${min}`] : []),
    ...(above > -Infinity ? [`greater than ${above}`] : []),
    ...(max < Infinity ? [`at most ${max}`] : []),
    ...(below < Infinity ? [`less than ${below}`] : []),
  ];
  return custom(fallback, accepts, ["a finite number", parts.join(" and "), "is needed"].filter(Boolean).join(" "));
}

/** True or false. */
export function flag(fallback: boolean): Parameter<boolean> {
  return custom(fallback, (x): x is boolean => typeof x === "boolean", "true or false is needed");
}

/** One of a few words, spelled exactly. */
export function oneOf<const T extends string>(fallback: NoInfer<T>, words: readonly T[]): Parameter<T> {
  const accepts = (x: unknown): x is T => words.includes(x as T);
  return custom<T>(fallback, accepts, `it is one of ${words.map((w) => `"${w}"`).join(", ")}`);
}

/** What the inner parameter takes, or null; null is the default unless one is given. */
export function orNull<T>(inner: Parameter<T>, fallback: T | null = null): Parameter<T | null> {
  return param<T | null>(fallback, (value, option, owner) =>
    value === null ? null : inner.read(value, { owner, option }),
  );
}

/** What either parameter takes; `first` gives the default, `isSecond` tells by the form which one is meant. */
export function either<A, B>(
  first: Parameter<A>,
  second: Parameter<B>,
  isSecond: (value: unknown) => boolean,
): Parameter<A | B> {
  return param<A | B>(first.fallback, (value, option, owner) =>
    (isSecond(value) ? second : first).read(value, { owner, option }),
  );
}

/** A list whose entries the inner parameter takes. */
export function listOf<T>(inner: Parameter<T>, fallback: readonly T[] = [], length?: number): Parameter<readonly T[]> {
  return param(fallback, (value, option, owner) => {
    if (!Array.isArray(value)) throw badOption(owner, option, value, "a list is needed");
    if (length !== undefined && value.length !== length) {
      throw badOption(owner, option, value, `a list of ${length} is needed`);
    }
    return value.map((entry, i) => inner.read(entry, { owner, option: `${option}[${i}]` }));
  });
}

/** Anything: the function itself checks it. */
export function unchecked<T>(fallback: T): Parameter<T> {
  return param(fallback, (value) => value as T);
}

/** A seed, or a stream to draw from. Default 0. */
export const randomState: Parameter<RandomStateLike> = param<RandomStateLike>(0, (value) => {
  if (!(value instanceof RandomState)) new RandomState(value as Seed);
  return value as RandomStateLike;
});

/** A seed only, for objects that are saved. Default 0. */
export const seed: Parameter<Seed> = param<Seed>(0, (value) => {
  new RandomState(value as Seed);
  return value as Seed;
});

/** Options as they are typed, checked; commander hands them over as text. */
import { InvalidArgumentError, suggestNames } from "surprisal";
import { type FeatureKind, featureKinds } from "../columns/convert.ts";

function refuse(option: string, text: string, expected: string, hint: string): InvalidArgumentError {
  return new InvalidArgumentError("cli/option", { received: `${option} ${text} was given`, expected, hint });
}

/** A whole number of at least `least`. */
export function whole(option: string, least: number) {
  return (text: string): number => {
    const value = Number(text);
    if (text.trim() !== "" && Number.isSafeInteger(value) && value >= least) return value;
    throw refuse(
      option,
      text,
      `a whole number${least > Number.MIN_SAFE_INTEGER ? ` of ${least} or more` : ""} is needed`,
      `Write e.g. ${option} ${Math.max(least, 10)}.`,
    );
  };
}

/** A finite number above 0. */
export function positive(option: string, example: number) {
  return (text: string): number => {
    const value = Number(text);
    if (value > 0 && Number.isFinite(value)) return value;
    throw refuse(option, text, "a number above 0 is needed", `Write e.g. ${option} ${example}.`);
  };
}

/** From 0 up to but not including 1. */
export function share(option: string) {
  return (text: string): number => {
    const value = Number(text);
    if (text.trim() !== "" && value >= 0 && value < 1) return value;
    throw refuse(
      option,
      text,
      "a share of the rows is needed, from 0 up to but not including 1",
      `Write e.g. ${option} 0.2.`,
    );
  };
}

/** One of a few words. */
export function oneOf<T extends string>(option: string, words: readonly T[]) {
  return (text: string): T => {
    const found = words.find((word) => word === text);
    if (found !== undefined) return found;
    throw refuse(option, text, "no such choice is known", suggestNames(text, words));
  };
}

/** `64,32`, or `linear` for no hidden layer. */
export function hiddenLayers(text: string): readonly number[] {
  if (text.trim() === "linear") return [];
  const widths = text.split(",").map(Number);
  if (widths.every((width) => Number.isInteger(width) && width >= 1 && width <= 65_536)) return widths;
  throw refuse(
    "--model",
    text,
    "the units of the hidden layers are needed",
    "Write e.g. --model 64,32, or --model linear for none.",
  );
}

/** `a,b` with quotes where a name holds a comma: `a,"b, c"`. */
export function names(text: string, before: readonly string[] = []): string[] {
  return [...before, ...fields(text, ",")];
}

/** `age=number,zip=category`, added to what came before. */
export function columnTypes(
  text: string,
  before: ReadonlyMap<string, FeatureKind> = new Map(),
): Map<string, FeatureKind> {
  const types = new Map(before);
  for (const field of fields(text, ",")) {
    const at = field.lastIndexOf("=");
    if (at <= 0)
      throw refuse("--types", text, "each column needs its kind", "Write e.g. --types age=number,zip=category.");
    types.set(field.slice(0, at), oneOf("--types", featureKinds)(field.slice(at + 1)));
  }
  return types;
}

function fields(text: string, delimiter: string): string[] {
  const found = text.match(new RegExp(`(?:"(?:[^"]|"")*"|[^${delimiter}"])+`, "g")) ?? [];
  return found.map((field) =>
    field.trim().replace(/"((?:[^"]|"")*)"/g, (_, inner: string) => inner.replaceAll('""', '"')),
  );
}

/** Numbers and parameters of losses as they are typed: `-20`, `0,1,0`, `0,1;1,0`, JSON for more; `delta=2`. */
import { InvalidArgumentError, type losses } from "surprisal";

/** An array as `evaluate` takes it, or several by name. */
export type TypedArrays = number | TypedArrays[] | { readonly [name: string]: TypedArrays };

function refuse(option: string, text: string, expected: string): InvalidArgumentError {
  return new InvalidArgumentError("cli/numbers", {
    received: `${option} ${text} was given`,
    expected,
    hint: `Write one number, a row as ${option} 0,1,0, or rows as ${option} "0,1,0;1,0,0"; JSON is read, too.`,
  });
}

const words: Readonly<Record<string, number>> = { inf: Infinity, "+inf": Infinity, "-inf": -Infinity };

function readNumber(option: string, text: string, whole: string): number {
  const word = text.trim().toLowerCase();
  const value = Object.hasOwn(words, word) ? (words[word] as number) : Number(word === "" ? "nothing" : text);
  if (Number.isNaN(value)) throw refuse(option, whole, `${JSON.stringify(text.trim())} is no number`);
  return value;
}

/** Rows of numbers; JSON may hold any shape, and several arrays by name. */
export function readArray(option: string, text: string): TypedArrays {
  if (/^\s*[[{]/.test(text)) {
    try {
      const value: unknown = JSON.parse(text);
      if (isArrays(value)) return value;
    } catch {
      throw refuse(option, text, "it is no JSON");
    }
    throw refuse(option, text, "such JSON holds something else than numbers");
  }
  return text.split(";").map((row) => row.split(",").map((field) => readNumber(option, field, text)));
}

function isArrays(value: unknown): value is TypedArrays {
  if (Array.isArray(value)) return value.every(isArrays);
  return (
    typeof value === "number" || (typeof value === "object" && value !== null && Object.values(value).every(isArrays))
  );
}

/** `name=…`, for an option that may be repeated. */
export function readPair(option: string, example: string) {
  return (text: string, before: ReadonlyMap<string, string> = new Map()): Map<string, string> => {
    const at = text.indexOf("=");
    if (at > 0) return new Map([...before, [text.slice(0, at).trim(), text.slice(at + 1).trim()]]);
    throw new InvalidArgumentError("cli/option", {
      received: `${option} ${text} was given`,
      expected: "a name and its value are needed",
      hint: `Write e.g. ${option} ${example}.`,
    });
  };
}

/** What a parameter's text means by its kind; what fits no kind is left to the loss, which says what it takes. */
const readers: Readonly<Record<losses.Param<unknown>["kind"], (text: string) => unknown>> = {
  number: (text) => numberOr(text),
  flag: (text) => ({ true: true, false: false })[text] ?? text,
  vector: (text) => (text.includes(",") || text.startsWith("[") ? listOr(text) : numberOr(text)),
  choice: (text) => text,
};

const numberOr = (text: string): unknown => (text !== "" && !Number.isNaN(Number(text)) ? Number(text) : text);

function listOr(text: string): unknown {
  const fields = text.replace(/^\[|\]$/g, "").split(",");
  const values = fields.map((field) => numberOr(field.trim()));
  return values.every((value) => typeof value === "number") ? values : text;
}

/** Options of a loss. Names that it does not have are passed on, for it to refuse with the nearest ones. */
export function lossOptions(
  params: Readonly<Record<string, losses.Param<unknown>>> | undefined,
  given: ReadonlyMap<string, string>,
): Record<string, unknown> {
  return Object.fromEntries(
    [...given].map(([name, text]) => {
      const param = params !== undefined && Object.hasOwn(params, name) ? params[name] : undefined;
      const value = param === undefined ? text : readers[param.kind](text);
      // A list of one number is a list where a number alone is refused.
      return [name, param !== undefined && !param.accepts(value) && param.accepts([value]) ? [value] : value];
    }),
  );
}

/** Parameters of a formula are numbers. */
export function formulaParameters(given: ReadonlyMap<string, string>): Record<string, number> {
  return Object.fromEntries([...given].map(([name, text]) => [name, readNumber("--param", text, `${name}=${text}`)]));
}

/** One finite number. */
export function finite(option: string) {
  return (text: string): number => {
    const value = readNumber(option, text, text);
    if (Number.isFinite(value)) return value;
    throw refuse(option, text, "a finite number is needed");
  };
}

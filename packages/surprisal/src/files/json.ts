/**
 * JSON for what a model file says about itself. Reading gives fresh plain objects whose keys are all own properties; writing
 * refuses what reading would refuse, so that a file written here can always be read here.
 */
import { InvalidArgumentError, ModelFileError } from "../base/errors.ts";
import { isForbiddenKey, JsonReader, show } from "./jsonReader.ts";

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** Lists and objects inside each other. */
const maxDepth = 64;
/** Values in one text: bounds what a few megabytes of `[[],[],…]` can take in memory. */
const maxValues = 1_000_000;

/**
 * Reads a JSON text strictly. `what` names it in messages: `"the configuration in penguins.safetensors"`.
 * @throws ModelFileError `json/…` for anything but one JSON value with unique, harmless keys, finite numbers, at most 64 levels and a million values.
 */
export function parseJson(source: string | Uint8Array, what: string): JsonValue {
  if (typeof source === "string" && !isWellFormed(source)) {
    throw new ModelFileError("json/bad-escape", {
      received: `${what} holds half a surrogate pair`,
      expected: "all its text must be Unicode",
      hint: "The file is damaged or is not a model file: copy it again, or save the model again.",
    });
  }
  const reader = new JsonReader(typeof source === "string" ? new TextEncoder().encode(source) : source, what);
  let values = 0;
  const read = (depth: number): JsonValue => {
    const kind = reader.peek();
    if (++values > maxValues) {
      throw reader.refuse("too-many-values", `holds more than ${maxValues} values`, "no configuration has that many");
    }
    if (kind === "string") return reader.string();
    if (kind === "number") return finite(reader);
    if (kind !== "object" && kind !== "array") return reader.literal();
    if (depth === maxDepth) {
      throw reader.refuse("too-deep", `is nested deeper than ${maxDepth} levels`, "no configuration is that deep");
    }
    if (kind === "array") {
      const items: JsonValue[] = [];
      reader.array(() => items.push(read(depth + 1)));
      return items;
    }
    const made: { [key: string]: JsonValue } = {};
    reader.object((key) => {
      // Defined, not assigned: assignment could meet a setter or a frozen property of Object.prototype.
      Object.defineProperty(made, key, {
        value: read(depth + 1),
        enumerable: true,
        writable: true,
        configurable: true,
      });
    });
    return made;
  };
  const value = read(0);
  reader.end();
  return value;
}

function finite(reader: JsonReader): number {
  const text = reader.numberText();
  const value = Number(text);
  if (!Number.isFinite(value)) {
    throw reader.refuse("number-out-of-range", `holds the number ${text.slice(0, 60)}`, "numbers must fit float64");
  }
  return value;
}

/**
 * Writes a value as JSON without white space, keys in the order of the object, −0 as `-0`.
 * @throws InvalidArgumentError `json/not-plain` for anything that is not JSON data (NaN and infinities too: see `numberToJson`),
 *   for a key that `parseJson` refuses and for more than 64 levels, a cycle being one such case.
 */
export function stringifyJson(value: JsonValue): string {
  const write = (item: unknown, path: string, depth: number): string => {
    if (item === null || typeof item === "boolean") return String(item);
    if (typeof item === "number" && Number.isFinite(item)) return Object.is(item, -0) ? "-0" : String(item);
    if (typeof item === "string" && isWellFormed(item)) return JSON.stringify(item);
    if (typeof item !== "object" || item === null) throw notPlain(path, describe(item));
    if (depth === maxDepth)
      throw notPlain(path.slice(0, 60), `more than ${maxDepth} levels, or an object inside itself`);
    if (Array.isArray(item)) {
      return `[${Array.from(item, (entry, i) => write(entry, `${path}[${i}]`, depth + 1)).join(",")}]`;
    }
    if (Object.getPrototypeOf(item) !== Object.prototype && Object.getPrototypeOf(item) !== null) {
      throw notPlain(path, `an instance of ${item.constructor?.name ?? "a class"}`);
    }
    const members = Object.entries(item).map(([key, entry]) => {
      if (isForbiddenKey(key) || !isWellFormed(key)) throw notPlain(path, `the key ${show(key)}`);
      return `${JSON.stringify(key)}:${write(entry, `${path}.${key}`, depth + 1)}`;
    });
    return `{${members.join(",")}}`;
  };
  return write(value, "value", 0);
}

/** Whether two values are the same JSON data; the order of keys does not count. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return Object.is(a, b);
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && sameJson(a[key as never], b[key as never]))
  );
}

function describe(item: unknown): string {
  if (typeof item === "number") return String(item);
  return typeof item === "string" ? "text with half a surrogate pair" : `a value of type ${typeof item}`;
}

function notPlain(path: string, received: string): InvalidArgumentError {
  return new InvalidArgumentError("json/not-plain", {
    received: `${path} holds ${received}`,
    expected: "only null, booleans, finite numbers, text, lists and plain objects can be saved",
    hint: "Turn it into plain data first; numberToJson writes NaN and infinities as text.",
  });
}

const specials: ReadonlyMap<string, number> = new Map([
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["-Infinity", Number.NEGATIVE_INFINITY],
]);

/** Any number as JSON data: NaN and infinities become the words that Protocol Buffers' JSON form uses. */
export function numberToJson(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

/**
 * The number that `numberToJson` wrote.
 * @throws ModelFileError `json/not-a-number` for anything else.
 */
export function numberFromJson(value: JsonValue | undefined, what: string): number {
  const number = typeof value === "string" ? specials.get(value) : value;
  if (typeof number === "number") return number;
  throw new ModelFileError("json/not-a-number", {
    received: `${what} is ${value === undefined ? "missing" : show(JSON.stringify(value))}`,
    expected: 'a number, "NaN", "Infinity" or "-Infinity" is needed',
    hint: "Save the model again with the version that made it.",
  });
}

/** Whether text holds no half of a surrogate pair, so that UTF-8 can carry it. */
export function isWellFormed(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0xd800 || unit > 0xdfff) continue;
    const next = text.charCodeAt(++i);
    if (unit > 0xdbff || !(next >= 0xdc00 && next <= 0xdfff)) return false;
  }
  return true;
}

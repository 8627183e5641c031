/**
 * A strict JSON reader (RFC 8259) over UTF-8 bytes for content that may be hostile. It is pulled by the caller, which knows what
 * it expects, so nothing is built that is not wanted. Refused beyond plain syntax errors: duplicate keys, keys that name
 * a prototype, lone surrogates, bytes that are not UTF-8, numbers of absurd length.
 */
import { ModelFileError } from "../base/errors.ts";

export type JsonKind = "object" | "array" | "string" | "number" | "boolean" | "null" | "nothing";

const quote = 0x22;
const backslash = 0x5c;
const maxNumberLength = 1000;
const forbiddenKeys: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);
/** What a one-letter escape stands for; `u` is handled apart. */
const escapes: ReadonlyMap<number, number> = new Map(
  (['""', "\\\\", "//", "b\b", "f\f", "n\n", "r\r", "t\t"] as const).map((p) => [p.charCodeAt(0), p.charCodeAt(1)]),
);
const kinds: ReadonlyMap<number, JsonKind> = new Map<number, JsonKind>([
  [0x7b, "object"],
  [0x5b, "array"],
  [quote, "string"],
  [0x74, "boolean"],
  [0x66, "boolean"],
  [0x6e, "null"],
  ...Array.from("-0123456789", (c): [number, JsonKind] => [c.charCodeAt(0), "number"]),
]);

/** Whether a key could reach a prototype when some later code assigns it to an object. */
export function isForbiddenKey(key: string): boolean {
  return forbiddenKeys.has(key);
}

export class JsonReader {
  readonly #bytes: Uint8Array;
  readonly #what: string;
  readonly #decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  #at = 0;

  /** `what` names the text in messages: `"the header of penguins.safetensors"`. */
  constructor(bytes: Uint8Array, what: string) {
    this.#bytes = bytes;
    this.#what = what;
  }

  /** The kind of the next value, by its first byte; `"nothing"` where no value can begin. */
  peek(): JsonKind {
    this.#skipSpace();
    return kinds.get(this.#bytes[this.#at] ?? 0) ?? "nothing";
  }

  /** Reads an object; `onValue` must read exactly one value for each key. */
  object(onValue: (key: string) => void): void {
    const keys = new Set<string>();
    this.#list(0x7b, 0x7d, "an object", () => {
      const start = this.#at;
      const key = this.string();
      if (forbiddenKeys.has(key)) {
        throw this.#refuse(
          "forbidden-key",
          `has the key "${key}" (byte ${start})`,
          "no key may name a prototype",
          trust,
        );
      }
      if (keys.has(key)) {
        throw this.#refuse(
          "duplicate-key",
          `has the key ${show(key)} twice (byte ${start})`,
          "a key comes once",
          trust,
        );
      }
      keys.add(key);
      this.#expect(0x3a, '":"');
      onValue(key);
    });
  }

  /** Reads an array; `onItem` must read exactly one value. */
  array(onItem: (index: number) => void): void {
    let index = 0;
    this.#list(0x5b, 0x5d, "a list", () => onItem(index++));
  }

  string(): string {
    this.#expect(quote, "a string");
    const start = this.#at;
    let plain = true;
    for (; ; this.#at++) {
      const byte = this.#bytes[this.#at];
      if (byte === quote) break;
      if (byte === undefined || byte < 0x20) throw this.#syntax("the end of a string");
      if (byte === backslash) this.#at++;
      if (byte === backslash || byte >= 0x80) plain = false;
    }
    const end = this.#at++;
    if (plain && end - start <= 32) {
      // Most strings are short names; this spares them the decoder.
      let text = "";
      for (let i = start; i < end; i++) text += String.fromCharCode(this.#bytes[i] as number);
      return text;
    }
    const unescaped = this.#unescape(start, end);
    try {
      return this.#decoder.decode(unescaped);
    } catch (cause) {
      const received = `holds a string that is not UTF-8 (byte ${start})`;
      throw this.#refuse("not-utf8", received, "all its text must be UTF-8", damaged, { cause });
    }
  }

  /** Reads a number and gives its text, which follows the JSON grammar. */
  numberText(): string {
    this.#skipSpace();
    const start = this.#at;
    if (this.#bytes[this.#at] === 0x2d) this.#at++;
    if (this.#bytes[this.#at] === 0x30) this.#at++;
    else this.#digits();
    if (this.#bytes[this.#at] === 0x2e) {
      this.#at++;
      this.#digits();
    }
    if (((this.#bytes[this.#at] ?? 0) | 0x20) === 0x65) {
      this.#at++;
      const sign = this.#bytes[this.#at];
      if (sign === 0x2b || sign === 0x2d) this.#at++;
      this.#digits();
    }
    const length = this.#at - start;
    if (length > maxNumberLength) {
      const received = `holds a number of ${length} characters (byte ${start})`;
      throw this.#refuse("number-too-long", received, `${maxNumberLength} are the most that are read`, trust);
    }
    let text = "";
    for (let i = start; i < this.#at; i++) text += String.fromCharCode(this.#bytes[i] as number);
    return text;
  }

  /** Reads `true`, `false` or `null`. */
  literal(): boolean | null {
    this.#skipSpace();
    for (const [word, value] of [
      ["true", true],
      ["false", false],
      ["null", null],
    ] as const) {
      let i = 0;
      while (i < word.length && this.#bytes[this.#at + i] === word.charCodeAt(i)) i++;
      if (i === word.length) {
        this.#at += i;
        return value;
      }
    }
    throw this.#syntax("a value");
  }

  /** Checks that only white space is left. */
  end(): void {
    this.#skipSpace();
    if (this.#at < this.#bytes.length) throw this.#syntax("the end of the text");
  }

  /** Builds the error for content that the caller does not want here. */
  refuse(code: string, received: string, expected: string): ModelFileError {
    return this.#refuse(code, `${received} (before byte ${this.#at})`, expected, trust);
  }

  #list(open: number, close: number, what: string, onItem: () => void): void {
    this.#expect(open, what);
    this.#skipSpace();
    if (this.#bytes[this.#at] === close) {
      this.#at++;
      return;
    }
    for (;;) {
      onItem();
      this.#skipSpace();
      const byte = this.#bytes[this.#at];
      if (byte !== close && byte !== 0x2c) throw this.#syntax(`"," or "${String.fromCharCode(close)}"`);
      this.#at++;
      if (byte === close) return;
      this.#skipSpace();
    }
  }

  #skipSpace(): void {
    for (; ; this.#at++) {
      const byte = this.#bytes[this.#at];
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return;
    }
  }

  #expect(byte: number, what: string): void {
    this.#skipSpace();
    if (this.#bytes[this.#at] !== byte) throw this.#syntax(what);
    this.#at++;
  }

  #digits(): void {
    const start = this.#at;
    while (isDigit(this.#bytes[this.#at])) this.#at++;
    if (this.#at === start) throw this.#syntax("a digit");
  }

  /** The bytes of a string with its escapes resolved; never longer than the text, since an escape of six bytes gives three. */
  #unescape(start: number, end: number): Uint8Array {
    const out = new Uint8Array(end - start);
    let length = 0;
    for (let i = start; i < end; ) {
      const byte = this.#bytes[i++] as number;
      if (byte !== backslash) {
        out[length++] = byte;
        continue;
      }
      const letter = this.#bytes[i++] as number;
      const meaning = escapes.get(letter);
      if (meaning !== undefined) {
        out[length++] = meaning;
        continue;
      }
      let code = letter === 0x75 ? this.#hex4(i, end) : -1;
      i += 4;
      if (code >= 0xd800 && code < 0xdc00) {
        const paired = this.#bytes[i] === backslash && this.#bytes[i + 1] === 0x75;
        const low = paired ? this.#hex4(i + 2, end) : -1;
        code = low >= 0xdc00 && low < 0xe000 ? 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00) : -1;
        i += 6;
      } else if (code >= 0xdc00 && code < 0xe000) code = -1;
      if (code < 0) {
        const received = `holds an escape that stands for no character (before byte ${i})`;
        throw this.#refuse("bad-escape", received, "strings use JSON's escapes, surrogates in pairs", damaged);
      }
      length += putUtf8(out, length, code);
    }
    return out.subarray(0, length);
  }

  /** Four hexadecimal digits as a number, or −1. */
  #hex4(at: number, end: number): number {
    if (at + 4 > end) return -1;
    let code = 0;
    for (let i = at; i < at + 4; i++) {
      const byte = this.#bytes[i] as number;
      const letter = (byte | 0x20) - 0x61;
      if (isDigit(byte)) code = code * 16 + (byte - 0x30);
      else if (letter >= 0 && letter < 6) code = code * 16 + letter + 10;
      else return -1;
    }
    return code;
  }

  #syntax(wanted: string): ModelFileError {
    const byte = this.#bytes[this.#at];
    const found = byte === undefined ? "ends" : `holds ${showByte(byte)}`;
    return this.#refuse("syntax", `${found} at byte ${this.#at}`, `JSON needs ${wanted} there`, damaged);
  }

  #refuse(code: string, received: string, expected: string, hint: string, options?: ErrorOptions): ModelFileError {
    return new ModelFileError(`json/${code}`, { received: `${this.#what} ${received}`, expected, hint }, options);
  }
}

const damaged = "The file is damaged or is not a model file: copy it again, or save the model again.";
const trust = "No tool that saves models writes this: do not use the file unless you know where it comes from.";

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

function showByte(byte: number): string {
  return byte > 0x20 && byte < 0x7f ? `"${String.fromCharCode(byte)}"` : `byte 0x${byte.toString(16).padStart(2, "0")}`;
}

/** A name from the file as messages show it: quoted, escaped and cut, since a hostile one may be long or hold control characters. */
export function show(name: string): string {
  return JSON.stringify(name.length > 60 ? `${name.slice(0, 60)}…` : name);
}

/** Writes one code point that is no surrogate; gives the number of bytes. */
function putUtf8(out: Uint8Array, at: number, code: number): number {
  if (code < 0x80) {
    out[at] = code;
    return 1;
  }
  const tail = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  out[at] = ([0xc0, 0xe0, 0xf0][tail - 1] as number) | (code >> (6 * tail));
  for (let k = 1; k <= tail; k++) out[at + k] = 0x80 | ((code >> (6 * (tail - k))) & 0x3f);
  return tail + 1;
}

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvalidArgumentError, ModelFileError, type SurprisalError } from "../../src/base/errors.ts";
import {
  isWellFormed,
  type JsonValue,
  numberFromJson,
  numberToJson,
  parseJson,
  stringifyJson,
} from "../../src/files/json.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);

/** The code of the error that a call throws; fails on errors of any other class than the one given. */
function codeOf(
  call: () => unknown,
  kind: typeof ModelFileError | typeof InvalidArgumentError = ModelFileError,
): string {
  try {
    call();
  } catch (error) {
    expect(error).toBeInstanceOf(kind);
    const typed = error as SurprisalError;
    for (const part of [typed.received, typed.expected, typed.hint]) expect(part.length).toBeGreaterThan(3);
    return typed.code;
  }
  return "accepted";
}

const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);

describe("parseJson", () => {
  const accepted: readonly string[] = [
    "null",
    " true\t\r\n",
    "false",
    "0",
    "-0",
    "-12.5e-3",
    "1E+5",
    "1e-400",
    "[]",
    "[ ]",
    "{ }",
    '{"a":[1,{"b":null}],"":""}',
    '"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\u20AC\\ud83d\\ude00\\u0000"',
    '"é€😀\u2028\u007f and more than thirty-two bytes of text"',
    '{"toString":1,"hasOwnProperty":2,"valueOf":3,"0":4}',
    '["\\ufeffa","\ufeffa"]',
    nested(64),
    `[${"1,".repeat(99_999)}1]`,
  ];
  it.each(accepted.map((text, i) => [i, text] as const))("reads case %i as JSON.parse does", (_i, text) => {
    const value = parseJson(text, "the text");
    expect(value).toStrictEqual(JSON.parse(text));
    expect(parseJson(utf8(text), "the text")).toStrictEqual(value);
  });

  const refused: readonly [code: string, text: string | Uint8Array][] = [
    ...[
      [
        "",
        " ",
        "[",
        "]",
        "{",
        "}",
        "[1",
        "[1,",
        "[1,]",
        "[,1]",
        "[1 2]",
        '{"a"',
        '{"a":',
        '{"a":1',
        '{"a":1,}',
        "{,}",
        "{1:2}",
      ],
      [
        '{"a" 1}',
        "{a:1}",
        "'a'",
        '"a',
        '"a\\',
        '"a\n"',
        '"\t"',
        "nul",
        "True",
        "NaN",
        "Infinity",
        "-",
        "+1",
        "01",
        "-01",
        "1.",
        ".5",
      ],
      [
        "1e",
        "1e+",
        "0x10",
        "1_0",
        "1 1",
        "null null",
        "[] x",
        "/**/1",
        "1//",
        "\u00a01",
        "\ufeff1",
        "undefined",
        "[1}",
        '{"a":1]',
      ],
    ].flatMap((texts) => texts.map((text): [string, string] => ["syntax", text])),
    ...[
      '"\\x"',
      '"\\u12"',
      '"\\u12g4"',
      '"\\ud800"',
      '"\\ud800\\u0041"',
      '"\\udc00"',
      '"\\ud800x"',
      '"\\ud800\\ud800"',
    ].map((text): [string, string] => ["bad-escape", text]),
    ["bad-escape", '"\ud800"'],
    ["duplicate-key", '{"a":1,"b":2,"a":3}'],
    ["duplicate-key", '{"a":1,"\\u0061":3}'],
    ["forbidden-key", '{"__proto__":{}}'],
    ["forbidden-key", '{"a":{"constructor":1}}'],
    ["forbidden-key", '{"prot\\u006ftype":1}'],
    ["too-deep", nested(65)],
    ["too-deep", '{"a":'.repeat(100_000)],
    ["number-out-of-range", "1e400"],
    ["number-out-of-range", "[-1e309]"],
    ["number-too-long", "1".repeat(1001)],
    ["too-many-values", `[${"0,".repeat(1_000_000)}0]`],
    ...[[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xc3], [0xe2, 0x82], [0x80]].map(
      (bytes): [string, Uint8Array] => ["not-utf8", Uint8Array.from([0x22, ...bytes, 0x22])],
    ),
    // A lead byte followed by an escape must not become one character.
    ["not-utf8", Uint8Array.from([0x22, 0xc3, ...utf8("\\u00a9"), 0x22])],
  ];
  it.each(refused.map(([code, source], i) => [i, code, source] as const))("refuses case %i: %s", (_i, code, source) => {
    expect(codeOf(() => parseJson(source, "the text"))).toBe(`json/${code}`);
  });
  it("has the cases it should", () => {
    expect(accepted.length).toBe(18);
    expect(refused.length).toBe(76);
  });

  it("names the text and the byte", () => {
    expect(() => parseJson('{"a":?}', "the configuration of m.safetensors")).toThrow(
      'the configuration of m.safetensors holds "?" at byte 5, but JSON needs a value there.',
    );
  });

  it("gives plain objects with own properties, whatever the keys, and touches no prototype", () => {
    const made = parseJson('{"toString":1,"a":{"valueOf":2}}', "the text") as Record<string, JsonValue>;
    expect(Object.getPrototypeOf(made)).toBe(Object.prototype);
    expect(Object.keys(made)).toEqual(["toString", "a"]);
    expect(Object.hasOwn(made, "toString")).toBe(true);
    expect(({} as Record<string, unknown>).toString).toBe(Object.prototype.toString);
  });

  it("agrees with JSON.parse on mutated texts, or refuses for a reason of its own", () => {
    const stricter = ["json/duplicate-key", "json/forbidden-key", "json/number-out-of-range", "json/bad-escape"];
    const mutation = fc.record({
      value: fc.json({ maxDepth: 4 }),
      edits: fc.array(
        fc.record({
          at: fc.nat(),
          remove: fc.nat(3),
          put: fc.constantFrom("", ...'{}[]",:\\0123456789eE+-.tfnu \n\u0001é', "1e999"),
        }),
        { maxLength: 3 },
      ),
    });
    const seen = { same: 0, bothRefuse: 0, stricter: 0 };
    fc.assert(
      fc.property(mutation, ({ value, edits }) => {
        let text = value;
        for (const { at, remove, put } of edits) {
          const i = at % (text.length + 1);
          text = text.slice(0, i) + put + text.slice(i + remove);
        }
        let theirs: unknown;
        let theyRefuse = false;
        try {
          theirs = JSON.parse(text);
        } catch {
          theyRefuse = true;
        }
        if (theyRefuse) {
          expect(codeOf(() => parseJson(text, "the text"))).not.toBe("accepted");
          seen.bothRefuse++;
          return;
        }
        const code = codeOf(() => expect(parseJson(text, "the text")).toStrictEqual(theirs));
        if (code === "accepted") seen.same++;
        else {
          expect(stricter).toContain(code);
          seen.stricter++;
        }
      }),
      { numRuns: 5000, seed: 3 },
    );
    expect(seen.same).toBeGreaterThan(1000);
    expect(seen.bothRefuse).toBeGreaterThan(1000);
  });
});

describe("stringifyJson", () => {
  it("writes what parseJson reads back, −0 included", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5, stringUnit: "binary" }), (value) => {
        const plain = value as JsonValue;
        fc.pre(!/"(__proto__|constructor|prototype)":/.test(JSON.stringify(plain)));
        expect(parseJson(stringifyJson(plain), "the text")).toStrictEqual(plain);
      }),
      { numRuns: 2000, seed: 4 },
    );
    expect(stringifyJson([-0, 1e21, 0.1])).toBe("[-0,1e+21,0.1]");
    expect(stringifyJson({ b: 1, a: "x\u2028" })).toBe('{"b":1,"a":"x\u2028"}');
  });

  const cycle: unknown[] = [];
  cycle.push(cycle);
  const unwritable: readonly [string, unknown][] = [
    ["NaN", [Number.NaN]],
    ["infinity", { a: Number.NEGATIVE_INFINITY }],
    ["undefined", { a: undefined }],
    ["a hole", new Array(2)],
    ["a function", () => 1],
    ["a bigint", 1n],
    ["a symbol", Symbol("s")],
    ["half a pair", "\ud800"],
    ["a key with half a pair", { "\udc00": 1 }],
    ["a key of a prototype", JSON.parse('{"__proto__":1}')],
    ["a typed array", new Float32Array(2)],
    ["a Map", new Map()],
    ["a cycle", cycle],
  ];
  it.each(unwritable)("refuses %s", (_name, value) => {
    expect(codeOf(() => stringifyJson(value as JsonValue), InvalidArgumentError)).toBe("json/not-plain");
  });
  it("has the cases it should and names the place", () => {
    expect(unwritable.length).toBe(13);
    expect(() => stringifyJson({ layers: [{ rate: Number.NaN }] })).toThrow("value.layers[0].rate holds NaN, but only");
  });
});

describe("numbers beyond JSON", () => {
  it("go as words and come back", () => {
    for (const x of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0, 1e-320, Number.MAX_VALUE]) {
      const text = stringifyJson([numberToJson(x)]);
      expect(numberFromJson((parseJson(text, "the text") as JsonValue[])[0], "x")).toBe(x);
    }
  });
  it.each([[undefined], [null], [true], ["1"], ["nan"], ["+Infinity"], ["toString"], [[]], [{}]])(
    "refuses %j",
    (value) => {
      expect(codeOf(() => numberFromJson(value, "the rate"))).toBe("json/not-a-number");
    },
  );
});

it("isWellFormed finds every half of a pair", () => {
  for (const text of ["", "a", "😀", "a😀b", "\uffff"]) expect(isWellFormed(text)).toBe(true);
  for (const text of ["\ud800", "\udfff", "\ude00\ud83d", "😀\ud83d", "\ud83da"])
    expect(isWellFormed(text)).toBe(false);
});

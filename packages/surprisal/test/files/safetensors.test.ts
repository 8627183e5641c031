import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allocate, type DType } from "../../src/base/dtype.ts";
import { Tensor, tensor } from "../../src/base/tensor.ts";
import { crc32 } from "../../src/files/checksum.ts";
import { checksumSafetensors, decodeSafetensors, encodeSafetensors } from "../../src/files/safetensors.ts";
import { bytesOf, expectSame, fileOf, fingerprint, prototypeKeys, readVerdict, writeVerdict } from "./content.ts";

const dtypes: readonly DType[] = ["float32", "float64", "int32", "bool"];
const harmless = fc
  .string({ unit: "grapheme", maxLength: 12 })
  .filter((name) => !["__proto__", "constructor", "prototype", "__metadata__"].includes(name));
/** Any bits, so NaN payloads, subnormals and −0 too. */
const anyTensor = fc
  .record({
    dtype: fc.constantFrom(...dtypes),
    shape: fc.oneof<fc.Arbitrary<number[]>[]>(
      fc.array(fc.nat(3), { maxLength: 4 }),
      fc.constant([1, 1, 1, 1, 1, 1, 1, 2]),
    ),
    bits: fc.infiniteStream(fc.nat(255)),
  })
  .map(({ dtype, shape, bits }) => {
    const data = allocate(
      dtype,
      shape.reduce((product, dim) => product * dim, 1),
    );
    const made = new Tensor(data, shape);
    const bytes = bytesOf(made);
    for (let i = 0; i < bytes.length; i++) {
      const byte = bits.next().value as number;
      bytes[i] = dtype === "bool" ? byte & 1 : byte;
    }
    return made;
  });
const content = fc.record({
  tensors: fc.array(fc.tuple(harmless, anyTensor), { maxLength: 6 }).map((pairs) => new Map(pairs)),
  metadata: fc
    .array(fc.tuple(harmless, fc.string({ unit: "grapheme" })), { maxLength: 4 })
    .map((pairs) => new Map(pairs)),
});

describe("round trip", () => {
  it("gives back any tensors and metadata bit for bit; the bytes depend on the content only", () => {
    let tensorsSeen = 0;
    fc.assert(
      fc.property(content, (given) => {
        tensorsSeen += given.tensors.size;
        const bytes = encodeSafetensors(given.tensors, given.metadata);
        const read = decodeSafetensors(bytes);
        expectSame(read, given);
        const reversed = new Map([...given.tensors].reverse());
        expect(encodeSafetensors(reversed, new Map([...read.metadata].reverse()))).toEqual(bytes);
        const view = new DataView(bytes.buffer);
        expect(view.getUint32(0, true) % 8).toBe(0);
      }),
      { numRuns: 1000, seed: 1 },
    );
    expect(tensorsSeen).toBeGreaterThan(1000);
  });

  it("stores every tensor at a multiple of its element's size", () => {
    const given = new Map<string, Tensor>(
      dtypes.flatMap((d) => [1, 3, 5].map((n) => [`${d}${n}`, new Tensor(allocate(d, n), [n])] as const)),
    );
    const bytes = encodeSafetensors(given);
    const length = new DataView(bytes.buffer).getUint32(0, true);
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
    expect(Object.keys(header).length).toBe(12);
    for (const [name, entry] of Object.entries<{ data_offsets: [number, number] }>(header)) {
      const start = 8 + length + entry.data_offsets[0];
      expect(start % (given.get(name)?.data.BYTES_PER_ELEMENT ?? 0)).toBe(0);
    }
  });

  it("copies: later changes on either side do not reach the other", () => {
    const weights = tensor([1, 2]);
    const bytes = encodeSafetensors(new Map([["w", weights]]));
    const read = decodeSafetensors(bytes).tensors.get("w") as Tensor;
    weights.data[0] = 9;
    bytes.fill(0);
    expect(read.toArray()).toEqual([1, 2]);
  });

  it("reads from any offset of a larger buffer, and a view tensor writes only its own elements", () => {
    const wide = Float32Array.from([1, 2, 3, 4]);
    const bytes = encodeSafetensors(new Map([["w", new Tensor(wide.subarray(1, 3), [2])]]));
    for (let shift = 0; shift < 9; shift++) {
      const moved = new Uint8Array(bytes.length + shift + 3).fill(0xee);
      moved.set(bytes, shift);
      const read = decodeSafetensors(moved.subarray(shift, shift + bytes.length));
      expect(read.tensors.get("w")?.toArray()).toEqual([2, 3]);
    }
  });

  it("takes metadata as a record, and keys that objects inherit", () => {
    const { metadata } = decodeSafetensors(encodeSafetensors(new Map(), { toString: "a", b: "c" }));
    expect([...metadata]).toEqual([
      ["b", "c"],
      ["toString", "a"],
    ]);
    expect(decodeSafetensors(encodeSafetensors(new Map())).metadata.get("valueOf")).toBeUndefined();
  });

  it("holds 65,536 tensors", () => {
    const one = tensor([1]);
    const many = new Map(Array.from({ length: 65_536 }, (_, i) => [`t${i}`, one]));
    expect(decodeSafetensors(encodeSafetensors(many)).tensors.size).toBe(65_536);
  });
});

describe("the reference implementation's files", () => {
  const bytes = new Uint8Array(readFileSync(new URL("../golden/files/python.safetensors", import.meta.url)));
  const { tensors, metadata } = decodeSafetensors(bytes);

  it("are read", () => {
    const kernel = [
      [Math.fround(0.1), -2.5, Number.POSITIVE_INFINITY],
      [Number.NaN, 2 ** -149, Math.fround(3.4028235e38)],
    ];
    expect([...tensors].map(([name, t]) => [name, t.dtype, t.shape, t.toArray()])).toEqual([
      ["dense/bias", "float64", [3], [1, -0, 2]],
      ["dense/kernel", "float32", [2, 3], kernel],
      ["empty", "float32", [0, 4], []],
      ["scalar", "float32", [], 7.25],
      ["größe", "int32", [1], [42]],
      ["labels", "int32", [3], [-(2 ** 31), 0, 2 ** 31 - 1]],
      ["mask", "bool", [3, 1], [[true], [false], [true]]],
    ]);
    expect([...metadata]).toEqual([
      ["note", 'quote " backslash \\ newline \n tab \t control \x01 é 😀 \u2028 {"json":[1]}'],
    ]);
  });

  it("are written again byte for byte", () => {
    expect(Buffer.from(encodeSafetensors(tensors, metadata)).equals(bytes)).toBe(true);
  });

  it("are read with data at an odd offset, white space and fields in any order, as old versions wrote", () => {
    const header = ' {\n"w" : {"data_offsets":[0, 8],"shape":[1] ,"dtype":"F64"}\t}\r\n'.slice(1);
    expect(header.length % 8).not.toBe(0);
    const read = decodeSafetensors(fileOf(header, bytesOf(tensor([Math.PI], { dtype: "float64" }))));
    expect(read.tensors.get("w")?.toArray()).toEqual([Math.PI]);
  });
});

const f32 = (offsets: string, shape = "[1]") => `{"dtype":"F32","shape":${shape},"data_offsets":${offsets}}`;
const four = [0, 0, 0, 0];
const dims = (text: string) => fileOf(`{"w":${f32("[0,4]", text)}}`, four);
const offs = (text: string, data = four) => fileOf(`{"w":${f32(text)}}`, data);
const entries = (count: number, text: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => text(i)).join(",");

/** Every way a file is refused: each with the smallest file that shows it. */
const refused: readonly [code: string, bytes: Uint8Array][] = [
  ["safetensors/truncated", new Uint8Array(0)],
  ["safetensors/truncated", new Uint8Array(7)],
  ["safetensors/header-truncated", fileOf("{}", [], 3n)],
  ["safetensors/header-truncated", fileOf("{}", [], 100_000_000n)],
  ...[100_000_001n, 2n ** 31n, 2n ** 32n, 2n ** 32n + 2n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n].map(
    (length): [string, Uint8Array] => ["safetensors/header-too-long", fileOf("{}", [], length)],
  ),
  ["safetensors/header-not-an-object", fileOf("")],
  ["safetensors/header-not-an-object", fileOf("", [0x7b, 0x7d])],
  ["safetensors/header-not-an-object", fileOf(" {}")],
  ["safetensors/header-not-an-object", fileOf("[]")],
  ["json/syntax", fileOf("{")],
  ["json/syntax", fileOf("{}x")],
  ["json/syntax", fileOf("{}\0")],
  ["json/syntax", fileOf(`{"w":${f32("[0,4]")},}`, four)],
  ["json/duplicate-key", fileOf(`{"w":${f32("[0,4]")},"w":${f32("[0,4]")}}`, four)],
  ["json/duplicate-key", fileOf(`{"w":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, four)],
  ["json/duplicate-key", fileOf('{"__metadata__":{},"__metadata__":{}}')],
  ["json/duplicate-key", fileOf('{"__metadata__":{"a":"","\\u0061":""}}')],
  ["json/forbidden-key", fileOf(`{"__proto__":${f32("[0,4]")}}`, four)],
  ["json/forbidden-key", fileOf(`{"constructor":${f32("[0,4]")}}`, four)],
  ["json/forbidden-key", fileOf('{"__metadata__":{"prototype":""}}')],
  ["json/forbidden-key", fileOf('{"w":{"__proto__":1}}')],
  ["json/not-utf8", fileOf(Uint8Array.from([...Buffer.from('{"'), 0xff, ...Buffer.from('":1}')]))],
  ["json/bad-escape", fileOf('{"\\ud800":1}')],
  ["json/number-too-long", dims(`[${"1".repeat(2000)}]`)],
  ["safetensors/bad-entry", fileOf('{"w":1}')],
  ["safetensors/bad-entry", fileOf('{"w":null}')],
  ["safetensors/bad-entry", fileOf(`{"w":${"[".repeat(100_000)}}`)],
  ["safetensors/bad-entry", fileOf('{"w":{}}')],
  ["safetensors/bad-entry", fileOf('{"w":{"dtype":"F32","shape":[]}}')],
  ["safetensors/bad-entry", fileOf('{"w":{"dtype":"F32","data_offsets":[0,0]}}')],
  ["safetensors/bad-entry", fileOf(`{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"url":"x"}}`, four)],
  ["safetensors/bad-metadata", fileOf('{"__metadata__":null}')],
  ["safetensors/bad-metadata", fileOf('{"__metadata__":[]}')],
  ["safetensors/bad-metadata", fileOf('{"__metadata__":{"a":1}}')],
  ["safetensors/bad-metadata", fileOf('{"__metadata__":{"a":{"b":"c"}}}')],
  ...['"F16"', '"BF16"', '"I64"', '"U8"', '"f32"', '"toString"', '""', "1", "null", "[]"].map(
    (d): [string, Uint8Array] => [
      "safetensors/unknown-dtype",
      fileOf(`{"w":{"dtype":${d},"shape":[0],"data_offsets":[0,0]}}`),
    ],
  ),
  ...[
    "1",
    '"1"',
    "null",
    "{}",
    "[-1]",
    "[-0]",
    "[1.0]",
    "[1e0]",
    "[0.5]",
    '["1"]',
    "[null]",
    "[[1]]",
    "[true]",
    "[1e400]",
  ].map((s): [string, Uint8Array] => ["safetensors/bad-shape", dims(s)]),
  ["safetensors/bad-shape", dims(`[${2 ** 53}]`)],
  ["safetensors/bad-shape", dims("[9007199254740993]")],
  ["safetensors/bad-shape", dims("[18446744073709551617]")],
  ["safetensors/rank-too-high", dims("[1,1,1,1,1,1,1,1,1]")],
  ["safetensors/rank-too-high", dims(`[${"1,".repeat(1e6)}1]`)],
  ["safetensors/size-overflow", dims("[9007199254740991]")],
  ["safetensors/size-overflow", dims("[4294967296,4294967296]")],
  ["safetensors/size-overflow", dims("[4294967296,1073741824,4]")],
  ["safetensors/size-overflow", dims("[1099511627776,1099511627776,0]")],
  ["safetensors/size-mismatch", dims("[0]")],
  ["safetensors/size-mismatch", dims("[2]")],
  ...[2 ** 31 - 1, 2 ** 31, 2 ** 31 + 1, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, 2 ** 50].map((n): [string, Uint8Array] => [
    "safetensors/size-mismatch",
    dims(`[${n}]`),
  ]),
  ...[
    "0",
    "[]",
    "[0]",
    "[0,4,8]",
    "[4,0]",
    "[-4,0]",
    "[0,4.5]",
    '["0","4"]',
    "[0,null]",
    `[0,${2 ** 53}]`,
    "[0,1e1]",
  ].map((o): [string, Uint8Array] => ["safetensors/bad-offsets", offs(o)]),
  ["safetensors/out-of-range", offs("[4,8]")],
  ["safetensors/out-of-range", offs("[0,4]", [0, 0, 0])],
  ["safetensors/out-of-range", fileOf(`{"w":${f32("[0,4398046511104]", "[1099511627776]")}}`, four)],
  ["safetensors/overlap", fileOf(`{"a":${f32("[0,4]")},"b":${f32("[0,4]")}}`, four)],
  [
    "safetensors/overlap",
    fileOf(`{"a":${f32("[0,8]", "[2]")},"b":${f32("[4,12]", "[2]")}}`, [...four, ...four, ...four]),
  ],
  ["safetensors/overlap", fileOf(`{"a":${f32("[0,8]", "[2]")},"b":${f32("[4,4]", "[0]")}}`, [...four, ...four])],
  ["safetensors/hole", offs("[4,8]", [...four, ...four])],
  ["safetensors/hole", fileOf(`{"a":${f32("[0,4]")},"b":${f32("[5,9]")}}`, [...four, ...four, 0])],
  ["safetensors/trailing-bytes", offs("[0,4]", [...four, 0])],
  ["safetensors/trailing-bytes", fileOf("{}", [0])],
  ["safetensors/bad-bool", fileOf('{"b":{"dtype":"BOOL","shape":[3],"data_offsets":[0,3]}}', [0, 1, 2])],
  ["safetensors/bad-bool", fileOf('{"b":{"dtype":"BOOL","shape":[1],"data_offsets":[0,1]}}', [255])],
  ["safetensors/too-many-tensors", fileOf(`{${entries(65_537, (i) => `"${i}":${f32("[0,0]", "[0]")}`)}}`)],
  ["safetensors/too-much-metadata", fileOf(`{"__metadata__":{${entries(65_537, (i) => `"${i}":""`)}}}`)],
];

describe("a hostile file", () => {
  const before = prototypeKeys();
  it.each(refused.map(([code, bytes], i) => [i, code, bytes] as const))(
    "case %i is refused as %s",
    (_i, code, bytes) => {
      expect(readVerdict(bytes)).toBe(code);
    },
  );
  it("comes in every kind", () => {
    expect(refused.length).toBe(108);
    expect(new Set(refused.map(([code]) => code)).size).toBe(25);
    expect(prototypeKeys()).toBe(before);
  });
  it("is refused in words that name the file and the tensor", () => {
    const bytes = dims("[2]");
    expect(() => decodeSafetensors(bytes, "penguins.safetensors")).toThrow(
      'tensor "w" of penguins.safetensors takes 4 bytes, but float32 of shape [2] takes 8. The file is damaged',
    );
    const long = fileOf(`{"${"\\n\\u0000".repeat(1e4)}":1}`);
    expect(() => decodeSafetensors(long)).toThrow(/^tensor "(\\n|\\u0000)+…" of the model file is a number, but/);
  });
});

describe("what cannot be read back is not written", () => {
  const one = tensor([1]);
  const many = (count: number) => Array.from({ length: count }, (_, i): [string, string] => [`k${i}`, ""]);
  const huge = new Tensor(new Float32Array(2 ** 22), [2 ** 22]);
  const unwritable: readonly [code: string, call: () => unknown][] = [
    ["bad-name", () => encodeSafetensors(new Map([["__metadata__", one]]))],
    ["bad-name", () => encodeSafetensors(new Map([["__proto__", one]]))],
    ["bad-name", () => encodeSafetensors(new Map([["\ud800", one]]))],
    ["bad-name", () => encodeSafetensors(new Map(), { constructor: "x" })],
    ["bad-name", () => encodeSafetensors(new Map(), new Map([["\udc00", "x"]]))],
    ["bad-metadata", () => encodeSafetensors(new Map(), { a: 1 as never })],
    ["bad-metadata", () => encodeSafetensors(new Map(), { a: "\ud800" })],
    [
      "rank-too-high",
      () => encodeSafetensors(new Map([["w", new Tensor(new Float32Array(1), [1, 1, 1, 1, 1, 1, 1, 1, 1])]])),
    ],
    [
      "size-overflow",
      () => encodeSafetensors(new Map([["w", new Tensor(new Float32Array(0), [2 ** 40, 2 ** 40, 0])]])),
    ],
    ["bad-bool", () => encodeSafetensors(new Map([["w", new Tensor(Uint8Array.of(0, 2), [2])]]))],
    ["too-many-tensors", () => encodeSafetensors(new Map(many(65_537).map(([name]) => [name, one])))],
    ["too-much-metadata", () => encodeSafetensors(new Map(), new Map(many(65_537)))],
    ["header-too-long", () => encodeSafetensors(new Map(), { a: "x".repeat(100_000_000) })],
    // 64 TiB under many names; nothing of that size exists.
    ["out-of-memory", () => encodeSafetensors(new Map(many(65_000).map(([name]) => [name, huge])))],
  ];
  it.each(unwritable)("%s", (code, call) => {
    expect(writeVerdict(call)).toBe(`safetensors/${code}`);
  });
  it("has the cases it should", () => {
    expect(unwritable.length).toBe(14);
  });
});

describe("checksum", () => {
  it("gives the published check value, in one piece or two", () => {
    const known = new TextEncoder().encode("123456789");
    expect(crc32(known)).toBe(0xcbf43926);
    expect(crc32(known.subarray(4), crc32(known.subarray(0, 4)))).toBe(0xcbf43926);
  });
  it("is that of the encoded bytes", () => {
    fc.assert(
      fc.property(content, ({ tensors, metadata }) => {
        const sum = crc32(encodeSafetensors(tensors, metadata)).toString(16).padStart(8, "0");
        expect(checksumSafetensors(tensors, metadata)).toBe(sum);
      }),
      { numRuns: 200, seed: 2 },
    );
  });
  it("finds every flipped bit of a file that carries it", () => {
    const given = new Map([
      ["w", tensor([0.1, -2, 3])],
      ["b", tensor([true, false])],
    ]);
    const bytes = encodeSafetensors(given, { checksum: checksumSafetensors(given, { note: "n" }), note: "n" });
    const original = fingerprint(decodeSafetensors(bytes));
    let flips = 0;
    let refusedByFormat = 0;
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const damaged = bytes.slice();
      damaged[bit >> 3] = (damaged[bit >> 3] as number) ^ (1 << (bit & 7));
      flips++;
      if (readVerdict(damaged) !== "accepted") {
        refusedByFormat++;
        continue;
      }
      const read = decodeSafetensors(damaged);
      const claimed = read.metadata.get("checksum");
      read.metadata.delete("checksum");
      const intact = claimed === checksumSafetensors(read.tensors, read.metadata);
      if (intact) expect(fingerprint(decodeSafetensors(damaged))).toBe(original);
      expect(intact).toBe(false);
    }
    expect(flips).toBe(bytes.length * 8);
    expect(refusedByFormat).toBeGreaterThan(500);
    expect(refusedByFormat).toBeLessThan(flips);
  });
});

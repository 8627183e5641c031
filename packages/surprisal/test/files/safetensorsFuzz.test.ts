/**
 * Structure-aware damage to the container. The number of mutations is 30,000; a soak sets FUZZ_RUNS (and FUZZ_SEED). A failure
 * prints its seed, and the file as base64 to add to the cases of safetensors.test.ts.
 */
import { expect, it } from "vitest";
import { tensor } from "../../src/base/tensor.ts";
import { ThreefryStream } from "../../src/base/threefry.ts";
import { decodeSafetensors, encodeSafetensors, type SafetensorsContent } from "../../src/files/safetensors.ts";
import { fileOf, fingerprint, prototypeKeys, readVerdict } from "./content.ts";

const runs = Number(process.env.FUZZ_RUNS ?? 30_000);
const firstSeed = Number(process.env.FUZZ_SEED ?? 1);

/** Some of these numbers are where sizes wrap in 31, 32, 53 and 64 bits. */
const numbers = [0, 1, 2, 3, 4, 7, 8, 31, 32, 53]
  .flatMap((e) => [2 ** e - 1, 2 ** e, 2 ** e + 1].map(String))
  .concat([
    "-1",
    "-0",
    "1.0",
    "1e0",
    "1e400",
    "NaN",
    "null",
    '"1"',
    "18446744073709551616",
    "9".repeat(1200),
    "[]",
    "{}",
    "",
  ]);
const names = [
  "w",
  "b",
  "m",
  "n",
  "z",
  "",
  "__metadata__",
  "__proto__",
  "constructor",
  "\\u0077",
  "\\ud800",
  "a\\u0000",
  "../x",
  "C:\\\\x",
  "é",
];
const dtypes = ["F32", "F64", "I32", "BOOL", "F16", "BF16", "U8", "I64", "f32", "toString", ""];
const junk = [
  "{",
  "}",
  "[",
  "]",
  ",",
  ":",
  '"',
  "\\",
  " ",
  "\n",
  "\u0000",
  "é",
  "null",
  "1e999",
  "[".repeat(200),
  '{"a":'.repeat(99),
];

/** A header as a list of entries whose parts are JSON text, so that each can be spoilt on its own. */
interface Part {
  name: string;
  dtype: string;
  shape: string[];
  offsets: string[];
  extra: string;
}

function clean(): { parts: Part[]; metadata: string[]; data: number[] } {
  const part = (name: string, dtype: string, shape: number[], begin: number, end: number): Part => ({
    name,
    dtype,
    shape: shape.map(String),
    offsets: [String(begin), String(end)],
    extra: "",
  });
  return {
    parts: [
      part("w", "F64", [2], 0, 16),
      part("b", "F32", [2, 1], 16, 24),
      part("n", "I32", [], 24, 28),
      part("z", "F32", [0, 3], 28, 28),
      part("m", "BOOL", [3], 28, 31),
    ],
    metadata: ['"k":"v"', '"config":"{\\"layers\\":[]}"'],
    data: Array.from({ length: 31 }, (_, i) => (i < 28 ? (i * 37) & 255 : i & 1)),
  };
}

function mutant(random: ThreefryStream): Uint8Array {
  const pick = <T>(list: readonly T[]): T => list[random.below(list.length)] as T;
  const { parts, metadata, data } = clean();
  let length: bigint | undefined;
  let order = [0, 1, 2];
  const text: ((header: string) => string)[] = [];
  const raw: ((bytes: Uint8Array) => Uint8Array)[] = [];
  const damage: readonly (() => void)[] = [
    () => (pick(parts).name = pick(names)),
    () => (pick(parts).dtype = pick(dtypes)),
    () => void pick(parts).shape.splice(random.below(3), random.below(2), pick(numbers)),
    () => (pick(parts).shape = Array.from({ length: random.below(12) }, () => pick(["0", "1", "2", pick(numbers)]))),
    () => (pick(parts).offsets[random.below(2)] = pick(numbers)),
    () => (pick(parts).offsets[random.below(2)] = String(random.below(34))),
    () => (pick(parts).extra = pick([',"x":1', ',"dtype":"F32"', ',"shape":[]', ',"__proto__":{}', ",", '"a"'])),
    () => void parts.splice(random.below(parts.length), 1),
    () => void parts.splice(random.below(parts.length + 1), 0, { ...pick(parts) }),
    () => void parts.push({ ...pick(parts), name: `x${random.below(9)}` }),
    () => void parts.reverse(),
    () =>
      void metadata.push(`"${pick(names)}":${pick(['"v"', "1", "null", "{}", "[]", '"\\ud83d\\ude00"', '"\\ud83d"'])}`),
    () => void metadata.splice(0, 1),
    () => (order = pick([[1, 0, 2], [2, 1, 0], [0, 2], [0, 0, 1], [1, 2], []])),
    () => void data.splice(random.below(data.length + 1), random.below(3)),
    () =>
      void data.splice(
        random.below(data.length + 1),
        0,
        ...Array.from({ length: random.below(4) }, () => random.below(256)),
      ),
    () => void (data.length === 0 || (data[random.below(data.length)] = random.below(256))),
    () => (length = BigInt(random.below(500))),
    () => (length = 2n ** BigInt(random.below(64)) + BigInt(random.below(3)) - 1n),
    () => text.push((h) => splice(h, random.below(h.length + 1), random.below(3), pick(junk))),
    () => text.push((h) => h.slice(0, random.below(h.length + 1))),
    () => text.push((h) => h + " ".repeat(random.below(9))),
    () => raw.push((b) => b.slice(0, random.below(b.length + 1))),
    () => raw.push((b) => b.map((byte, i) => (i === at(b) ? byte ^ (1 << random.below(8)) : byte))),
    () => raw.push((b) => Uint8Array.from([...b.slice(0, at(b)), random.below(256), ...b.slice(at(b))])),
  ];
  let position = -1;
  const at = (bytes: Uint8Array) => (position = position < 0 ? random.below(bytes.length + 1) : position);
  for (let n = 1 + random.below(3); n > 0; n--) {
    if (parts.length === 0) parts.push(...clean().parts);
    pick(damage)();
  }
  const show = (p: Part) =>
    `"${p.name}":{${order.map((i) => [`"dtype":"${p.dtype}"`, `"shape":[${p.shape}]`, `"data_offsets":[${p.offsets}]`][i])}${p.extra}}`;
  let header = `{"__metadata__":{${metadata}}${parts.map((p) => "," + show(p)).join("")}}`;
  for (const change of text) header = change(header);
  let bytes = fileOf(header, data, length);
  for (const change of raw) bytes = change(bytes);
  return bytes;
}

function splice(text: string, start: number, remove: number, put: string): string {
  return text.slice(0, start) + put + text.slice(start + remove);
}

/** Reads; refused with a typed error, or accepted and then the same after writing and reading again. Gives the code. */
function check(bytes: Uint8Array, seen: Map<string, number>): void {
  const code = readVerdict(bytes);
  seen.set(code, (seen.get(code) ?? 0) + 1);
  if (code !== "accepted") return;
  const read = decodeSafetensors(bytes);
  const size = [...read.tensors.values()].reduce((sum, t) => sum + t.data.byteLength, 0);
  if (size > bytes.length) throw new Error("more was allocated than the file holds");
  const again = decodeSafetensors(encodeSafetensors(read.tensors, read.metadata));
  if (fingerprint(again) !== fingerprint(read)) throw new Error("written and read again, the content differs");
}

it(
  `refuses or reads ${runs} damaged files, never with an untyped error`,
  () => {
    const before = prototypeKeys();
    const seen = new Map<string, number>();
    const undamaged = clean();
    expect(undamaged.parts.length).toBe(5);
    for (let seed = firstSeed; seed < firstSeed + runs; seed++) {
      const bytes = mutant(new ThreefryStream(seed));
      try {
        check(bytes, seen);
      } catch (cause) {
        throw new Error(`mutation ${seed}: ${Buffer.from(bytes).toString("base64")}`, { cause });
      }
    }
    const counts = [...seen].sort((x, y) => y[1] - x[1]);
    console.log(`${runs} mutations: ${counts.map(([code, count]) => `${code} ${count}`).join(", ")}`);
    expect(counts.reduce((sum, [, count]) => sum + count, 0)).toBe(runs);
    // The damage reaches behind the first check, and often leaves a file that is still good.
    expect(seen.get("accepted") ?? 0).toBeGreaterThan(runs / 20);
    // Every code but the two that need 65,537 entries.
    if (runs >= 30_000) expect(seen.size - 1).toBe(23);
    expect(prototypeKeys()).toBe(before);
  },
  60_000 + 2 * runs,
);

const small: SafetensorsContent = {
  tensors: new Map([
    ["w", tensor([1.5, -2])],
    ["m", tensor([true, false])],
  ]),
  metadata: new Map([["k", "é"]]),
};

it("refuses every truncation of a file", () => {
  const bytes = encodeSafetensors(small.tensors, small.metadata);
  let refused = 0;
  for (let length = 0; length < bytes.length; length++) {
    if (readVerdict(bytes.slice(0, length)) !== "accepted") refused++;
  }
  expect(refused).toBe(bytes.length);
});

it("refuses or reads a file with any one byte set to anything", () => {
  const bytes = encodeSafetensors(small.tensors, small.metadata);
  const length = new DataView(bytes.buffer).getUint32(0, true);
  const seen = new Map<string, number>();
  for (let i = 0; i < bytes.length; i++) {
    for (let value = 0; value < 256; value++) {
      const damaged = bytes.slice();
      damaged[i] = value;
      check(damaged, seen);
      // Nothing in the length can change unnoticed.
      if (i < 8 && value !== bytes[i]) expect(readVerdict(damaged)).not.toBe("accepted");
    }
  }
  expect([...seen.values()].reduce((sum, count) => sum + count, 0)).toBe(bytes.length * 256);
  // The eight bytes of float data may hold anything, of the two bool bytes only 0 and 1.
  expect(seen.get("accepted")).toBeGreaterThanOrEqual(8 * 256 + 2 * 2);
  expect(seen.get("safetensors/bad-bool")).toBe(2 * 254);
  expect(bytes.length).toBe(8 + length + 10);
});

/** Small C functions that kernels call. A program holds those it uses. */
import type { DType } from "../../base/dtype.ts";
import { rowLanes } from "../../compile/kernel.ts";
import { cType, suffix } from "./words.ts";

/** The bits of a float, and how its exponent lies in them. */
const layout = {
  float32: { word: "uint32_t", half: 127, shift: 23, mask: "0x7fffffu", one: "0x3f800000u" },
  float64: { word: "uint64_t", half: 1023, shift: 52, mask: "0xfffffffffffffu", one: "0x3ff0000000000000u" },
} as const;

type Write = (type: string, end: string, dtype: DType) => string;

const wrapping =
  (name: string, expression: string): Write =>
  (type, end) =>
    `static ${type} ${name}_${end}(${type} a, ${type} b) {\n  return (int32_t)(${expression});\n}`;

/** Bits of x are in `bits`. */
const onBits =
  (name: string, body: (bits: (typeof layout)["float32" | "float64"], type: string) => string): Write =>
  (type, end, dtype) => {
    const bits = layout[dtype === "float64" ? "float64" : "float32"];
    return `static ${type} ${name}_${end}(${type} x) {\n  ${bits.word} bits;\n${body(bits, type)}\n}`;
  };

const sumOf = (dtype: DType, a: string, b: string) => (dtype === "int32" ? `add_i32(${a}, ${b})` : `${a} + ${b}`);

const writers = {
  add: wrapping("add", "(uint32_t)a + (uint32_t)b"),
  sub: wrapping("sub", "(uint32_t)a - (uint32_t)b"),
  mul: wrapping("mul", "(uint32_t)a * (uint32_t)b"),
  smaller: (type, end) => `static ${type} smaller_${end}(${type} a, ${type} b) {\n  return b < a ? b : a;\n}`,
  larger: (type, end) => `static ${type} larger_${end}(${type} a, ${type} b) {\n  return a < b ? b : a;\n}`,
  /** Of a float: toward zero; beyond the ends of int32 the nearer end, and 0 for NaN. */
  whole: (type, end, dtype) => {
    const top = dtype === "float64" ? "2147483647.0" : "2147483648.0f";
    const bottom = dtype === "float64" ? "-2147483648.0" : "-2147483648.0f";
    return `/* Toward zero; the nearer end of int32 for what lies beyond it, 0 for NaN. */
static int32_t whole_${end}(${type} x) {
  if (x != x) return 0;
  return x >= ${top} ? INT32_MAX : x <= ${bottom} ? INT32_MIN : (int32_t)x;
}`;
  },
  /** 2^x for whole x. */
  pow2: onBits("pow2", (b, type) => {
    const end = type === "float" ? "f32" : "f64";
    const number =
      b.shift === 52 ? `(uint64_t)((int64_t)whole_${end}(x) + 1023)` : `((uint32_t)whole_${end}(x) + 127u)`;
    return `  ${type} value;\n  bits = ${number} << ${b.shift};\n  memcpy(&value, &bits, sizeof value);\n  return value;`;
  }),
  /** floor(log2 x). */
  exponent: onBits(
    "exponent",
    (b, type) => `  memcpy(&bits, &x, sizeof bits);\n  return (${type})((int32_t)(bits >> ${b.shift}) - ${b.half});`,
  ),
  /** x / 2^exponent(x). */
  significand: onBits(
    "significand",
    (b) =>
      `  memcpy(&bits, &x, sizeof bits);\n  bits = (bits & ${b.mask}) | ${b.one};\n  memcpy(&x, &bits, sizeof x);\n  return x;`,
  ),
  sumLanes: (type, end, dtype) => `/* The lanes of a sum into one: i with i + 8, i + 4, i + 2, i + 1. */
static ${type} sum_lanes_${end}(${type} *lanes) {
  for (int half = ${rowLanes / 2}; half >= 1; half /= 2)
    for (int i = 0; i < half; i++) lanes[i] = ${sumOf(dtype, "lanes[i]", "lanes[i + half]")};
  return lanes[0];
}`,
  sumBlocks: (type, end, dtype) => `/* Blocks of a sum into one: pairwise, neighbours first. */
static ${type} sum_blocks_${end}(${type} *blocks, int32_t count) {
  for (int32_t apart = 1; apart < count; apart *= 2)
    for (int32_t i = 0; i + apart < count; i += 2 * apart) blocks[i] = ${sumOf(dtype, "blocks[i]", "blocks[i + apart]")};
  return blocks[0];
}`,
  sumRows: (type, end, dtype) => `/* Rows of partial sums into the first: pairwise, neighbours first. */
static void sum_rows_${end}(${type} *rows, int32_t count, int32_t columns) {
  for (int32_t apart = 1; apart < count; apart *= 2)
    for (int32_t i = 0; i + apart < count; i += 2 * apart)
      for (int32_t j = 0; j < columns; j++) {
        ${type} *at = rows + i * columns + j;
        *at = ${sumOf(dtype, "*at", "at[apart * columns]")};
      }
}`,
  largest: (type, end, dtype) => `/* The larger of two; NaN is larger than every number. */
static ${type} largest_${end}(${type} a, ${type} b) {
  return ${dtype === "int32" ? "" : "b != b ? b : "}a < b ? b : a;
}`,
  largestLane: (type, end) => `static ${type} largest_lane_${end}(${type} *lanes) {
  for (int half = ${rowLanes / 2}; half >= 1; half /= 2)
    for (int i = 0; i < half; i++) lanes[i] = largest_${end}(lanes[i], lanes[i + half]);
  return lanes[0];
}`,
  exceeds: (type, end, dtype) => `/* Whether b is larger; NaN is larger than every number. */
static int exceeds_${end}(${type} a, ${type} b) {
  return ${dtype === "int32" ? "a < b" : "a < b || (b != b && a == a)"};
}`,
  threefry: () => `/* The first word of Threefry-2x32 with 20 rounds, for a key and a counter of two words. */
static int32_t threefry(int32_t key0, int32_t key1, int32_t counter0, int32_t counter1) {
  static const int rotations[8] = {13, 15, 26, 6, 17, 29, 16, 24};
  const uint32_t keys[3] = {(uint32_t)key0, (uint32_t)key1, 0x1bd11bdau ^ (uint32_t)key0 ^ (uint32_t)key1};
  uint32_t x0 = (uint32_t)counter0 + keys[0];
  uint32_t x1 = (uint32_t)counter1 + keys[1];
  for (uint32_t block = 0; block < 5; block++) {
    for (uint32_t r = 0; r < 4; r++) {
      const int bits = rotations[(block * 4 + r) % 8];
      x0 += x1;
      x1 = ((x1 << bits) | (x1 >> (32 - bits))) ^ x0;
    }
    x0 += keys[(block + 1) % 3];
    x1 += keys[(block + 2) % 3] + block + 1;
  }
  return (int32_t)x0;
}`,
} satisfies Record<string, Write>;

export type HelperName = keyof typeof writers;

/** What a helper is written with: its name and, where it adds integers or joins lanes, the helper for one step. */
function needs(name: HelperName, dtype: DType): HelperName[] {
  if (name === "pow2") return ["whole"];
  if (name === "largestLane") return ["largest"];
  return dtype === "int32" && name.startsWith("sum") ? ["add"] : [];
}

/** Collects the functions that a program calls, in an order in which each is there before it is called. */
export class Helpers {
  readonly #written = new Map<string, string>();

  /** The name to call. */
  use(name: HelperName, dtype: DType): string {
    const called =
      name === "threefry" ? name : `${name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`)}_${suffix(dtype)}`;
    if (this.#written.has(called)) return called;
    for (const other of needs(name, dtype)) this.use(other, dtype);
    this.#written.set(called, writers[name](cType(dtype), suffix(dtype), dtype));
    return called;
  }

  /** A function made elsewhere; `write` may use others. */
  define(called: string, write: () => string): string {
    if (!this.#written.has(called)) this.#written.set(called, write());
    return called;
  }

  get texts(): readonly string[] {
    return [...this.#written.values()];
  }
}

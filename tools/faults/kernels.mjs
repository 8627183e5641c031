/** Faults in kernels that the fuzz has to find by itself, and in their C rendering, which has to give WebAssembly's bits. */
/** @import { Fault } from "../lib/faults.mjs" */

const wasm = "packages/surprisal/src/backends/wasm/emit";
const c = "packages/surprisal/src/backends/c";
const fuzz = ["packages/surprisal/test/backends/wasm/fuzz.test.ts"];
const bits = ["packages/surprisal/test/backends/c/bits.test.ts"];

/** @type {readonly Fault[]} */
export const faults = [
  {
    name: "fuzz: a tail of three lanes is stored as a whole vector",
    file: `${wasm}/vectors.ts`,
    find: "if (step === 1 && active * bytes === 16) {",
    replace: "if (step === 1 && active * bytes >= 12) {",
    tests: fuzz,
  },
  {
    name: "fuzz: a row is walked to the next whole group of vectors",
    file: `${wasm}/nest.ts`,
    find: "const groups = Math.floor(count / step);",
    replace: "const groups = Math.round(count / step);",
    tests: fuzz,
  },
  {
    name: "fuzz: the tile at the right edge is as wide as the others",
    file: `${wasm}/contraction/tile.ts`,
    find: "group.strips === 1 ? group.columns : group.vectors * lanes;",
    replace: "group.vectors * lanes;",
    tests: fuzz,
  },
  {
    name: "fuzz: unfinished chains of a tile lie a row apart, not a tile",
    file: `${wasm}/contraction/tile.ts`,
    find: "advance(f, chain, group.rows * group.vectors * 16);",
    replace: "advance(f, chain, group.vectors * 16);",
    tests: fuzz,
  },
  {
    name: "fuzz: rows of a float64 left operand are a float32 row apart",
    file: `${wasm}/contraction/tile.ts`,
    find: "pushTimes(f, i, a.rowStride * bytes);",
    replace: "pushTimes(f, i, a.rowStride * 4);",
    tests: fuzz,
  },
  {
    name: "fuzz: panels of a transposed right operand are read as if its columns lay side by side",
    file: `${wasm}/contraction/pack.ts`,
    find: "const stride = kernel.b.columnStride * bytes;",
    replace: "const stride = bytes;",
    tests: fuzz,
  },
  {
    name: "fuzz: a product forgets where its cut-out right operand begins",
    file: `${wasm}/contraction/pack.ts`,
    find: "f.i32(walk.addressOf(b.buffer) + b.offset * bytes);",
    replace: "f.i32(walk.addressOf(b.buffer));",
    tests: fuzz,
  },
  {
    name: "fuzz: the sum of a block goes on into the next",
    file: `${wasm}/nest.ts`,
    find: "a.storeBlock(place(a), block);\n          a.clear();",
    replace: "a.storeBlock(place(a), block);",
    tests: fuzz,
  },
  {
    name: "fuzz: the largest of a row is at least 0",
    file: `${wasm}/reductions.ts`,
    find: '"int32" ? -0x80000000 : Number.NEGATIVE_INFINITY',
    replace: '"int32" ? -0x80000000 : 0',
    tests: fuzz,
  },
  {
    name: "fuzz: the later of two equal lanes is the largest",
    file: `${wasm}/reductions.ts`,
    find: 'f.simd(this.#lanes === 2 ? "i64x2.lt_s" : "i32x4.lt_s");',
    replace: 'f.simd(this.#lanes === 2 ? "i64x2.gt_s" : "i32x4.gt_s");',
    tests: fuzz,
  },
  {
    name: "fuzz: partial rows of float64 column sums overlap",
    file: `${wasm}/columns.ts`,
    find: "f.i32(this.#columns * elementBytes(buffer.dtype));",
    replace: "f.i32(this.#columns * 4);",
    tests: fuzz,
  },
  {
    name: "fuzz: the last column of partial sums is not joined",
    file: `${wasm}/trees.ts`,
    find: "for (let i = width - (width % lanes); i < width; i++) {",
    replace: "for (let i = width - (width % lanes); i < width - 1; i++) {",
    tests: fuzz,
  },
  {
    name: "fuzz: the last element of a row is not moved with it",
    file: `${wasm}/indexed.ts`,
    find: "for (let i = whole * lanes; i < width; i++) element(i * bytes);",
    replace: "for (let i = whole * lanes; i < width - 1; i++) element(i * bytes);",
    tests: fuzz,
  },
  {
    name: "fuzz: scatterAdd adds to the row behind the last",
    file: `${wasm}/indexed.ts`,
    find: "kernel.count, kernel.rows, rowBytes, (i, row) => {",
    replace: "kernel.count, kernel.rows + 1, rowBytes, (i, row) => {",
    tests: fuzz,
  },
  {
    name: "fuzz: what changes from row to row is read once",
    file: `${wasm}/levels.ts`,
    find: "return strides.some((stride) => stride !== 0) ? 1 : 0;",
    replace: "return 0;",
    tests: fuzz,
  },
  {
    name: "C: neighbours go into one lane of a sum",
    file: `${c}/nest.ts`,
    find: "[j % $",
    replace: "[j / 2 % $",
    tests: bits,
  },
  {
    name: "C: blocks of a sum are joined one after another",
    file: `${c}/helpers.ts`,
    find: "i + apart < count; i += 2 * apart) blocks[i] =",
    replace: "i + apart < count && apart == 1; i++) blocks[0] = i > 0 ? blocks[0] + blocks[i + 1] :",
    tests: bits,
  },
  {
    name: "C: a product leaves out its last k",
    file: `${c}/contraction.ts`,
    find: "for (int32_t k = 0; k < $",
    replace: "for (int32_t k = 0; k + 1 < $",
    tests: bits,
  },
  {
    name: "C: partial rows of column sums stand for twice as many rows",
    file: `${c}/nest.ts`,
    find: ") / $",
    replace: ") / 2 / $",
    tests: bits,
  },
];

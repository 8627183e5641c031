/** Sums in the order that the kernel language fixes: the same bits as that order over numbers, and near the exact sum. */
import { describe, expect, test } from "vitest";
import { wasmDevice } from "../../../src/backends/wasm/device.ts";
import { type FloatDType, roundTo } from "../../../src/base/dtype.ts";
import { columnBlock, rowBlock, rowLanes } from "../../../src/compile/kernel.ts";
import * as g from "../../../src/graph/index.ts";
import { classes } from "../classes.ts";
import { runOn, values } from "../harness.ts";
import { exactFma } from "./exactFma.ts";

type Round = (x: number) => number;

/** Neighbours first. */
function pairwise(sums: readonly number[], round: Round): number {
  let level = [...sums];
  while (level.length > 1) {
    const next: number[] = [];
    for (let i = 0; i < level.length; i += 2)
      next.push(i + 1 < level.length ? round((level[i] as number) + (level[i + 1] as number)) : (level[i] as number));
    level = next;
  }
  return level[0] ?? 0;
}

/** As `compile/kernel.ts` says of rows. */
function rowSum(row: readonly number[], round: Round): number {
  const blocks: number[] = [];
  for (let from = 0; from < row.length; from += rowBlock) {
    const lanes = new Array<number>(rowLanes).fill(0);
    row.slice(from, from + rowBlock).forEach((x, i) => {
      lanes[i % rowLanes] = round((lanes[i % rowLanes] as number) + x);
    });
    for (let half = rowLanes / 2; half >= 1; half /= 2)
      for (let i = 0; i < half; i++) lanes[i] = round((lanes[i] as number) + (lanes[i + half] as number));
    blocks.push(lanes[0] as number);
  }
  return pairwise(blocks, round);
}

/** As it says of columns. */
function columnSum(column: readonly number[], round: Round): number {
  const blocks: number[] = [];
  for (let from = 0; from < column.length; from += columnBlock)
    blocks.push(column.slice(from, from + columnBlock).reduce((sum, x) => round(sum + x), 0));
  return pairwise(blocks, round);
}

/** Σx and Σ|x|, exact to well below float64's last place. */
function exactSum(list: readonly number[]): { sum: number; size: number } {
  let [sum, carry, size] = [0, 0, 0];
  for (const x of list) {
    const next = sum + x;
    carry += Math.abs(sum) >= Math.abs(x) ? sum - next + x : x - next + sum;
    sum = next;
    size += Math.abs(x);
  }
  return { sum: sum + carry, size };
}

const unit = { float32: 2 ** -24, float64: 2 ** -53 };

async function run(outputs: readonly g.Node[], feeds: ReadonlyMap<g.Node, ArrayLike<number>>) {
  const { values: got, touched } = await runOn(wasmDevice({ redZone: 192 }), outputs, feeds);
  expect(touched).toBeUndefined();
  return got as number[][];
}

/** Data of very different sizes, so that another order gives other bits. */
const uneven = (count: number, seed: number, dtype: FloatDType): number[] =>
  values(count, seed).map((x, i) => roundTo(dtype, x * 2 ** ((i * 7) % 23)));

describe.each(["float32", "float64"] as const)("%s", (dtype) => {
  const round = (x: number) => roundTo(dtype, x);

  test("rows of every kind of length", async () => {
    const lengths = [2, 3, 15, 16, 17, 33, 4095, 4096, 4097, 4100, 8191, 8192, 12289, 20483, 5 * 4096];
    for (const length of lengths) {
      const data = [uneven(length, 1, dtype), uneven(length, 2, dtype)];
      const x = g.input("x", dtype, [2, length]);
      // A third is not 0 where a partial vector has no elements.
      const shifted = g.sum(g.add(x, 1 / 3), [1]);
      const [got, third] = await run([g.sum(x, [1]), shifted], new Map([[x, data.flat()]]));
      expect(got, `length ${length}`).toEqual(data.map((row) => rowSum(row, round)));
      const plusThird = data.map((row) => row.map((value) => round(value + round(1 / 3))));
      expect(third, `length ${length}`).toEqual(plusThird.map((row) => rowSum(row, round)));
      data.forEach((row, r) => {
        const { sum, size } = exactSum(row);
        const depth = rowBlock / rowLanes + Math.log2(rowLanes) + Math.ceil(Math.log2(length / rowBlock + 1));
        expect(Math.abs((got?.[r] as number) - sum)).toBeLessThanOrEqual(depth * unit[dtype] * size);
      });
    }
    expect(lengths.length).toBe(15);
  });

  test("columns of every kind of length", async () => {
    const lengths = [2, 255, 256, 257, 511, 513, 769, 1025, 1500];
    for (const length of lengths) {
      for (const columns of [2, 5, 8]) {
        const data = uneven(length * columns, 3, dtype);
        const x = g.input("x", dtype, [length, columns]);
        const [got] = await run([g.sum(x, [0])], new Map([[x, data]]));
        const column = (c: number) => data.filter((_, i) => i % columns === c);
        expect(got, `${length} rows`).toEqual(Array.from({ length: columns }, (_, c) => columnSum(column(c), round)));
        got?.forEach((value, c) => {
          const { sum, size } = exactSum(column(c));
          const depth = columnBlock + Math.ceil(Math.log2(length / columnBlock + 1));
          expect(Math.abs(value - sum)).toBeLessThanOrEqual(depth * unit[dtype] * size);
        });
      }
    }
  });

  test.each(classes)(
    "an element of a product is one chain, over every stretch of k, $name",
    async ({ fusedMultiplyAdd }) => {
      const multiplyAdd = (a: number, b: number, sum: number) =>
        fusedMultiplyAdd ? exactFma(a, b, sum, dtype) : round(sum + round(a * b));
      for (const k of [1, 7, 511, 512, 513, 1025, 1600]) {
        const [m, n] = [5, 11];
        const [a, b] = [uneven(m * k, 4, dtype), values(k * n, 5)];
        const [x, y] = [g.input("x", dtype, [m, k]), g.input("y", dtype, [k, n])];
        const feeds = new Map([
          [x, a],
          [y, b],
        ]);
        const { values: made } = await runOn(wasmDevice({ redZone: 192, fusedMultiplyAdd }), [g.matmul(x, y)], feeds);
        const want = Array.from({ length: m * n }, (_, at) => {
          const [i, j] = [Math.floor(at / n), at % n];
          let sum = 0;
          for (let p = 0; p < k; p++) sum = multiplyAdd(a[i * k + p] as number, b[p * n + j] as number, sum);
          return sum;
        });
        expect(made[0], `k = ${k}`).toEqual(want);
      }
    },
  );

  test("the same bits whatever else is in the kernel", async () => {
    for (const [rows, columns] of [
      [3, 9000],
      [600, 20],
      [300, 4097],
    ] as const) {
      const x = g.input("x", dtype, [rows, columns]);
      const data = new Map([[x, uneven(rows * columns, 6, dtype)]]);
      const wanted = [g.sum(x, [1]), g.sum(x, [0]), g.sum(g.exp(g.neg(g.abs(x))), [1]), g.max(x), g.argmax(x)];
      const alone = [];
      for (const node of wanted) alone.push(...(await run([node], data)));
      expect(await run(wanted, data)).toEqual(alone);
      // Float64 beside float32 halves the lanes.
      const wide = g.sum(g.mul(g.cast(x, "float64"), 2), [1]);
      expect((await run([...wanted, wide, g.softmax(x)], data)).slice(0, wanted.length)).toEqual(alone);
    }
  });
});

test("two million float32 elements are summed to 1e-6", async () => {
  const count = 2_000_003;
  const data = Float32Array.from({ length: count }, (_, i) => 0.1 + (i % 1000) * 1e-4);
  const x = g.input("x", "float32", [count]);
  const [sum, mean] = (await run([g.sum(x), g.mean(x)], new Map([[x, data]]))) as [number[], number[]];
  const exact = exactSum([...data]).sum;
  expect(Math.abs((sum[0] as number) / exact - 1)).toBeLessThan(1e-6);
  expect(Math.abs(((mean[0] as number) * count) / exact - 1)).toBeLessThan(1e-6);
  // What one running sum would give is far off: the test can tell.
  let running = 0;
  for (const value of data) running = Math.fround(running + value);
  expect(Math.abs(running / exact - 1)).toBeGreaterThan(1e-5);
});

test("long int32 sums are exact, whatever the signs", async () => {
  const data = (count: number) => Array.from({ length: count }, (_, i) => ((i * 7919) % 20011) - 10005 * (i % 3));
  const [wide, tall] = [g.input("wide", "int32", [2, 9001]), g.input("tall", "int32", [700, 5])];
  const feeds = new Map([
    [wide, data(18002)],
    [tall, data(3500)],
  ]);
  const outputs = [g.sum(wide, [1]), g.sum(tall, [0])];
  const exact = g.evaluateFloat64(outputs, feeds).map((values) => [...values]);
  expect(await run(outputs, feeds)).toEqual(exact);
});

/** Rows, columns and products too long for one block. Small whole numbers, so that every order of adding gives the same. */
import { describe, expect, test } from "vitest";
import { wasmDevice } from "../../../src/backends/wasm/device.ts";
import { columnBlock, rowBlock } from "../../../src/compile/kernel.ts";
import * as g from "../../../src/graph/index.ts";
import { type Feeds, runOn } from "../harness.ts";

const whole = (count: number, seed: number) => Array.from({ length: count }, (_, i) => ((i * seed) % 17) - 8);

async function expectExact(outputs: readonly g.Node[], feeds: Feeds): Promise<void> {
  const { values, touched } = await runOn(wasmDevice({ redZone: 192 }), outputs, feeds);
  const wanted = g.evaluateFloat64(outputs, feeds);
  values.forEach((row, o) => {
    const at = row.findIndex((value, i) => value !== wanted[o]?.[i]);
    expect(at, `output ${o}, element ${at}: ${row[at]} for ${wanted[o]?.[at]}`).toBe(-1);
  });
  expect(touched).toBeUndefined();
}

describe.each(["float32", "float64"] as const)("%s", (dtype) => {
  test.each([-1, 0, 1, 2, 5, 16, 17].flatMap((over) => [1, 2, 3, 5].map((blocks) => blocks * rowBlock + over)))(
    "sums along rows of %i",
    async (columns) => {
      const x = g.input("x", dtype, [2, columns]);
      const feeds = new Map([[x, whole(2 * columns, 5)]]);
      // Two sums and a largest element in one walk.
      await expectExact(
        [g.sum(x, [1]), g.sum(g.mul(x, x), [1]), g.max(x), g.argmax(x), g.sub(x, g.sum(x, [1], { keepDims: true }))],
        feeds,
      );
    },
  );

  test.each([1, 2, 3, 4, 5, 7].flatMap((blocks) => [-1, 0, 1].map((over) => blocks * columnBlock + over)))(
    "sums down columns of %i",
    async (rows) => {
      for (const columns of [1, 3, 4, 6]) {
        const x = g.input("x", dtype, [rows, columns]);
        await expectExact([g.sum(x, [0]), g.sum(g.mul(x, x), [0])], new Map([[x, whole(rows * columns, 7)]]));
      }
    },
  );

  test.each([511, 512, 513, 1023, 1024, 1030, 1600])("products over k = %i", async (k) => {
    let ran = 0;
    for (const [m, n] of [
      [1, 1],
      [5, 9],
      [4, 8],
      [6, 19],
    ] as const) {
      for (const transposeA of [false, true]) {
        for (const transposeB of [false, true]) {
          const a = g.input("a", dtype, transposeA ? [k, m] : [m, k]);
          const b = g.input("b", dtype, transposeB ? [n, k] : [k, n]);
          const bias = g.input("bias", dtype, [n]);
          const feeds = new Map([
            [a, whole(m * k, 3)],
            [b, whole(k * n, 11)],
            [bias, whole(n, 5)],
          ]);
          const product = g.matmul(a, b, { transposeA, transposeB });
          await expectExact([product, g.maximum(g.add(product, bias), 0)], feeds);
          ran++;
        }
      }
    }
    expect(ran).toBe(16);
  });
});

test("scatterAdd adds in the order of its updates", async () => {
  const indices = g.constant([1, 0, 1, 1, 0], "int32");
  // In order 1 is lost beside 1e8; from the end it is not.
  const updates = [1, 7, 1e8, -1e8, 8];
  for (const width of [1, 4, 5]) {
    const x = g.input("x", "float32", [5, width]);
    const feeds = new Map([[x, updates.flatMap((value) => new Array<number>(width).fill(value))]]);
    const { values } = await runOn(wasmDevice(), [g.scatterAdd(indices, x, 2)], feeds);
    expect(values[0]).toEqual([...new Array(width).fill(15), ...new Array(width).fill(0)]);
  }
});

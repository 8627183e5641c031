/** NaN, infinities and signed zeros: the same as the reference evaluator, wherever in a row they stand. */
import { describe, expect, test } from "vitest";
import { wasmDevice } from "../../../src/backends/wasm/device.ts";
import * as g from "../../../src/graph/index.ts";
import { type Feeds, runOn } from "../harness.ts";

const special = [Number.NaN, Infinity, -Infinity, 0, -0, 1];

async function expectSame(outputs: readonly g.Node[], feeds: Feeds): Promise<void> {
  const { values } = await runOn(wasmDevice(), outputs, feeds);
  const wanted = g.evaluateFloat64(outputs, feeds);
  values.forEach((row, o) => {
    // 0 and −0 are one number to the language.
    const at = row.findIndex((value, i) => !Object.is(value + 0, (wanted[o]?.[i] as number) + 0));
    expect(at, `output ${o}, element ${at}: ${row[at]} for ${wanted[o]?.[at]}`).toBe(-1);
  });
}

describe.each(["float32", "float64"] as const)("%s", (dtype) => {
  test("of two operands, each with each", async () => {
    const pairs = special.flatMap((a) => special.map((b) => [a, b] as const));
    const x = g.input("x", dtype, [pairs.length]);
    const y = g.input("y", dtype, [pairs.length]);
    const outputs = [g.maximum(x, y), g.minimum(x, y), g.add(x, y), g.sub(x, y), g.mul(x, y), g.div(x, y)];
    const conditions = [g.less(x, y), g.lessEqual(x, y), g.equal(x, y), g.not(g.less(x, y)), g.cast(x, "bool")];
    await expectSame(
      [...outputs, ...conditions.map((condition) => g.where(condition, x, g.add(y, 1)))],
      new Map([
        [x, pairs.map(([a]) => a)],
        [y, pairs.map(([, b]) => b)],
      ]),
    );
  });

  test.each([1, 2, 3, 4, 5, 15, 16, 17, 37])("in every place of a row of %i", async (columns) => {
    // Row r has the special value at r; another NaN or infinity behind it, so that the first has to win.
    for (const value of [Number.NaN, Infinity, -Infinity]) {
      const rows = Array.from({ length: columns }, (_, at) =>
        Array.from({ length: columns }, (_, i) => (i === at || i === (at + 5) % columns ? value : (i * 7) % 5)),
      );
      const x = g.input("x", dtype, [columns, columns]);
      await expectSame(
        [g.max(x), g.argmax(x), g.sum(x, [1]), g.sum(x, [0]), g.max(g.neg(x)), g.argmax(g.neg(x))],
        new Map([[x, rows.flat()]]),
      );
    }
  });

  test("a row of nothing but −∞, or NaN, answers with its first", async () => {
    for (const value of [-Infinity, Number.NaN]) {
      const x = g.input("x", dtype, [2, 19]);
      const { values } = await runOn(wasmDevice(), [g.argmax(x), g.max(x)], new Map([[x, new Array(38).fill(value)]]));
      expect(values).toEqual([
        [0, 0],
        [value, value],
      ]);
    }
  });

  test("rows that are not there are NaN, whatever lay in their place", async () => {
    const indices = [0, 3, -1, 2, 2147483647, -2147483648, 1];
    for (const width of [1, 2, 3, 4, 5, 9]) {
      const x = g.input("x", dtype, [3, width]);
      const i = g.input("i", "int32", [7]);
      const outputs = [g.gather(x, i), g.gather(g.cast(x, "int32"), i)];
      const feeds = new Map([
        [x, Array.from({ length: 3 * width }, (_, j) => j + 1)],
        [i, indices],
      ]);
      await expectSame(outputs, feeds);
    }
  });

  test("a NaN logit makes its whole row NaN, and no other", async () => {
    const x = g.input("x", dtype, [3, 5]);
    const logits = Array.from({ length: 15 }, (_, i) => (i === 7 ? Number.NaN : i % 4));
    const { values } = await runOn(
      wasmDevice(),
      [g.softmax(x), g.logSoftmax(x), g.logSumExp(x)],
      new Map([[x, logits]]),
    );
    for (const row of values.slice(0, 2)) {
      expect(row.map(Number.isNaN)).toEqual(Array.from({ length: 15 }, (_, i) => i >= 5 && i < 10));
    }
    expect(values[2]?.map(Number.isNaN)).toEqual([false, true, false]);
  });
});

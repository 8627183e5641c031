/** Kernels that hold values of several types at once: two lanes, of which the narrower types take half a vector. */
import { expect, test } from "vitest";
import { wasmDevice } from "../../../src/backends/wasm/device.ts";
import * as g from "../../../src/graph/index.ts";
import { runOn } from "../harness.ts";

test.each([1, 2, 3, 4, 5, 7, 9])("float64, float32, int32 and bool in rows of %i", async (columns) => {
  const rows = 3;
  const shape = [rows, columns];
  // Parts of wider matrices, so that rows do not run together and each type has a row length of its own in bytes.
  const wide = (name: string, dtype: "float64" | "float32" | "int32") => g.input(name, dtype, [rows, columns + 2]);
  const [x, y, i] = [wide("x", "float64"), wide("y", "float32"), wide("i", "int32")];
  const part = (node: g.Node) => g.slice(node, [0, 1], shape);
  const [a, b, k] = [part(x), part(y), part(i)];
  const chosen = g.where(g.less(a, g.cast(b, "float64")), k, g.iota(1, shape));
  const flags = g.equal(chosen, k);
  const outputs = [
    g.add(a, g.add(g.cast(b, "float64"), g.cast(k, "float64"))),
    chosen,
    flags,
    g.cast(g.where(flags, b, g.cast(a, "float32")), "float64"),
    g.where(g.not(g.less(b, g.cast(k, "float32"))), a, 0),
    g.cast(flags, "float64"),
    g.cast(flags, "float32"),
    g.cast(g.cast(a, "int32"), "float64"),
    g.sum(g.mul(a, g.cast(chosen, "float64")), [1]),
    g.argmax(g.add(a, g.cast(b, "float64"))),
    g.add(g.cast(g.argmax(b, { keepDims: true }), "float64"), a),
    g.add(g.cast(g.max(k, { keepDims: true }), "float64"), a),
  ];
  const count = rows * (columns + 2);
  const feeds = new Map<g.Node, number[]>([
    [x, Array.from({ length: count }, (_, j) => ((j * 5) % 11) - 5.5)],
    [y, Array.from({ length: count }, (_, j) => ((j * 7) % 13) - 6.25)],
    [i, Array.from({ length: count }, (_, j) => ((j * 3) % 7) - 3)],
  ]);
  const { values, touched } = await runOn(wasmDevice({ redZone: 192 }), outputs, feeds);
  const wanted = g.evaluateFloat64(outputs, feeds);
  values.forEach((row, o) => {
    expect(
      row.map((value) => value + 0),
      `output ${o}`,
    ).toEqual(Array.from(wanted[o] as Float64Array, (v) => v + 0));
  });
  expect(values.length).toBe(12);
  expect(touched).toBeUndefined();
});

test("a product of float32 whose epilogue is float64", async () => {
  const a = g.input("a", "float32", [5, 3]);
  const b = g.input("b", "float32", [3, 11]);
  const c = g.input("c", "float64", [5, 11]);
  const outputs = [g.add(g.cast(g.matmul(a, b), "float64"), c)];
  const feeds = new Map([
    [a, Array.from({ length: 15 }, (_, i) => (i % 5) - 2)],
    [b, Array.from({ length: 33 }, (_, i) => (i % 7) - 3)],
    [c, Array.from({ length: 55 }, (_, i) => i / 8)],
  ]);
  const { values } = await runOn(wasmDevice(), outputs, feeds);
  expect(values[0]).toEqual(Array.from(g.evaluateFloat64(outputs, feeds)[0] as Float64Array));
});

/** Programs of one structure share their code: each computes on its own buffers, with the bits that it has alone. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { wasmDevice } from "../../../src/backends/wasm/device.ts";
import * as g from "../../../src/graph/index.ts";
import { classes } from "../classes.ts";
import { anyGraph } from "../contract/random.ts";
import { randomGraph } from "../graphs.ts";
import { runOn } from "../harness.ts";

/** A graph that no other test makes: the tests of this file would find each other's programs. */
function graph(constant: number) {
  const x = g.input("x", "float32", [5, 7]);
  const table = g.constant([1, 2, 3, 4, 5, 6, constant], "float32");
  return { x, outputs: [g.softmax(g.mul(g.add(x, constant), table)), g.sum(g.tanh(x), [0])] };
}
const data = (from: number) => Array.from({ length: 35 }, (_, i) => Math.fround(Math.sin(from + i)));

describe.each([0, 128])("with red zones of %d bytes", (redZone) => {
  test("the second of a structure is not lowered again, and computes on its own data", async () => {
    const unique = 0.625 + redZone;
    const device = wasmDevice({ redZone });
    const seen: (readonly (readonly number[])[])[] = [];
    for (const from of [0, 100, 0]) {
      const { x, outputs } = graph(unique);
      const { values, report, touched } = await runOn(device, outputs, new Map([[x, data(from)]]));
      expect(report.cached).toBe(seen.length > 0);
      expect(report.kernels.length).toBe(2);
      expect(touched).toBeUndefined();
      seen.push(values);
    }
    expect(seen[2]).toEqual(seen[0]);
    expect(seen[1]).not.toEqual(seen[0]);
  });

  test("classes of arithmetic do not", async () => {
    const { x, outputs } = graph(2.875 + redZone);
    const cached: boolean[] = [];
    for (const { fusedMultiplyAdd } of classes)
      cached.push(
        (await runOn(wasmDevice({ redZone, fusedMultiplyAdd }), outputs, new Map([[x, data(3)]]))).report.cached,
      );
    expect(cached).toEqual(classes.map(() => false));
  });

  test("devices share it", async () => {
    const { x, outputs } = graph(1.75 + redZone);
    const feeds = new Map([[x, data(3)]]);
    const first = await runOn(wasmDevice({ redZone }), outputs, feeds);
    const second = await runOn(wasmDevice({ redZone }), outputs, feeds);
    expect([first.report.cached, second.report.cached]).toEqual([false, true]);
    expect(second.values).toEqual(first.values);
    expect({ ...second.report, cached: false }).toEqual(first.report);
  });
});

test("with red zones temporaries lie apart, so the code is another", async () => {
  const { x, outputs } = graph(5.375);
  const feeds = new Map([[x, data(3)]]);
  const plain = await runOn(wasmDevice(), outputs, feeds);
  const guarded = await runOn(wasmDevice({ redZone: 64 }), outputs, feeds);
  expect([plain.report.cached, guarded.report.cached]).toEqual([false, false]);
  expect(guarded.values).toEqual(plain.values);
});

test("another constant is another program", async () => {
  const device = wasmDevice();
  const value = async (constant: number) => {
    const { x, outputs } = graph(constant);
    return runOn(device, [outputs[0] as g.Node], new Map([[x, data(0)]]));
  };
  const [two, three] = [await value(2.125), await value(3.125)];
  expect(three.report.cached).toBe(false);
  expect(three.values).not.toEqual(two.values);
  expect((await value(3.125)).values).toEqual(three.values);
});

test.each(["float32", "float64"] as const)(
  "80 random graphs in %s have the same bits at other addresses",
  async (dtype) => {
    const ran = { cached: 0, all: 0 };
    await fc.assert(
      fc.asyncProperty(...anyGraph, async (rows, columns, steps) => {
        const device = wasmDevice({ redZone: 64 });
        const once = randomGraph(dtype, rows, columns, steps);
        const first = await runOn(device, once.outputs, once.feeds);
        // What lies between moves everything that follows.
        device.allocate("float32", [1000 + ran.all]);
        const again = randomGraph(dtype, rows, columns, steps);
        const second = await runOn(device, again.outputs, again.feeds);
        expect(second.values).toEqual(first.values);
        expect(second.touched).toBeUndefined();
        expect(second.report.cached).toBe(true);
        ran.all++;
        if (second.report.cached) ran.cached++;
      }),
      { numRuns: 80, seed: 41 },
    );
    expect(ran).toEqual({ cached: 80, all: 80 });
  },
);

/** What a program may be asked for besides new values: its inputs, constants, views, the same node several times. */
import { expect, test } from "vitest";
import { wasmDevice } from "../../../src/backends/wasm/device.ts";
import * as g from "../../../src/graph/index.ts";
import { prepare, runOn } from "../harness.ts";

const x = g.input("x", "float64", [2, 3]);
const feeds = new Map([[x, [1, 2, 3, 4, 5, 6]]]);

test("one node under several outputs, and reshaped under another", async () => {
  const twice = g.mul(x, 2);
  const outputs = [twice, twice, g.reshape(twice, [6]), twice, g.reshape(twice, [3, 2])];
  const { values } = await runOn(wasmDevice({ redZone: 64 }), outputs, feeds);
  expect(values).toEqual(new Array(5).fill([2, 4, 6, 8, 10, 12]));
});

test("inputs, constants and views as they are", async () => {
  const three = g.constant(3, "float64", [2, 2]);
  const outputs = [x, x, three, g.transpose(x), g.slice(x, [1, 1], [1, 2]), g.broadcastTo(g.sum(x), [2])];
  const { values, touched } = await runOn(wasmDevice({ redZone: 64 }), outputs, feeds);
  expect(values).toEqual([
    [1, 2, 3, 4, 5, 6],
    [1, 2, 3, 4, 5, 6],
    [3, 3, 3, 3],
    [1, 4, 2, 5, 3, 6],
    [5, 6],
    [21, 21],
  ]);
  expect(touched).toBeUndefined();
});

test("a second run starts from nothing: sums, columns in one block and in several, rows by index", async () => {
  const tall = g.input("tall", "float32", [600, 3]);
  const indices = g.constant([1, 0, 1, 7], "int32");
  const outputs = [
    g.sum(x),
    g.sum(x, [0]),
    g.sum(tall, [0]),
    g.scatterAdd(indices, g.slice(tall, [0, 0], [4, 3]), 3),
    g.gather(x, indices),
    g.matmul(x, g.transpose(x)),
    g.max(x),
  ];
  const values = Array.from({ length: 1800 }, (_, i) => (i % 13) - 6);
  const { run } = await prepare(wasmDevice(), outputs, new Map<g.Node, number[]>([...feeds, [tall, values]]));
  const first = await run();
  expect(first).toEqual(
    g.evaluateFloat64(outputs, new Map<g.Node, number[]>([...feeds, [tall, values]])).map((row) => [...row]),
  );
  for (let again = 0; again < 3; again++) expect(await run()).toEqual(first);
});

test("a state that a later pass along the row still reads is not overwritten by an earlier one", async () => {
  const device = wasmDevice({ redZone: 64 });
  const [a, b] = [device.allocate("float64", [2, 3]), device.allocate("float64", [2, 3])];
  device.write(a, [1, 2, 3, 4, 5, 6]);
  const grown = g.add(x, 1);
  const centred = g.sub(x, g.sum(g.mul(x, x), [1], { keepDims: true }));
  const outputs = [grown, g.mul(grown, centred)];
  const wanted = g.evaluateFloat64(outputs, feeds);
  const executable = await device.load({
    outputs: [
      { node: grown, into: a },
      { node: outputs[1] as g.Node, into: b },
    ],
    bindings: new Map([[x, a]]),
  });
  await executable.run();
  expect([...(await device.read(a)).data]).toEqual([...(wanted[0] as Float64Array)]);
  expect([...(await device.read(b)).data]).toEqual([...(wanted[1] as Float64Array)]);
  // One kernel of two passes, or the question does not arise.
  expect(executable.report().kernels.filter((kernel) => kernel.family === "row").length).toBe(1);
});

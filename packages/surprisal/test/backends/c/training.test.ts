/** A model's training step as C: what `explain` gives a user, compiled, trains as the model does, bit by bit. */
import { describe, expect, test } from "vitest";
import { cProgram, renderC } from "../../../src/backends/c/program.ts";
import { capabilities } from "../../../src/backends/wasm/capabilities.ts";
import { sizeOf } from "../../../src/base/shape.ts";
import type { DeviceBuffer, Program } from "../../../src/compile/device.ts";
import { activations, type FloatDType, layers, optimizers, sequential } from "../../../src/index.ts";
import { values } from "../harness.ts";
import { compiler, runC, withoutCompiler } from "./compiler.ts";

const rows = 21;
const steps = 3;

function makeModel(dtype: FloatDType) {
  const model = sequential(
    [
      layers.input([9]),
      layers.dense(17, { activation: activations.relu }),
      layers.dropout(0.25),
      layers.dense(6, { activation: "tanh" }),
      layers.dense(3, { activation: "softmax" }),
    ],
    { dtype, seed: 5 },
  );
  model.compile({
    optimizer: optimizers.adam({ learningRate: 0.01 }),
    loss: "categoricalCrossentropy",
    metrics: ["accuracy"],
  });
  return model;
}

const x = values(rows * 9, 1);
const y = Array.from({ length: rows }, (_, i) => [0, 1, 2].map((c) => Number((i * i) % 3 === c))).flat();
const labelOf = ({ bindings }: Program) =>
  new Map([...bindings].map(([node, buffer]) => [String(node.attrs.label), buffer] as const));

describe.skipIf(compiler === undefined)(`C${compiler === undefined ? ` (${withoutCompiler})` : ""}`, () => {
  test.each(["float32", "float64"] as const)("three steps of a classifier in %s", async (dtype) => {
    const model = makeModel(dtype);
    let program: Program | undefined;
    const held = new Map<DeviceBuffer, Promise<{ readonly data: ArrayLike<number> }>>();
    await model.explain({
      batchSize: rows,
      render: (given) => {
        program = given;
        // Read while the batch's own buffers are there.
        for (const buffer of given.bindings.values()) held.set(buffer, model.device.read(buffer));
        return "";
      },
    });
    const step = program as unknown as Program;
    const { fusedMultiplyAdd } = capabilities();
    const { text, bytes, addresses } = cProgram(step, { fusedMultiplyAdd });
    const memory = new Uint8Array(Math.ceil(bytes / 8) * 8);
    const kinds = { float32: Float32Array, float64: Float64Array, int32: Int32Array, bool: Int32Array };
    const view = (of: Uint8Array, buffer: DeviceBuffer) =>
      new kinds[buffer.dtype](of.buffer as ArrayBuffer, addresses.get(buffer) as number, sizeOf(buffer.shape));
    for (const [buffer, read] of held) if (addresses.has(buffer)) view(memory, buffer).set((await read).data);
    const named = labelOf(step);
    view(memory, named.get("x") as DeviceBuffer).set(x);
    view(memory, named.get("y") as DeviceBuffer).set(y);
    view(memory, named.get("learning rate") as DeviceBuffer).set([0.01]);

    const [after] = runC([{ text, memory }], steps) as [Uint8Array];
    for (let i = 0; i < steps; i++) await model.trainOnBatch(chunks(x, 9), chunks(y, 3));
    const trained = await model.getWeights();
    let compared = 0;
    model.network.weights.forEach((weight, w) => {
      const buffer = named.get(weight.path);
      expect(buffer, weight.path).toBeDefined();
      expect([...view(after, buffer as DeviceBuffer)], weight.path).toEqual([...(trained[w]?.data ?? [])]);
      compared++;
    });
    expect(compared).toBe(6);
  });
});

const chunks = (list: readonly number[], width: number): number[][] =>
  Array.from({ length: list.length / width }, (_, i) => list.slice(i * width, (i + 1) * width));

test("a user reads the step under the names that the model gives", async () => {
  const model = makeModel("float32");
  const text = await model.explain({ batchSize: 8, render: renderC });
  for (const words of [
    "train step, 8 rows, as C99",
    "dense/kernel: float32 [9, 17], read and replaced",
    "sum += x[i * 9 + k] * dense_kernel[k * 17 + j];",
    "static float tanh_f32(float x) {",
    "void run(unsigned char *memory) {",
  ])
    expect(text).toContain(words);
  expect(await model.explain({ batchSize: 8, render: renderC })).toBe(text);
  expect(await model.explain({ batchSize: 8 })).not.toContain("void run");
  // @ts-expect-error: what somebody might try first
  await expect(model.explain({ render: "c" })).rejects.toThrow(/render is "c", but a function .* renderC/);
});

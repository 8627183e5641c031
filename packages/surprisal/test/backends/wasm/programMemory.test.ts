/** What loaded programs hold comes back: constants and scratch, when they are freed or when nobody can run them. */
import { describe, expect, test } from "vitest";
import { wasmDevice } from "../../../src/backends/wasm/device.ts";
import { DeviceMemory } from "../../../src/backends/wasm/memory.ts";
import { Scratch } from "../../../src/backends/wasm/scratch.ts";
import type { Executable } from "../../../src/compile/device.ts";
import * as g from "../../../src/graph/index.ts";

/** Needs scratch by its rows, and holds a constant of as many elements. */
function program(device: ReturnType<typeof wasmDevice>, rows: number) {
  const x = g.input("x", "float32", [rows, 8]);
  const weights = g.constant(
    Array.from({ length: rows }, (_, i) => i % 7),
    "float32",
    [rows, 1],
  );
  const node = g.matmul(g.softmax(g.mul(x, weights)), x, { transposeA: true });
  const from = device.allocate("float32", [rows, 8]);
  const into = device.allocate("float32", [8, 8]);
  device.write(
    from,
    Array.from({ length: rows * 8 }, (_, i) => (i % 13) / 4),
  );
  return {
    from,
    into,
    program: { outputs: [{ node, into }], bindings: new Map([[x as g.Node, from]]), label: "product" },
  };
}

describe("a program that is freed", () => {
  test("gives all of it back, once", async () => {
    const device = wasmDevice();
    const { program: one } = program(device, 300);
    const before = device.memoryUse().inUse;
    const executable = await device.load(one);
    // A constant of 300 float32 and temporaries of 300 × 8.
    expect(device.memoryUse().inUse).toBeGreaterThan(before + 300 * 4 + 300 * 8 * 4);
    executable.free?.();
    expect(device.memoryUse().inUse).toBe(before);
    const next = device.allocate("float32", [4000]);
    executable.free?.();
    expect(device.memoryUse().inUse).toBe(before + 16_000);
    device.free(next);
  });

  test("does not run any more", async () => {
    const device = wasmDevice();
    const executable = await device.load(program(device, 20).program);
    executable.run();
    executable.free?.();
    for (const call of [() => executable.run(), () => executable.runKernel?.(0)]) {
      expect(call).toThrow(expect.objectContaining({ code: "device/program-freed" }));
    }
    expect(executable.report().label).toBe("product");
  });

  test("leaves the others as they are, larger and smaller ones", async () => {
    const device = wasmDevice({ redZone: 0 });
    const sizes = [40, 400, 10, 1000, 100];
    const made = sizes.map((rows) => program(device, rows));
    const loaded: Executable[] = [];
    for (const { program: one } of made) loaded.push(await device.load(one));
    const values = async (i: number) => {
      await loaded[i]?.run();
      return [...(await device.read((made[i] as (typeof made)[0]).into)).data];
    };
    const expected = [];
    for (const i of sizes.keys()) expected.push(await values(i));
    const left = new Set(sizes.keys());
    for (const gone of [3, 0, 4, 1]) {
      loaded[gone]?.free?.();
      left.delete(gone);
      // Somebody else takes what was given back, and fills it.
      for (const rows of [sizes[gone] as number, 7]) {
        const taken = device.allocate("float32", [rows, 8]);
        device.write(taken, new Array(rows * 8).fill(Number.NaN));
      }
      for (const i of left) expect(await values(i)).toEqual(expected[i]);
    }
    expect(left.size).toBe(1);
  });

  test("even where it could not be loaded", async () => {
    const device = wasmDevice({ mostBytes: 2 ** 20 });
    const small = program(device, 100).program;
    const { inUse } = device.memoryUse();
    const x = g.input("x", "float32", [600, 1]);
    const from = device.allocate("float32", [600, 1]);
    const into = device.allocate("float32", [600, 1]);
    const large = g.matmul(g.tanh(g.matmul(x, x, { transposeB: true })), x);
    const before = device.memoryUse().inUse;
    expect(before).toBeGreaterThan(inUse);
    for (let i = 0; i < 5; i++) {
      await expect(device.load({ outputs: [{ node: large, into }], bindings: new Map([[x, from]]) })).rejects.toThrow(
        expect.objectContaining({ code: "device/out-of-memory" }),
      );
      expect(device.memoryUse().inUse).toBe(before);
    }
    (await device.load(small)).run();
  });
});

describe("scratch", () => {
  test("is one region while it suffices, and what was outgrown goes with its last user", () => {
    const memory = new DeviceMemory();
    const scratch = new Scratch(memory);
    const inUse = () => memory.use.inUse;
    const [a, b] = [scratch.take(1000), scratch.take(500)];
    expect(b.start).toBe(a.start);
    expect(inUse()).toBe(1024);
    const c = scratch.take(4096);
    expect(c.start).not.toBe(a.start);
    expect(inUse()).toBe(1024 + 4096);
    expect(scratch.take(64).start).toBe(c.start);
    a.release();
    expect(inUse()).toBe(1024 + 4096);
    b.release();
    expect(inUse()).toBe(4096);
    c.release();
    expect(inUse()).toBe(4096);
  });

  test("is nobody's when nobody needs it, and made anew then", () => {
    const memory = new DeviceMemory();
    const scratch = new Scratch(memory);
    for (let i = 0; i < 3; i++) {
      const taken = scratch.take(64 * (i + 1));
      expect(memory.use.inUse).toBe(64 * (i + 1));
      taken.release();
      expect(memory.use.inUse).toBe(0);
    }
    expect(scratch.take(0).start).toBe(0);
    expect(memory.use.inUse).toBe(0);
  });
});

test("a freed buffer is refused wherever it is used", async () => {
  const device = wasmDevice();
  const { from, program: one } = program(device, 10);
  device.free(from);
  const refused = expect.objectContaining({ code: "device/buffer-freed" });
  expect(() => device.write(from, [1])).toThrow(refused);
  await expect(device.read(from)).rejects.toEqual(refused);
  await expect(device.load(one)).rejects.toEqual(refused);
  // Freed again, it is not its next owner's that goes.
  const next = device.allocate("float32", [10, 8]);
  const { inUse } = device.memoryUse();
  device.free(from);
  expect(device.memoryUse().inUse).toBe(inUse);
  device.write(next, [1]);
});

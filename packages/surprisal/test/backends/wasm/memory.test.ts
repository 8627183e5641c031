/** The device's memory: regions apart from each other, used again, kept when it grows, and refused when too large. */
import { describe, expect, test } from "vitest";
import { wasmDevice } from "../../../src/backends/wasm/device.ts";
import { DeviceMemory } from "../../../src/backends/wasm/memory.ts";
import { alignment } from "../../../src/compile/passes/plan.ts";
import * as g from "../../../src/graph/index.ts";
import { stream } from "../../compile/elementary/measure.ts";
import { prepare } from "../harness.ts";

describe.each([0, 128])("regions with gaps of %d bytes", (gap) => {
  test("never overlap, are aligned and zeroed, and keep what is in them", () => {
    const memory = new DeviceMemory(gap);
    const random = stream(5);
    const live = new Map<number, { bytes: number; mark: number }>();
    const bytesAt = (start: number, bytes: number) => new Uint8Array(memory.memory.buffer, start, bytes);
    let taken = 0;
    let reused = 0;
    let highest = 0;
    for (let step = 0; step < 2000; step++) {
      const starts = [...live.keys()];
      if (starts.length > 0 && random() < 0.45) {
        const start = starts[Math.floor(random() * starts.length)] as number;
        const { bytes, mark } = live.get(start) as { bytes: number; mark: number };
        expect(bytesAt(start, bytes).every((byte) => byte === mark)).toBe(true);
        memory.give(start);
        live.delete(start);
        continue;
      }
      const bytes = 1 + Math.floor(random() ** 3 * 6000);
      const start = memory.take(bytes);
      expect(start % alignment).toBe(0);
      for (const [other, { bytes: size }] of live) expect(start + bytes <= other || other + size <= start).toBe(true);
      expect(bytesAt(start, bytes).every((byte) => byte === 0)).toBe(true);
      const mark = 1 + (step % 250);
      bytesAt(start, bytes).fill(mark);
      live.set(start, { bytes, mark });
      taken++;
      if (start < highest) reused++;
      highest = Math.max(highest, start);
    }
    expect(taken).toBeGreaterThan(1000);
    expect(reused).toBeGreaterThan(taken / 2);
    expect(memory.firstTouched()).toBeUndefined();
  });

  test("all given back are one region again", () => {
    const memory = new DeviceMemory(gap);
    const starts = [1000, 5000, 70_000, 64].map((bytes) => memory.take(bytes));
    // Behind them lies one that stays, so that they do not simply become the end again.
    memory.take(64);
    for (const i of [2, 0, 3, 1]) memory.give(starts[i] as number);
    expect(memory.take(76_000)).toBe(starts[0]);
  });
});

describe("growth", () => {
  const mebibyte = 2 ** 20;

  test("goes by steps, and never beyond what was allowed", () => {
    const memory = new DeviceMemory(0, 10 * mebibyte + 1000);
    const sizes = new Set<number>();
    const starts: number[] = [];
    for (let i = 0; i < 9 * 16 + 15; i++) {
      starts.push(memory.take(2 ** 16));
      sizes.add(memory.use.reserved);
    }
    expect(sizes.size).toBeLessThan(16);
    expect(memory.use).toEqual({ inUse: (9 * 16 + 15) * 2 ** 16, reserved: 10 * mebibyte, most: 10 * mebibyte });
    expect(() => memory.take(2 ** 16)).toThrow(
      expect.objectContaining({
        code: "device/out-of-memory",
        received: "0.06 MiB were asked for beside 9.9 MiB in use",
        expected: "this device's WebAssembly memory holds up to 10.0 MiB",
        hint: expect.stringContaining("smaller batches"),
      }),
    );
    memory.give(starts[70] as number);
    expect(memory.take(2 ** 16)).toBe(starts[70]);
  });

  test("takes what is free at the end as the beginning of more", () => {
    const memory = new DeviceMemory(0, 2 * mebibyte);
    const first = memory.take(mebibyte);
    memory.give(first);
    expect(memory.take(1.9 * mebibyte)).toBe(first);
  });

  test.each([0, -1, 65535, 2 ** 32 + 1, Number.NaN])("a size of %d is none", (size) => {
    expect(() => new DeviceMemory(0, size)).toThrow(expect.objectContaining({ code: "device/memory-size" }));
  });
});

describe("red zones", () => {
  test("say where somebody wrote", () => {
    const memory = new DeviceMemory(128);
    const start = memory.take(100);
    expect(memory.firstTouched()).toBeUndefined();
    // 100 bytes take two lines of 64.
    new Uint8Array(memory.memory.buffer)[start + 128 + 7] = 1;
    expect(memory.firstTouched()).toBe(start + 128 + 7);
  });

  test("the first bytes of memory are one", () => {
    const memory = new DeviceMemory(64);
    new Uint8Array(memory.memory.buffer)[3] = 0;
    expect(memory.firstTouched()).toBe(3);
  });
});

describe("the device", () => {
  test("uses freed room again", () => {
    const device = wasmDevice();
    const addresses = new Set<unknown>();
    for (let i = 0; i < 100; i++) {
      const buffer = device.allocate("float32", [1000]);
      addresses.add(Reflect.get(buffer, "address"));
      device.free(buffer);
      device.free(buffer);
    }
    expect(addresses.size).toBe(1);
  });

  test("keeps buffers and loaded programs when its memory grows", async () => {
    const device = wasmDevice();
    const x = g.input("x", "float64", [100]);
    const data = Array.from({ length: 100 }, (_, i) => i);
    const { run } = await prepare(
      device,
      [g.add(x, 1), g.mul(g.softmax(x), g.constant(data, "float64"))],
      new Map([[x, data]]),
    );
    const before = await run();
    for (let i = 0; i < 5; i++) device.allocate("float32", [300_000]);
    expect(await run()).toEqual(before);
    expect(before[0]).toEqual(data.map((value) => value + 1));
  });

  test("keeps earlier programs when a later one needs more scratch", async () => {
    const device = wasmDevice();
    const program = (rows: number) => {
      const x = g.input("x", "float32", [rows, rows]);
      const data = Array.from({ length: rows * rows }, (_, i) => (i % 17) / 8);
      return prepare(device, [g.matmul(g.tanh(x), g.softmax(g.transpose(x)))], new Map([[x, data]]));
    };
    const small = await program(5);
    const alone = await small.run();
    const large = await program(200);
    const both = await large.run();
    expect(await small.run()).toEqual(alone);
    expect(await large.run()).toEqual(both);
  });

  test.each([
    ["a buffer of 8 GiB", "float64", [2 ** 30]],
    ["more elements than an address can count", "float32", [2 ** 20, 2 ** 20, 2 ** 20]],
  ] as const)("refuses %s with a typed error, and goes on", (_, dtype, shape) => {
    const device = wasmDevice();
    expect(() => device.allocate(dtype, shape)).toThrowError(
      expect.objectContaining({ name: "SurprisalError", code: "device/out-of-memory" }),
    );
    const buffer = device.allocate("float32", [4]);
    device.write(buffer, [1, 2, 3, 4]);
    expect(device.firstTouched()).toBeUndefined();
  });

  test("computes beyond 2 GiB, where addresses have their highest bit set", async () => {
    const device = wasmDevice();
    // Nothing is written there, so the system gives no pages for it.
    const below = device.allocate("float32", [2 ** 29 + 2 ** 20]);
    const x = g.input("x", "float32", [40, 30]);
    const data = Array.from({ length: 1200 }, (_, i) => (i % 17) / 8);
    const table = g.constant(
      Array.from({ length: 30 }, (_, i) => i),
      "float32",
    );
    const outputs = [g.matmul(g.softmax(x), g.add(x, table), { transposeA: true }), g.sum(x, [0])];
    const high = await prepare(device, outputs, new Map([[x, data]]));
    const low = await prepare(wasmDevice(), outputs, new Map([[x, data]]));
    expect(Reflect.get([...high.bindings.values()][0] as object, "address")).toBeGreaterThan(2 ** 31);
    expect(await high.run()).toEqual(await low.run());
    device.free(below);
  });

  test("refuses a program whose temporaries are too large", async () => {
    const device = wasmDevice();
    const x = g.input("x", "float64", [2 ** 15, 1]);
    const product = g.matmul(x, x, { transposeB: true });
    const feeds = new Map([[x, [1]]]);
    // Rows of the second product need all rows of the first.
    await expect(prepare(device, [g.sum(g.matmul(product, product))], feeds)).rejects.toMatchObject({
      code: "device/out-of-memory",
    });
  });
});

/** Buffers: zeros at first, what was written afterwards, and nobody else's. */
import { describe, expect } from "vitest";
import { allocate } from "../../../src/base/dtype.ts";
import type { Contract } from "../contract.ts";

export function bufferContract({ makeDevice, check }: Contract): void {
  describe("buffers", () => {
    check("a new buffer holds zeros", async () => {
      const device = makeDevice();
      for (const dtype of ["float32", "float64", "int32", "bool"] as const) {
        // What a freed buffer held must not come back.
        const before = device.allocate(dtype, [5, 3]);
        device.write(before, new Array(15).fill(1));
        device.free(before);
        const { data, shape } = await device.read(device.allocate(dtype, [5, 3]));
        expect([...data]).toEqual(new Array(15).fill(0));
        expect(shape).toEqual([5, 3]);
      }
    });

    check("values are written, from an offset too, and read as a copy", async () => {
      const device = makeDevice();
      const edges = [1, -0, 3.5, Number.NaN, Infinity, -Infinity, 2 ** -140];
      for (const dtype of ["float32", "float64"] as const) {
        const buffer = device.allocate(dtype, [9]);
        device.write(buffer, edges, 2);
        const read = await device.read(buffer);
        expect([...read.data]).toEqual([0, 0, ...edges]);
        read.data[0] = 7;
        expect((await device.read(buffer)).data[0]).toBe(0);
      }
      const integers = device.allocate("int32", [3]);
      device.write(integers, [-(2 ** 31), 2 ** 31 - 1, -1]);
      expect([...(await device.read(integers)).data]).toEqual([-(2 ** 31), 2 ** 31 - 1, -1]);
      const flags = device.allocate("bool", [3]);
      device.write(flags, [1, 0, 1]);
      expect([...(await device.read(flags)).data]).toEqual([1, 0, 1]);
    });

    check(
      "where it can be read at once: as far as there is room, from an element on, also after memory has grown",
      async () => {
        const device = makeDevice();
        if (device.readNow === undefined) return;
        for (const dtype of ["float32", "float64", "int32", "bool"] as const) {
          const buffer = device.allocate(dtype, [3]);
          device.write(buffer, [1, 0, 1]);
          device.allocate("float32", [100_000]);
          const into = allocate(dtype, 5);
          device.readNow(buffer, into, 1);
          expect([...into]).toEqual([0, 1, 0, 1, 0]);
          device.readNow(buffer, into, 3);
          expect([...into]).toEqual([0, 1, 0, 1, 0]);
          device.readNow(buffer, into);
          expect([...into]).toEqual([1, 0, 1, 1, 0]);
          into[0] = 7;
          expect([...(await device.read(buffer)).data]).toEqual([1, 0, 1]);
        }
      },
    );

    check("buffers do not overlap, also after some were freed and memory has grown", async () => {
      const device = makeDevice();
      const live = new Map<number, ReturnType<typeof device.allocate>>();
      for (let i = 0; i < 60; i++) {
        const size = ((i * 7919) % 5000) + 1;
        const buffer = device.allocate(i % 2 === 0 ? "float32" : "float64", [size]);
        device.write(buffer, new Array(size).fill(i + 1));
        live.set(i, buffer);
        if (i % 3 === 2) {
          device.free(live.get(i - 2) as never);
          live.delete(i - 2);
        }
      }
      for (const [i, buffer] of live) {
        const { data } = await device.read(buffer);
        expect(data.length).toBe(((i * 7919) % 5000) + 1);
        expect(data.every((x) => x === i + 1)).toBe(true);
      }
      expect(live.size).toBe(40);
      expect(device.firstTouched?.()).toBeUndefined();
    });
  });
}

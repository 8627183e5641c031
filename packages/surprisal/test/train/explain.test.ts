/** `explain`: what is told of a step, that it fits the terminal, and that measuring leaves the model as it was. */
import { describe, expect, it } from "vitest";
import { interpreterDevice } from "../../src/backends/interpreter/device.ts";
import { wasmDevice } from "../../src/backends/wasm/device.ts";
import { InvalidArgumentError, UnknownNameError } from "../../src/base/errors.ts";
import type { Device } from "../../src/compile/device.ts";
import * as layers from "../../src/layers.ts";
import type { ModelOptions } from "../../src/train/model.ts";
import { countingDevice } from "../backends/counting.ts";
import { makeModel, makeRows } from "./build.ts";

const make = (device: Device = wasmDevice(), options: Partial<ModelOptions> = {}) => {
  const model = makeModel(
    [
      layers.dense(8, { inputShape: [5], activation: "relu" }),
      layers.batchNormalization(),
      layers.dropout(0.2),
      layers.dense(3, { activation: "softmax" }),
    ],
    { device, dtype: "float32", ...options },
  );
  model.compile({ optimizer: "nadam", loss: "sparseCategoricalCrossentropy", metrics: ["accuracy"] });
  return model;
};
/** A millisecond goes by at each look. */
const ticking = () => {
  let time = 0;
  return { now: () => time++, milliseconds: 1 };
};
const { x, index } = makeRows(48, 5);

describe("explain", () => {
  it("gives the report as a record", async () => {
    const record = await make().explain({ batchSize: 16, format: "record" });
    expect(record.label).toBe("train step, 16 rows");
    expect(record.kernels.length).toBeGreaterThan(8);
    expect(record.measured).toBeUndefined();
    const [first] = record.kernels;
    // 16 × 8 products of 5 pairs, then bias and relu: the bias is read, too.
    expect(first).toMatchObject({ family: "contraction", space: [16, 8, 5], productFlops: 1280 });
    expect(first?.flops).toBeGreaterThanOrEqual(1280 + 2 * 128);
    expect(first?.bytesRead).toBe(4 * (16 * 5 + 5 * 8 + 8));
    expect((first?.bytesWritten as number) % (4 * 128)).toBe(0);
    expect(record.scratchBytes).toBeLessThan(record.scratchBytesWithoutReuse);
  });

  it("measures: the times of the whole and of each kernel, and the roofs", async () => {
    const record = await make().explain({ measure: ticking(), format: "record" });
    const { measured, kernels } = record;
    expect(measured?.run).toEqual({ min: 0.001, median: 0.001, max: 0.001, runs: 1 });
    expect(measured?.ceilings?.dtype).toBe("float32");
    expect(measured?.kernels).toHaveLength(kernels.length);
    for (const [i, { seconds, share, gigaflops, gigabytesPerSecond, roof }] of (measured?.kernels ?? []).entries()) {
      expect(seconds).toBe(0.001);
      expect(share).toBeCloseTo(1 / kernels.length, 9);
      expect(gigaflops).toBeCloseTo((kernels[i]?.flops as number) / 1e6, 9);
      expect(gigabytesPerSecond).toBeGreaterThan(0);
      expect(roof.share).toBeCloseTo(roof.seconds / seconds, 9);
    }
    const double = await make(wasmDevice(), { dtype: "float64" }).explain({ measure: ticking(), format: "record" });
    expect(double.measured?.ceilings?.dtype).toBe("float64");
  });

  it.each([60, 90, 120])("is a table of at most %d characters", async (width) => {
    for (const measure of [false, ticking()]) {
      const text = await make().explain({ width, measure });
      const lines = text.split("\n");
      const title = lines.findIndex((line) => line.startsWith("family"));
      const rows = lines.slice(title, lines.indexOf("", title));
      expect(rows.length).toBeGreaterThan(9);
      expect(Math.max(...rows.map((row) => row.length))).toBeLessThanOrEqual(width);
      for (const row of rows) expect(row).toBe(row.trimEnd());
      if (measure !== false) {
        expect(rows[0]).toMatch(/bytes +µs +share/);
        expect(text).toMatch(/a step takes 1000 µs \(1000 to 1000\)/);
        expect(text).toMatch(/roof \(float32, measured now\): products [\d.]+ GFLOP\/s, elementwise [\d.]+ GFLOP\/s/);
        expect(text).toMatch(/memory [\d.]+ GB\/s on 24\.0 KiB, .* on 64\.0 MiB/);
      }
      expect(text).toMatch(/temporaries [\d.]+ [KM]iB at their peak \([\d.]+ [KM]iB without reuse\)/);
      expect(text).not.toMatch(/NaN|undefined|Infinity/);
    }
  });

  it("takes the terminal's width", async () => {
    const terminal = { write: () => true, columns: 50 };
    const host = { terminal, save: async () => {}, appendText: async () => {} };
    const text = await make(wasmDevice(), { host }).explain();
    expect(
      Math.max(
        ...text
          .split("\n")
          .filter((line) => line.startsWith("contraction"))
          .map((line) => line.length),
      ),
    ).toBe(50);
  });

  it("leaves the model as it was: weights, slots, counters, and a fit around it", async () => {
    const [plain, looked] = [make(), make()];
    await looked.fit(x, index, { epochs: 1, batchSize: 16 });
    const before = await looked.getState();
    const record = await looked.explain({ measure: ticking(), format: "record" });
    expect(await looked.getState()).toEqual(before);
    // It would have been seen: a run of the program changes them all.
    expect(record.measured?.kernels.length).toBeGreaterThan(8);
    await plain.fit(x, index, { epochs: 1, batchSize: 16 });
    const options = { epochs: 3, initialEpoch: 1, batchSize: 16, validationSplit: 0.25 };
    const one = await plain.fit(x, index, options);
    const onBatchEnd = async () => void (await looked.explain({ measure: ticking() }));
    const other = await looked.fit(x, index, { ...options, callbacks: [{ name: "look", onBatchEnd }] });
    expect(other).toEqual(one);
    expect(await looked.getState()).toEqual(await plain.getState());
  });

  it("leaves it so when the measurement fails, and gives its buffers back", async () => {
    const own = wasmDevice();
    const { another, ...rest } = own;
    const { counted, held } = countingDevice(rest);
    const model = make(counted);
    await model.fit(x, index, { epochs: 1, batchSize: 16 });
    const [before, buffers] = [await model.getState(), held.size];
    for (const last of [1, 40, 52, 60, 100, 150]) {
      let looks = 0;
      const now = () => {
        if (looks++ === last) throw new RangeError("the clock broke");
        return looks;
      };
      await expect(model.explain({ measure: { now, milliseconds: 1 } })).rejects.toThrow("the clock broke");
      expect(held.size).toBe(buffers);
    }
    expect(await model.getState()).toEqual(before);
    expect(another).toBeTypeOf("function");
  });

  it("on a device without kernels: the whole step alone", async () => {
    const model = make(interpreterDevice());
    const { kernels, measured } = await model.explain({ measure: ticking(), format: "record" });
    expect([kernels, measured?.kernels, measured?.ceilings]).toEqual([[], [], undefined]);
    expect(await model.explain({ measure: ticking() })).toMatch(/a step takes 1000 µs/);
  });

  it("refuses what it cannot do", async () => {
    const model = make();
    await expect(model.explain({ batchsize: 3 } as never)).rejects.toThrow(UnknownNameError);
    await expect(model.explain({ format: "json" as never })).rejects.toThrow(/format is "json"/);
    await expect(model.explain({ width: 0 })).rejects.toThrow(/width is 0/);
    await expect(model.explain({ batchSize: 0 })).rejects.toThrow(/batchSize is 0/);
    await expect(model.explain({ measure: { milliseconds: Number.NaN } })).rejects.toThrow(InvalidArgumentError);
    const { readNow, ...later } = interpreterDevice();
    await expect(make(later).explain({ measure: true })).rejects.toThrow(/no clock can tell/);
    expect(readNow).toBeTypeOf("function");
    await expect(makeModel([layers.dense(1, { inputShape: [2] })]).explain()).rejects.toThrow(/not been compiled/);
  });
});

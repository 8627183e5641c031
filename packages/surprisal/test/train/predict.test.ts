/** `predict` in blocks and `predictor` at once: the same numbers as row by row, to the last bit. */
import { describe, expect, it } from "vitest";
import { interpreterDevice } from "../../src/backends/interpreter/device.ts";
import { type WasmDevice, wasmDevice } from "../../src/backends/wasm/device.ts";
import { DataError, DTypeError, InvalidArgumentError, ShapeError, type SurprisalError } from "../../src/base/errors.ts";
import { Tensor, type TensorLike, tensor } from "../../src/base/tensor.ts";
import type { Device } from "../../src/compile/device.ts";
import * as layers from "../../src/layers.ts";
import { blockSizes, nextBlock } from "../../src/train/rowBlocks.ts";
import { countingDevice } from "../backends/counting.ts";
import { makeModel, makeRows } from "./build.ts";

const deep = () => [
  layers.dense(17, { inputShape: [5], activation: "gelu" }),
  layers.batchNormalization(),
  layers.layerNormalization(),
  layers.dropout(0.3),
  layers.dense(3, { activation: "softmax" }),
];
const devices = { wasm: () => wasmDevice({ redZone: 64 }), interpreter: interpreterDevice };

/** The first rows of a table. */
const head = ({ data, shape }: Tensor, rows: number) =>
  new Tensor(data.slice(0, rows * (shape[1] as number)), [rows, ...shape.slice(1)]);
const bits = ({ data }: Tensor) => [...new Uint8Array(data.buffer, data.byteOffset, data.byteLength)];
const some = makeRows(700, 5).x;

describe("blocks", () => {
  it("are one row, sixteen, and what suits the caches or was asked for", () => {
    expect(blockSizes(64, 1)).toEqual([1, 16, 256]);
    expect(blockSizes(2 ** 15, 1)).toEqual([1, 16]);
    expect(blockSizes(2 ** 15 + 2 ** 14, 1)).toEqual([1, 10]);
    expect(blockSizes(10 ** 9, 1)).toEqual([1]);
    expect(blockSizes(0, 1)).toEqual([1, 16, 256]);
    expect(blockSizes(64, 32)).toEqual([1, 16, 256]);
    expect(blockSizes(64, 1000)).toEqual([1, 16, 1000]);
  });

  it("cover any number of rows, and only the last may be partly empty, by three quarters at most", () => {
    const wrong: unknown[] = [];
    for (const sizes of [[1], [1, 10], [1, 16], [1, 16, 256], [1, 16, 1000]]) {
      for (let rows = 1; rows < 1200; rows++) {
        let runs = 0;
        for (let left = rows; left > 0; runs++) {
          const size = nextBlock(sizes, left);
          if (!sizes.includes(size) || (size > left && left * 4 < size)) wrong.push({ sizes, rows, left, size });
          left -= size;
        }
        if (runs > Math.ceil(rows / (sizes.at(-1) as number)) + 20) wrong.push({ sizes, rows, runs });
      }
    }
    expect(wrong).toEqual([]);
  });
});

describe.each(Object.entries(devices))("on %s", (name, makeDevice) => {
  const counts = name === "wasm" ? [0, 1, 2, 3, 4, 15, 16, 17, 63, 64, 65, 255, 256, 257, 700] : [0, 1, 3, 17, 70];
  const most = counts.at(-1) as number;

  it.each(["float32", "float64"] as const)("%s: any number of rows, any batch size, the same bits", async (dtype) => {
    const device = makeDevice();
    const model = makeModel(deep(), { device, dtype });
    const rowByRow: number[] = [];
    for (let row = 0; row < most; row++) {
      const one = some.data.slice(row * 5, row * 5 + 5);
      rowByRow.push(...bits(await model.predict(new Tensor(one, [1, 5]))));
    }
    const width = 3 * (dtype === "float32" ? 4 : 8);
    const predictor = await model.predictor();
    for (const rows of counts) {
      const expected = rowByRow.slice(0, rows * width);
      const x = head(some, rows);
      for (const batchSize of [undefined, 1, 7, 32, 300, 1000]) {
        const out = await model.predict(x, batchSize === undefined ? {} : { batchSize });
        expect(out.shape).toEqual([rows, 3]);
        expect(bits(out), `${rows} rows, ${batchSize} at once`).toEqual(expected);
      }
      const now = predictor(x);
      expect([now.shape, now.dtype]).toEqual([[rows, 3], dtype]);
      expect(bits(now), `${rows} rows at once`).toEqual(expected);
    }
    const [first, large] = [await model.predictor({ batchSize: 1 }), await model.predictor({ batchSize: 300 })];
    for (const one of [first, large]) expect(bits(one(head(some, most)))).toEqual(rowByRow);
    expect((device as Partial<WasmDevice>).firstTouched?.()).toBeUndefined();
  });

  it("takes nested lists, typed arrays and tensors of any dtype, and one row alone", async () => {
    const model = makeModel(deep(), { device: makeDevice(), dtype: "float32" });
    const predictor = await model.predictor();
    const whole = [
      [1, 0, 1, 1, 0],
      [0, 1, 0, 0, 1],
    ];
    const expected = bits(await model.predict(whole));
    const flags = whole.map((row) => row.map((x) => x === 1));
    const tables: TensorLike[] = [
      whole,
      flags,
      ...(["float32", "float64", "int32", "bool"] as const).map((dtype) => tensor(whole, { dtype })),
    ];
    for (const table of tables) {
      const out = predictor(table);
      expect(out.shape).toEqual([2, 3]);
      expect(bits(out)).toEqual(expected);
    }
    const row = whole[1] as number[];
    const alone: TensorLike[] = [
      row,
      flags[1] as boolean[],
      Float32Array.from(row),
      Float64Array.from(row),
      Int32Array.from(row),
      Uint8Array.from(row),
      tensor(row),
      tensor(row, { dtype: "float64" }),
    ];
    for (const one of alone) {
      const out = predictor(one);
      expect(out.shape).toEqual([3]);
      expect(bits(out)).toEqual(expected.slice(12));
    }
    expect([tables.length, alone.length]).toEqual([6, 8]);
  });

  it("an axis of rows wins where a row is one number; rows of several axes", async () => {
    const narrow = makeModel([layers.dense(2, { inputShape: [1] })], { device: makeDevice() });
    const predictor = await narrow.predictor();
    const expected = await narrow.predict([[3], [4], [5]]);
    for (const rows of [[3, 4, 5], Float64Array.of(3, 4, 5), tensor([3, 4, 5]), [[3], [4], [5]]]) {
      expect(predictor(rows)).toEqual(expected);
    }
    expect(predictor([3]).shape).toEqual([1, 2]);
    expect(predictor([]).shape).toEqual([0, 2]);
    const flat = makeModel([layers.flatten({ inputShape: [2, 3] }), layers.dense(2)], { device: makeDevice() });
    const square = await flat.predictor();
    // prettier-ignore
    const pictures = [[[1, 2, 3], [4, 5, 6]], [[7, 8, 9], [1, 2, 3]]]; // biome-ignore format: as they lie
    const both = await flat.predict(pictures);
    expect(square(pictures)).toEqual(both);
    expect(square(tensor(pictures[1] as number[][])).shape).toEqual([2]);
    expect([...square(pictures[1] as number[][]).data]).toEqual([...both.data.slice(2)]);
    expect(() => square([[1, 2], [3, 4], [5, 6]])).toThrow(ShapeError); // biome-ignore format: as it lies
  });
});

describe("a predictor", () => {
  const make = (device: Device = wasmDevice()) => {
    const model = makeModel(deep(), { device, dtype: "float32" });
    model.compile({ optimizer: "adam", loss: "sparseCategoricalCrossentropy" });
    return model;
  };
  const { x, index } = makeRows(64, 5);

  it("follows the weights: setWeights, fit, the middle of a fit, setState, and compile changes nothing", async () => {
    const model = make();
    const predictor = await model.predictor();
    const seen = new Set<string>();
    const compare = async () => {
      const now = predictor(x);
      expect(bits(now)).toEqual(bits(await model.predict(x)));
      seen.add(bits(now).join());
    };
    await compare();
    const state = await model.getState();
    model.setWeights(
      (await model.getWeights()).map(
        (w) =>
          new Tensor(
            w.data.map((v) => v + 0.5),
            w.shape,
          ),
      ),
    );
    await compare();
    await model.fit(x, index, { epochs: 2, batchSize: 16, callbacks: [{ name: "compare", onBatchEnd: compare }] });
    await compare();
    model.compile({ optimizer: "sgd", loss: "sparseCategoricalCrossentropy" });
    await compare();
    await model.trainOnBatch(x, index);
    await compare();
    expect(seen.size).toBe(11);
    model.setState({ weights: state.weights });
    await compare();
    expect(seen.size).toBe(11);
  });

  it("gives arrays of its own, is not disturbed by others, and leaves them alone", async () => {
    const device = wasmDevice();
    const model = make(device);
    const [a, b] = [await model.predictor(), await model.predictor()];
    const other = await makeModel(deep(), { device, dtype: "float32", seed: 9 }).predictor();
    const first = a(head(x, 1));
    const kept = bits(first);
    const running = model.predict(x);
    b(x);
    other(x);
    expect(bits(a(head(x, 2))).slice(0, kept.length)).toEqual(kept);
    expect(bits(first)).toEqual(kept);
    expect(bits(await running)).toEqual(bits(a(x)));
    // Growing the memory takes the old one away from whoever holds it.
    const large = device.allocate("float64", [3_000_000]);
    expect(bits(a(head(x, 1)))).toEqual(kept);
    device.free(large);
  });

  it("refuses what does not fit, and answers the next call", async () => {
    const predictor = await make().predictor();
    const good = bits(predictor([1, 2, 3, 4, 5]));
    const wrong: [unknown, new (...args: never[]) => SurprisalError, RegExp][] = [
      [[1, 2, 3, 4], ShapeError, /x has shape \[4\], but the model takes \[rows, 5\]/],
      [[[1, 2, 3, 4]], ShapeError, /x has shape \[1, 4\]/],
      [[[1, 2, 3, 4, 5], [1, 2, 3, 4]], ShapeError, /index \[1\] holds a list of 4/], // biome-ignore format: short
      [[[[1, 2, 3, 4, 5]]], ShapeError, /x has shape \[1, 1, 5\]/],
      [7, ShapeError, /x has shape \[\]/],
      [[], ShapeError, /x has shape \[0\]/],
      [Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10), ShapeError, /Give a flat typed array its shape/],
      [tensor([[1], [2], [3], [4], [5]]), ShapeError, /x has shape \[5, 1\]/],
      [Int16Array.of(1, 2, 3, 4, 5), DTypeError, /number or a boolean/],
      [BigInt64Array.of(1n, 2n, 3n, 4n, 5n), DTypeError, /number or a boolean/],
      [undefined, DTypeError, /holds a undefined/],
      [null, DTypeError, /holds null/],
      [[["a", 2, 3, 4, 5]], DTypeError, /index \[0, 0\] holds a string/],
      [[1, 2, null, 4, 5], DTypeError, /holds null/],
      [[1, 2, Number.NaN, 4, 5], DataError, /x holds NaN in row 1, column 3/],
      [Float32Array.of(1, 2, 3, 4, Infinity), DataError, /x holds Infinity in row 1, column 5/],
      [[[1, 2, 3, 4, 5], [1, 2e39, 3, 4, 5]], DataError, /x holds 2e\+39 in row 2, column 2.*3\.4e38/], // biome-ignore format: short
      [Float64Array.of(1e39, 2, 3, 4, 5), DataError, /float32 ends at/],
      [tensor([1, 2, 3, 4, Number.NaN]), DataError, /row 1, column 5/],
    ];
    for (const [rows, type, words] of wrong) {
      let thrown: unknown;
      try {
        predictor(rows as TensorLike);
      } catch (error) {
        thrown = error;
      }
      expect(thrown, String(words)).toBeInstanceOf(type);
      expect((thrown as Error).message).toMatch(words);
      expect(bits(predictor([1, 2, 3, 4, 5]))).toEqual(good);
    }
    expect(wrong.length).toBe(19);
    await expect(make().predictor({ batchSize: 0 })).rejects.toThrow(/batchSize is 0/);
    await expect(make().predict(x, { batchSize: 1.5 })).rejects.toThrow(InvalidArgumentError);
  });

  it("makes nothing new on the way in for one row: the array itself, or always the same one", async () => {
    const given: unknown[] = [];
    const own = wasmDevice();
    const device: Device = {
      ...own,
      write(buffer, values, offset) {
        given.push(values);
        own.write(buffer, values, offset);
      },
    };
    const predictor = await make(device).predictor();
    const row = Float32Array.of(1, 2, 3, 4, 5);
    const nested = [[1, 2, 3, 4, 5]];
    given.length = 0;
    for (const rows of [row, new Tensor(row, [1, 5]), nested, x, nested, nested[0] as number[]]) predictor(rows);
    expect(given[0]).toBe(row);
    expect(given[1]).toBe(row);
    const staged = given[2];
    expect(given.slice(-2).every((values) => values === staged)).toBe(true);
    expect(staged).toHaveLength(5);
  });

  it("is refused on a device that answers later, where predict goes on working", async () => {
    const { readNow, ...without } = interpreterDevice();
    const later: Device = {
      ...interpreterDevice(),
      async load(program) {
        const executable = await interpreterDevice().load(program);
        return { ...executable, run: async () => executable.run() };
      },
    };
    const expected = bits(await makeModel(deep()).predict(x));
    expect(readNow).toBeTypeOf("function");
    for (const device of [without, later]) {
      const { counted, held } = countingDevice(device);
      const model = makeModel(deep(), { device: counted });
      const before = held.size;
      const refused = model.predictor();
      await expect(refused).rejects.toThrow(InvalidArgumentError);
      await expect(refused).rejects.toThrow(/"interpreter", but it does not answer at once/);
      expect(held.size).toBe(before);
      expect(bits(await model.predict(x))).toEqual(expected);
    }
  });
});

/** A model file says in which class of arithmetic its weights came about, and is read by a device of any. */
import { expect, test } from "vitest";
import * as devices from "../../src/devices.ts";
import { layers, modelFromBytes, sequential } from "../../src/index.ts";

test.each([devices.wasm(), devices.wasm({ fusedMultiplyAdd: false }), devices.interpreter()])(
  "of the device that made it: $arithmetic",
  async (device) => {
    const model = sequential([layers.dense(2, { inputShape: [3] })], { device });
    const bytes = await model.toBytes();
    const arithmetic = device.arithmetic ?? device.name;
    expect(new TextDecoder().decode(bytes)).toContain(`\\"arithmetic\\":\\"${arithmetic}\\"`);
    const loaded = await modelFromBytes(bytes, { device: devices.wasm({ fusedMultiplyAdd: false }) });
    expect((await loaded.getWeights()).map(({ data }) => [...data])).toEqual(
      (await model.getWeights()).map(({ data }) => [...data]),
    );
  },
);

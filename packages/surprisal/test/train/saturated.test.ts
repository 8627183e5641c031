/** A sigmoid or softmax output under a cross-entropy learns from any distance: nothing is clipped, the gradient never vanishes. */
import { describe, expect, it } from "vitest";
import { interpreterDevice } from "../../src/backends/interpreter/device.ts";
import { wasmDevice } from "../../src/backends/wasm/device.ts";
import * as layers from "../../src/layers.ts";
import { sgd } from "../../src/optimizers.ts";
import { makeModel } from "./build.ts";

describe.each([
  ["the interpreter", "float64", interpreterDevice],
  ["the interpreter", "float32", interpreterDevice],
  ["WebAssembly", "float64", wasmDevice],
  ["WebAssembly", "float32", wasmDevice],
] as const)("far in the tail, on %s in %s", (_, dtype, makeDevice) => {
  it("a sigmoid at weight −20 comes back", async () => {
    const model = makeModel([layers.dense(1, { inputShape: [1], activation: "sigmoid", useBias: false })], {
      dtype,
      device: makeDevice(),
    });
    model.setWeights([[[-20]]]);
    model.compile({ optimizer: sgd({ learningRate: 1 }), loss: "binaryCrossentropy" });
    const history = await model.fit([[1]], [1], { epochs: 3 });
    if (dtype === "float64") expect(history.loss[0]).toBe(20.000000002061153);
    expect(history.loss[0]).toBeCloseTo(20, 6);
    const weight = (await model.getWeights())[0]!.item();
    // Each step moves by σ(20) ≈ 1 − 2e-9.
    expect(weight).toBeCloseTo(-17, 6);
    if (dtype === "float64") expect(weight + 17).toBeLessThan(0);
  });

  // Here the probability itself is 0 in both dtypes: only a gradient taken of the logits form survives.
  it("a sigmoid at weight −800 comes back", async () => {
    const model = makeModel([layers.dense(1, { inputShape: [1], activation: "sigmoid", useBias: false })], {
      dtype,
      device: makeDevice(),
    });
    model.setWeights([[[-800]]]);
    model.compile({ optimizer: sgd({ learningRate: 1 }), loss: "binaryCrossentropy" });
    const history = await model.fit([[1]], [1], { epochs: 3 });
    expect(history.loss).toEqual([800, 799, 798]);
    expect((await model.getWeights())[0]!.item()).toBe(-797);
  });

  it("a softmax 40 apart comes back", async () => {
    const model = makeModel([layers.dense(2, { inputShape: [1], activation: "softmax", useBias: false })], {
      dtype,
      device: makeDevice(),
    });
    model.setWeights([[[-20, 20]]]);
    model.compile({ optimizer: sgd({ learningRate: 1 }), loss: "categoricalCrossentropy" });
    const history = await model.fit([[1]], [[1, 0]], { epochs: 3 });
    expect(history.loss[0]).toBe(40);
    const weights = Array.from((await model.getWeights())[0]!.data);
    expect(weights[0]).toBeCloseTo(-17, 6);
    expect(weights[1]).toBeCloseTo(17, 6);
  });

  it("and 1600 apart, on class indices", async () => {
    const model = makeModel([layers.dense(2, { inputShape: [1], activation: "softmax", useBias: false })], {
      dtype,
      device: makeDevice(),
    });
    model.setWeights([[[-800, 800]]]);
    model.compile({ optimizer: "sgd", loss: "sparseCategoricalCrossentropy" });
    model.learningRate = 1;
    const history = await model.fit([[1]], [0], { epochs: 3 });
    expect(history.loss).toEqual([1600, 1598, 1596]);
    expect(Array.from((await model.getWeights())[0]!.data)).toEqual([-797, 797]);
  });
});

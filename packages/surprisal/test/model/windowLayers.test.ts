/** What convolution and pooling layers refuse. */
import { describe, expect, it } from "vitest";
import * as layers from "../../src/layers.ts";
import type { LayerSpec } from "../../src/model/contract.ts";
import { buildNetwork } from "./face.ts";

describe("layers with windows", () => {
  it("refuse options that do not fit, naming them", () => {
    const cases: [() => unknown, string][] = [
      [() => layers.conv1d(0, 3), "conv1d/filters"],
      [() => layers.conv1d(2, 0), "conv1d/kernel-size"],
      [() => layers.conv1d(2, [3, 3]), "conv1d/kernel-size"],
      [() => layers.conv2d(2, undefined as never), "conv2d/kernel-size"],
      [() => layers.conv2d(2, [3]), "conv2d/kernel-size"],
      [() => layers.conv2d(2, 3, { strides: [1, 0] }), "conv2d/strides"],
      [() => layers.conv2d(2, 3, { dilationRate: 1.5 }), "conv2d/dilation-rate"],
      [() => layers.conv2d(2, 3, { padding: "causal" as never }), "conv2d/padding"],
      [() => layers.conv2d(2, 3, { groups: 0 }), "conv2d/groups"],
      [() => layers.maxPooling2d({ poolSize: [2, 2, 2] }), "max-pooling2d/pool-size"],
      [() => layers.averagePooling1d({ strides: -1 }), "average-pooling1d/strides"],
      [() => layers.averagePooling1d({ padding: "full" as never }), "average-pooling1d/padding"],
      [() => layers.globalMaxPooling1d({ keepdims: 1 as never }), "global-max-pooling1d/keepdims"],
    ];
    for (const [make, code] of cases) expect(make, code).toThrow(expect.objectContaining({ code }));
  });

  it("refuse rows that do not fit, when the network is built", () => {
    const cases: [LayerSpec, readonly number[], string][] = [
      [layers.conv2d(2, 3), [28, 28], "conv2d/rank"],
      [layers.conv1d(2, 3), [8, 8, 1], "conv1d/rank"],
      [layers.conv1d(2, 9), [8, 1], "conv1d/too-small"],
      [layers.conv1d(2, 3, { dilationRate: 4 }), [8, 1], "conv1d/too-small"],
      [layers.conv2d(4, 3, { groups: 2 }), [8, 8, 3], "conv2d/groups"],
      [layers.conv2d(3, 3, { groups: 2 }), [8, 8, 4], "conv2d/groups"],
      [layers.maxPooling2d(), [28], "max-pooling2d/rank"],
      [layers.maxPooling1d({ poolSize: 9 }), [8, 1], "max-pooling1d/too-small"],
      [layers.globalAveragePooling2d(), [8, 8], "global-average-pooling2d/rank"],
    ];
    for (const [spec, inputShape, code] of cases) {
      const placed = { ...spec, config: { ...spec.config, inputShape } };
      expect(() => buildNetwork([placed]), code).toThrow(expect.objectContaining({ code }));
    }
  });
});

import { describe, expect, it } from "vitest";
import { constant, evaluateFloat64, gradient, input } from "../../src/graph/index.ts";
import * as layers from "../../src/layers.ts";
import { someNumbers } from "./differentiate.ts";
import { buildNetwork } from "./face.ts";

describe("normalisations", () => {
  it.each([
    ["batchNormalization", layers.batchNormalization({ inputShape: [6], epsilon: 0 })],
    ["layerNormalization", layers.layerNormalization({ inputShape: [6], epsilon: 0 })],
  ])("%s in float32 keeps all its digits beside a large offset, gradient included", (_, spec) => {
    // Exact in float32; their means are not.
    const values = someNumbers(30).map((v) => 4097 + Math.round(v * 1024) / 1024);
    const run = (dtype: "float32" | "float64") => {
      const network = buildNetwork([spec]);
      const x = input("x", dtype, [5, 6]);
      const weights = new Map(network.weights.map((w) => [w, constant(w.name === "beta" ? 0 : 1, dtype, w.shape)]));
      const { output, updates } = network.forward(x, weights, { training: true, dtype });
      const cotangent = constant(someNumbers(30, 5).map(Math.fround), dtype, [5, 6]);
      return evaluateFloat64(
        [output, ...gradient(output, [x], cotangent), ...updates.values()],
        new Map([[x, values]]),
        (node, numbers) => {
          if (node.dtype === "float32") numbers.set(Float32Array.from(numbers));
        },
      );
    };
    const [got, truth] = [run("float32"), run("float64")];
    for (const [i, numbers] of truth.entries()) {
      const largest = Math.max(...numbers.map(Math.abs));
      const errors = numbers.map((value, j) => Math.abs(got[i]![j]! - value) / largest);
      expect(Math.max(...errors)).toBeLessThan(1e-6);
    }
  });
});

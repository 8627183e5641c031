import { describe, expect, it } from "vitest";
import { interpreterDevice } from "../../src/backends/interpreter/device.ts";
import { wasmDevice } from "../../src/backends/wasm/device.ts";
import * as layers from "../../src/layers.ts";
import { readGolden } from "../golden/compare.ts";
import { type InitializerCase, type LayerCase, runInitializerCase, runLayerCase } from "../golden/dispatch-layers.ts";

const { cases } = readGolden<{ cases: LayerCase[] }>("training/layers.json.gz");
const initializers = readGolden<{ cases: InitializerCase[]; layerDefaults: Record<string, Record<string, unknown>> }>(
  "training/initializers.json.gz",
);

/** Why a case is not run, and how many there are of each: this shrinks. */
const notRun: Readonly<Record<string, number>> = {
  "no layer einsumDense": 1,
  "no layer permute": 1,
  "no layer repeatVector": 1,
  "no layer rescaling": 1,
  "no layer unitNormalization": 1,
  "no layer leakyReLU": 1,
  "no layer elu": 1,
  "no layer prelu": 2,
  "no layer relu": 1,
  "no layer softmax": 1,
  "no layer spatialDropout1d": 1,
  "no layer gaussianNoise": 1,
  "no layer gaussianDropout": 1,
  "no layer alphaDropout": 1,
  "no masks": 2,
  "no layer rmsNormalization": 2,
  "no layer groupNormalization": 3,
  "no layer depthwiseConv2d": 3,
  "no layer depthwiseConv1d": 2,
  "no layer separableConv2d": 2,
  "no layer separableConv1d": 2,
  "no layer conv1dTranspose": 2,
  "no layer conv2dTranspose": 2,
  "no layer zeroPadding1d": 1,
  "no layer zeroPadding2d": 1,
  "no layer cropping1d": 1,
  "no layer cropping2d": 1,
  "no layer upSampling1d": 1,
  "no layer upSampling2d": 2,
  "no layer simpleRNN": 8,
  "no layer lstm": 8,
  "no layer gru": 9,
  "no layer bidirectional": 6,
  "no layer timeDistributed": 2,
  "no layer multiHeadAttention": 6,
  "no layer groupQueryAttention": 1,
  "no layer attention": 3,
  "no layer additiveAttention": 1,
  "no layer add": 2,
  "no layer multiply": 1,
  "no layer average": 1,
  "no layer maximum": 1,
  "no layer minimum": 1,
  "no layer subtract": 1,
  "no layer concatenate": 2,
  "no layer dot": 2,
  "Keras 3.15 adds up cumulative sums in sparsemax, so that its rows do not sum to 1; ours follow the definition": 1,
};

/** Options that have no default. */
const needed: Readonly<Record<string, Record<string, unknown>>> = {
  dense: { units: 3 },
  embedding: { inputDim: 4, outputDim: 3 },
  conv1d: { filters: 2, kernelSize: 2 },
  conv2d: { filters: 2, kernelSize: 2 },
};

describe("golden layers", () => {
  it.each([
    ["float64", "the reference evaluator", undefined],
    ["float32", "the reference evaluator", undefined],
    ["float64", "the interpreter", interpreterDevice],
    ["float32", "the interpreter", interpreterDevice],
    ["float64", "WebAssembly", wasmDevice],
    ["float32", "WebAssembly", wasmDevice],
  ] as const)("agree with Keras in %s on %s", async (dtype, _, makeDevice) => {
    const device = makeDevice?.();
    const counts: Record<string, number> = {};
    let passed = 0;
    for (const golden of cases) {
      const { status, errors } = await runLayerCase(golden, { dtype, device });
      if (status === "unsupported") counts[errors[0]!] = (counts[errors[0]!] ?? 0) + 1;
      else expect(errors, golden.id).toEqual([]);
      if (status === "passed") passed++;
    }
    expect(counts).toEqual(notRun);
    expect(passed).toBe(126);
    expect(cases).toHaveLength(224);
  });

  it("can fail", async () => {
    const golden = cases.find((c) => c.id === "dense/tanh-3d")!;
    const weights = golden.weights!.map((w) => ({ ...w, gradient: w.value }));
    expect((await runLayerCase({ ...golden, weights }, { dtype: "float64" })).status).toBe("failed");
    expect((await runLayerCase({ ...golden, weights: [] }, { dtype: "float64" })).status).toBe("failed");
  });
});

describe("golden initializers", () => {
  it("draw from what Keras draws from", async () => {
    let passed = 0;
    for (const golden of initializers.cases) {
      const { status, errors } = await runInitializerCase(golden);
      expect(errors, golden.id).toEqual([]);
      if (status === "passed") passed++;
    }
    expect(passed).toBe(70);
  });

  it("can fail", async () => {
    const uniform = initializers.cases.find((c) => c.id === "glorotUniform/20x16")!;
    expect((await runInitializerCase({ ...uniform, stddev: uniform.stddev! * 1.03 })).status).toBe("failed");
    expect((await runInitializerCase({ ...uniform, upper: uniform.upper! * 0.99 })).status).toBe("failed");
  });

  it("are the defaults that Keras's layers have", () => {
    let count = 0;
    for (const [name, defaults] of Object.entries(initializers.layerDefaults)) {
      const factory = Object.entries(layers).find(([key]) => key === name)?.[1];
      if (factory === undefined) continue;
      const config = factory.layerType.toConfig(factory.layerType.parse(needed[name] ?? {}));
      for (const [option, initializer] of Object.entries(defaults)) {
        const { name: ours, options } = config[option] as { name: string; options: object };
        expect({ name: ours, ...options }, `${name}.${option}`).toEqual(initializer);
        count++;
      }
    }
    expect(count).toBe(13);
  });
});

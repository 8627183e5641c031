/** Model files from somebody who means harm, and files that got damaged: each is refused by name, before anything of its size is made. */
import { layers, type Model, ModelFileError, modelFromBytes, optimizers, sequential } from "surprisal";
import { beforeAll, describe, expect, test } from "vitest";
import { Tensor } from "../../src/base/tensor.ts";
import { ThreefryStream } from "../../src/base/threefry.ts";
import type { Device } from "../../src/compile/device.ts";
import { interpreter } from "../../src/devices.ts";
import { forge, type Loose, type Parts, sampleBytes, sampleModel, x } from "./sample.ts";

let bytes: Uint8Array;
beforeAll(async () => {
  bytes = await sampleBytes();
});

/** Whatever is asked of it, it was too early. */
let allocations = 0;
const watched: Device = {
  ...interpreter(),
  allocate(dtype, shape) {
    allocations++;
    return interpreter().allocate(dtype, shape);
  },
};

async function refusalOf(file: Uint8Array, options: object = {}): Promise<ModelFileError> {
  allocations = 0;
  const outcome = await modelFromBytes(file, { device: watched, ...options }).then(
    () => "it was accepted",
    (error: unknown) => error,
  );
  expect(outcome).toBeInstanceOf(ModelFileError);
  expect(allocations).toBe(0);
  const error = outcome as ModelFileError;
  for (const part of [error.received, error.expected, error.hint]) expect(part.length).toBeGreaterThan(3);
  expect(error.message.length).toBeLessThan(2000);
  expect(error.code, error.message).not.toBe("model-file/unreadable");
  return error;
}

/** Values that are the wrong kind wherever they come. */
const strange: readonly Loose[] = [
  null,
  true,
  -1,
  0.5,
  1e300,
  2 ** 53,
  "",
  "constructor",
  "toString",
  "../../etc/passwd",
  "a".repeat(5000),
  [],
  [[]],
  {},
  { name: "hasOwnProperty" },
  { toString: 1 },
  { name: { toString: 1 }, options: {} },
];

/** Every place of a value, as a path. */
function* places(value: Loose, path: (string | number)[] = []): Generator<(string | number)[]> {
  yield path;
  if (typeof value !== "object" || value === null) return;
  for (const key of Object.keys(value)) yield* places(value[key], [...path, Array.isArray(value) ? Number(key) : key]);
}

function edit(root: Loose, path: readonly (string | number)[], change: (holder: Loose, key: string | number) => void) {
  let holder = root;
  for (const key of path.slice(0, -1)) holder = holder[key];
  change(holder, path.at(-1) as string | number);
}

/** A file is either refused by name or a model that works. */
async function refusedOrSound(file: Uint8Array): Promise<"refused" | "sound"> {
  allocations = 0;
  let model: Model;
  try {
    model = await modelFromBytes(file, { device: watched });
  } catch (error) {
    expect(error, String((error as Error).stack)).toBeInstanceOf(ModelFileError);
    expect((error as ModelFileError).code, (error as Error).message).not.toBe("model-file/unreadable");
    expect(allocations).toBe(0);
    return "refused";
  }
  expect((await model.predict(x.slice(0, 2))).shape).toEqual([2, 3]);
  return "sound";
}

test("the forger's tools alone change nothing", async () => {
  expect(await refusedOrSound(forge(bytes, () => {}))).toBe("sound");
});

describe("forged content, with a checksum that fits", () => {
  const cases: Record<string, [RegExp, (parts: Parts) => void]> = {
    "another library's file": [/not-a-model/, ({ metadata }) => metadata.delete("surprisal.format")],
    "a newer format": [/newer-format/, ({ metadata }) => metadata.set("surprisal.format", "2")],
    "a format that is no number": [/bad-format/, ({ metadata }) => metadata.set("surprisal.format", "1e3")],
    "no checksum": [/no-checksum/, ({ metadata }) => metadata.delete("surprisal.checksum")],
    "a key of ours that is not known": [/unknown-key/, ({ metadata }) => metadata.set("surprisal.run", "rm")],
    "no configuration": [
      /no-config/,
      (parts) => {
        parts.config = undefined;
        parts.metadata.delete("surprisal.config");
      },
    ],
    "a configuration that is no JSON": [/^json\//, (parts) => (parts.config = "process.exit()")],
    "a key that reaches a prototype": [/json\/forbidden-key/, (parts) => (parts.config = '{"__proto__": {}}')],
    "a key twice": [/json\/duplicate-key/, (parts) => (parts.config = '{"layers": [], "layers": []}')],
    "JSON that is too deep": [/json\/too-deep/, (parts) => (parts.config = "[".repeat(1e5))],
    "preprocessing that is no JSON": [/^json\//, ({ metadata }) => metadata.set("surprisal.preprocessing", "{")],
    "a layer type that does not exist": [/bad-content/, ({ config }) => (config.layers[0].type = "lambda")],
    "a layer type of Object's": [/bad-content/, ({ config }) => (config.layers[0].type = "constructor")],
    "a layer option that does not exist": [/bad-content/, ({ config }) => (config.layers[0].config.code = "1 + 1")],
    "a layer field that does not exist": [/bad-content/, ({ config }) => (config.layers[0].module = "fs")],
    "a field in an initializer": [
      /bad-content|unknown-field/,
      ({ config }) => (config.layers[0].config.kernelInitializer.file = "/dev/zero"),
    ],
    "no layers": [/bad-content/, ({ config }) => (config.layers = [])],
    "ever so many layers": [
      /too-many-layers/,
      ({ config }) => {
        const more = Array.from({ length: 5000 }, () => ({ type: "flatten", config: {} }));
        config.layers.push(...more);
      },
    ],
    "more units than the file holds": [/tensor-mismatch/, ({ config }) => (config.layers[0].config.units = 2 ** 40)],
    "an input that fits nowhere": [
      /tensor-mismatch/,
      ({ config }) => (config.layers[0].config.inputShape = [2 ** 50, 2 ** 50]),
    ],
    "a name that is a path": [/bad-content/, ({ config }) => (config.layers[0].config.name = "../weights")],
    "two layers of one name": [/bad-content/, ({ config }) => (config.layers[3].config.name = "hidden")],
    "an unknown activation": [/bad-content/, ({ config }) => (config.layers[0].config.activation.name = "eval")],
    "an unknown optimizer": [/bad-content/, ({ config }) => (config.compiled.optimizer.name = "valueOf")],
    "another optimizer than the values are of": [
      /missing-tensor|extra-tensor/,
      ({ config }) => (config.compiled.optimizer = { name: "sgd", options: {} }),
    ],
    "a field in the optimizer": [/bad-content/, ({ config }) => (config.compiled.optimizer.module = "fs")],
    "an option of the optimizer": [/bad-content/, ({ config }) => (config.compiled.optimizer.options.hook = "x")],
    "a field in a schedule": [
      /bad-content/,
      ({ config }) => {
        const options = { initialLearningRate: 0.1, decaySteps: 10 };
        config.compiled.optimizer.options.learningRate = { name: "cosineDecay", options, onStep: "x" };
      },
    ],
    "an unknown loss": [/bad-content/, ({ config }) => (config.compiled.loss.name = "__defineGetter__")],
    "a parameter of the loss": [/bad-content/, ({ config }) => (config.compiled.loss.params.hook = "x")],
    "a field in the reduction": [
      /bad-content/,
      ({ config }) => (config.compiled.loss.params.reduction = { op: "mean", over: "rows", hook: "x" }),
    ],
    "an unknown metric": [/bad-content/, ({ config }) => (config.compiled.metrics[0].config.name = "fetch")],
    "a metric that would need a gigabyte": [
      /metrics-too-big/,
      ({ config }) => {
        const auc = { name: "auc", options: { numThresholds: 1e6, multiLabel: true } };
        config.compiled.metrics = Array.from({ length: 3 }, () => ({ weighted: false, config: auc }));
      },
    ],
    "a metric that would need a terabyte": [
      /bad-content/,
      ({ config }) => {
        const auc = { name: "auc", options: { numThresholds: 1e12 } };
        config.compiled.metrics = [{ weighted: false, config: auc }];
      },
    ],
    "a part of one's own that nobody brings": [/bad-content/, ({ config }) => (config.compiled.loss.custom = true)],
    "training without an optimizer": [/no-optimizer/, ({ config }) => delete config.compiled],
    "updates below nothing": [/bad-updates/, ({ config }) => (config.training.updates = -1)],
    "more updates than are counted": [/bad-updates/, ({ config }) => (config.training.updates = 2 ** 31)],
    "a rate below nothing": [/bad-rate/, ({ config }) => (config.training.learningRate = -0.1)],
    "no rate": [/bad-rate/, ({ config }) => delete config.training.learningRate],
    "a dtype of integers": [/bad-dtype/, ({ config }) => (config.dtype = "int32")],
    "another dtype than the weights'": [/tensor-mismatch/, ({ config }) => (config.dtype = "float64")],
    "a seed that is no number": [/bad-seed/, ({ config }) => (config.seed = "7")],
    "arithmetic without a name": [/bad-arithmetic/, ({ config }) => (config.arithmetic = 1)],
    "a field that does not exist": [/bad-content/, ({ config }) => (config.hooks = [])],
    "a weight too few": [/missing-tensor/, ({ tensors }) => tensors.delete("hidden/kernel")],
    "an optimizer value too few": [
      /missing-tensor/,
      ({ tensors }) => tensors.delete([...tensors.keys()].find((name) => name.startsWith("optimizer/")) as string),
    ],
    "a tensor too many": [/extra-tensor/, ({ tensors }) => tensors.set("more", new Tensor(new Float32Array(1), [1]))],
    "a weight of another shape": [
      /tensor-mismatch/,
      ({ tensors }) => tensors.set("hidden/kernel", tensors.get("hidden/kernel")!.reshape([5, 3])),
    ],
    "a weight of another dtype": [
      /tensor-mismatch/,
      ({ tensors }) => tensors.set("hidden/bias", tensors.get("hidden/bias")!.cast("int32")),
    ],
  };
  test.each(Object.entries(cases))("%s", async (_, [code, change]) => {
    const error = await refusalOf(forge(bytes, change));
    expect(error.code, error.message).toMatch(code);
  });

  test("optimizer values that the configuration does not speak of", async () => {
    const without = await sampleModel("interpreter", "float32", optimizers.adam()).toBytes();
    const value = new Tensor(new Float32Array(15), [3, 5]);
    const forged = forge(without, ({ tensors }) => tensors.set("optimizer/hidden/kernel/momentum", value));
    for (const compile of [true, false]) expect((await refusalOf(forged, { compile })).code).toMatch(/extra-tensor/);
  });
});

test("a strange value in every place of the configuration", async () => {
  let config: Loose;
  forge(bytes, (parts) => {
    config = parts.config;
  });
  const tally = { refused: 0, sound: 0 };
  const all = [...places(config)].filter((path) => path.length > 0);
  for (const path of all) {
    for (const value of strange) {
      const file = forge(bytes, (parts) => edit(parts.config, path, (holder, key) => (holder[key] = value)));
      tally[await refusedOrSound(file)]++;
    }
    const without = forge(bytes, (parts) => {
      edit(parts.config, path, (holder, key) =>
        Array.isArray(holder) ? holder.splice(Number(key), 1) : delete holder[key],
      );
    });
    tally[await refusedOrSound(without)]++;
    const more = forge(bytes, (parts) => {
      edit(parts.config, path, (holder, key) => {
        if (typeof holder[key] === "object") holder[key].onLoad = "alert(1)";
        else holder[key] = { onLoad: "alert(1)" };
      });
    });
    if (!Array.isArray(path.reduce((at, key) => at[key], config))) await refusalOf(more);
  }
  expect(all.length).toBeGreaterThan(80);
  expect(tally.refused).toBeGreaterThan(1000);
  // Seeds, names, options that have a default: some changes are another sound model.
  expect(tally.sound).toBeGreaterThan(50);
});

test("a byte changed, anywhere: the checksum or the format's own checks find it", async () => {
  const random = new ThreefryStream(11);
  const step = Math.ceil(bytes.length / 600);
  let files = 0;
  for (let at = 0; at < bytes.length; at += 1 + random.below(2 * step)) {
    const file = bytes.slice();
    file[at] = (file[at] as number) ^ (1 << random.below(8));
    await refusalOf(file);
    files++;
  }
  expect(files).toBeGreaterThan(300);
});

test("a file cut off, or with something after it", async () => {
  for (const length of [0, 1, 7, 8, 9, 100, bytes.length >> 1, bytes.length - 1])
    await refusalOf(bytes.slice(0, length));
  const longer = new Uint8Array(bytes.length + 1);
  longer.set(bytes);
  await refusalOf(longer);
});

test("a network so long that walking it might use up the stack", async () => {
  const saved = sequential([layers.dense(1, { inputShape: [3] })], { device: "interpreter" });
  saved.compile({ optimizer: "sgd", loss: "mse" });
  const long = forge(await saved.toBytes(), ({ config }) => {
    const tanh = { type: "activation", config: { activation: { name: "tanh", options: {} } } };
    config.layers.push(
      ...Array.from({ length: 4095 }, (_, i) => ({ ...tanh, config: { ...tanh.config, name: `a${i}` } })),
    );
    config.compiled.loss = { name: "binaryCrossentropy", params: { fromLogits: true } };
  });
  const model = await modelFromBytes(long, { device: "interpreter" });
  expect((await model.predict(x)).shape).toEqual([45, 1]);
});

import { describe, expect, it } from "vitest";
import { SurprisalError } from "../../src/base/errors.ts";
import { constant, evaluateFloat64, input } from "../../src/graph/index.ts";
import * as layers from "../../src/layers.ts";
import { buildNetwork, networkFromConfig, regularizers } from "./face.ts";

const deep = () => [
  layers.dense(64, { inputShape: [20], activation: "relu", kernelRegularizer: regularizers.l2(1e-4) }),
  layers.batchNormalization(),
  layers.dropout(0.3),
  layers.dense(3, { activation: "softmax" }),
];

const refusal = (f: () => unknown): SurprisalError => {
  try {
    f();
  } catch (error) {
    expect(error).toBeInstanceOf(SurprisalError);
    return error as SurprisalError;
  }
  throw new Error("nothing was refused");
};

describe("buildNetwork", () => {
  it("names layers and weights as Keras does", () => {
    const network = buildNetwork(deep());
    expect(network.weights.map((w) => w.path)).toEqual([
      "dense/kernel",
      "dense/bias",
      "batchNormalization/gamma",
      "batchNormalization/beta",
      "batchNormalization/movingMean",
      "batchNormalization/movingVariance",
      "dense_1/kernel",
      "dense_1/bias",
    ]);
    expect(network.inputShape).toEqual([20]);
    expect(network.outputShape).toEqual([3]);
    expect(network.weights.filter((w) => !w.trainable).map((w) => w.name)).toEqual(["movingMean", "movingVariance"]);
  });

  it("does not give a layer the name that another one has chosen", () => {
    const network = buildNetwork([
      layers.dense(2, { inputShape: [2] }),
      layers.dense(2, { name: "dense_1" }),
      layers.dense(2),
      layers.dense(2, { name: "dense" }),
    ]);
    expect(network.toConfig().map((l) => l.config.name)).toEqual(["dense_2", "dense_1", "dense_3", "dense"]);
  });

  it("takes the shape from layers.input as well", () => {
    const network = buildNetwork([layers.input([20]), layers.dense(1)]);
    expect(network.inputShape).toEqual([20]);
    expect(network.weights.map((w) => w.shape)).toEqual([[20, 1], [1]]);
    expect(network.summary()).toBe(buildNetwork([layers.dense(1, { inputShape: [20] })]).summary());
    expect(networkFromConfig(network.toConfig()).inputShape).toEqual([20]);
  });

  it("leaves the layers it was given as they were: they can be used again", () => {
    const list = deep();
    expect(buildNetwork(list).toConfig()).toEqual(buildNetwork(list).toConfig());
    expect(list[3]!.config.name).toBeUndefined();
  });

  it("says which layer is wrong, and what to do", () => {
    const cases: [() => unknown, string, string][] = [
      [() => buildNetwork([]), "sequential/no-layers", "no layers"],
      [() => buildNetwork([layers.input([3])]), "sequential/no-layers", "only inputs"],
      [() => buildNetwork(undefined as never), "sequential/not-a-layer", "undefined"],
      [() => buildNetwork([layers.dense as never]), "sequential/not-a-layer", "entry 0 is a function"],
      [() => buildNetwork([layers.dense(1)]), "sequential/no-input-shape", `layer "dense"`],
      [
        () => buildNetwork([layers.dense(1, { inputShape: [20], activation: "softmax" })]),
        "softmax/too-few-units",
        `layer "dense"`,
      ],
      [
        () => buildNetwork([layers.dense(1, { inputShape: [2] }), layers.activation("logSoftmax")]),
        "log-softmax/too-few-units",
        `layer "activation"`,
      ],
      [
        () => buildNetwork([layers.dense(4, { inputShape: [2] }), layers.dense(1, { inputShape: [5] })]),
        "sequential/input-shape",
        `layer "dense_1"`,
      ],
      [
        () => buildNetwork([layers.dense(4, { inputShape: [2], name: "a" }), layers.dense(1, { name: "a" })]),
        "sequential/same-name",
        `"a"`,
      ],
      [
        () =>
          buildNetwork([layers.dense(6, { inputShape: [2], name: "wide" }), layers.reshape([4], { name: "folded" })]),
        "reshape/size",
        `layer "folded"`,
      ],
    ];
    for (const [make, code, named] of cases) {
      const error = refusal(make);
      expect(error.code).toBe(code);
      expect(error.received).toContain(named);
      expect(error.message).toBe(`${error.received}, but ${error.expected}. ${error.hint}`);
    }
    expect(refusal(() => buildNetwork([layers.dense(1, { inputShape: [20], activation: "softmax" })])).message).toBe(
      `layer "dense": softmax was asked for on 1 unit, but it divides 1 among at least 2; on one it is constant and nothing can learn. For two classes use one unit with activation "sigmoid", or two units; for more, one unit a class.`,
    );
  });
});

describe("forward", () => {
  it("refuses a batch of another shape, and missing weights", () => {
    const network = buildNetwork([layers.dense(1, { inputShape: [20] })]);
    const forward = (shape: number[]) =>
      network.forward(input("x", "float32", shape), new Map(), { training: false, dtype: "float32" });
    for (const shape of [[5, 19], [20], [5, 20, 1], []]) {
      expect(refusal(() => forward(shape))).toMatchObject({
        code: "network/input",
        expected: expect.stringContaining("[20]"),
      });
    }
    expect(refusal(() => forward([5, 20]))).toMatchObject({
      code: "network/missing-weight",
      received: expect.stringContaining("dense/kernel"),
    });
  });

  it("computes what the formula says", () => {
    const network = buildNetwork([layers.dense(2, { inputShape: [2], activation: "relu" }), layers.dense(1)]);
    const values = [[1, -1, 2, 3], [0.5, -20], [10, 100], [1000]];
    const weights = new Map(network.weights.map((w, i) => [w, constant(values[i]!, "float64", w.shape)]));
    const x = constant([1, 2, 3, 4], "float64", [2, 2]);
    const { output } = network.forward(x, weights, { training: false, dtype: "float64" });
    // (1,2)·[[1,−1],[2,3]] + (0.5,−20) = (5.5,−15) → 55 + 0; (3,4): (11.5,−11).
    expect([...evaluateFloat64([output], new Map())[0]!]).toEqual([1055, 1115]);
  });

  it("sums the penalties of weights, and has none without regularizers", () => {
    const network = buildNetwork([
      layers.dense(1, {
        inputShape: [2],
        kernelRegularizer: regularizers.l2(0.5),
        biasRegularizer: regularizers.l1(3),
      }),
    ]);
    const weights = new Map(network.weights.map((w) => [w, constant(-2, "float64", w.shape)]));
    expect(evaluateFloat64([network.weightPenalty(weights)!], new Map())[0]).toEqual(Float64Array.of(0.5 * 8 + 3 * 2));
    const plain = buildNetwork([layers.dense(1, { inputShape: [2] })]);
    expect(plain.weightPenalty(new Map())).toBeUndefined();
  });
});

describe("initialise", () => {
  it("gives the same values for a seed, others for another, and each weight its own", () => {
    const network = buildNetwork([layers.dense(8, { inputShape: [8] }), layers.dense(8), layers.batchNormalization()]);
    const values = network.initialise(0);
    expect(values.map((v) => v.length)).toEqual([64, 8, 64, 8, 8, 8, 8, 8]);
    expect(network.initialise(0)).toEqual(values);
    expect(network.initialise(1)[0]).not.toEqual(values[0]);
    expect(values[2]).not.toEqual(values[0]);
    expect(values.slice(3).map((v) => v[0])).toEqual([0, 1, 0, 0, 1]);
  });

  it("names the weight whose initializer does not fit it", () => {
    const network = buildNetwork([layers.dense(2, { inputShape: [2], biasInitializer: "identity" })]);
    expect(refusal(() => network.initialise(0))).toMatchObject({
      code: "identity/not-a-matrix",
      received: expect.stringContaining("dense/bias"),
    });
  });
});

describe("summary", () => {
  it("is a table of layers, shapes and parameters", () => {
    expect(`\n${buildNetwork(deep()).summary()}\n`).toBe(`
┌─────────────────────────────────────────┬──────────────┬────────┐
│ Layer (type)                            │ Output shape │ Params │
├─────────────────────────────────────────┼──────────────┼────────┤
│ dense (dense)                           │ [batch, 64]  │  1,344 │
│ batchNormalization (batchNormalization) │ [batch, 64]  │    256 │
│ dropout (dropout)                       │ [batch, 64]  │      0 │
│ dense_1 (dense)                         │ [batch, 3]   │    195 │
└─────────────────────────────────────────┴──────────────┴────────┘
Total params: 1,795
Trainable params: 1,667
Non-trainable params: 128
`);
  });
});

describe("networkFromConfig", () => {
  const good = () => JSON.parse(JSON.stringify(buildNetwork(deep()).toConfig()));

  it("makes the same network again", () => {
    const network = networkFromConfig(good());
    expect(network.toConfig()).toEqual(good());
    expect(network.initialise(5)).toEqual(buildNetwork(deep()).initialise(5));
    expect(network.weights[0]!.regularizer!.toConfig()).toEqual({ name: "l2", options: { l2: 1e-4 } });
  });

  it("refuses everything it does not know", () => {
    const change = (edit: (config: ReturnType<typeof good>) => void) => {
      const config = good();
      edit(config);
      return () => networkFromConfig(config);
    };
    const cases: [() => unknown, string][] = [
      [() => networkFromConfig(null), "network-config/not-a-list"],
      [() => networkFromConfig({ layers: good() }), "network-config/not-a-list"],
      [() => networkFromConfig([]), "sequential/no-layers"],
      [() => networkFromConfig([null]), "network-config/fields"],
      [() => networkFromConfig(["dense"]), "network-config/fields"],
      [change((c) => (c[0].type = "lambda")), "layer/unknown-name"],
      [change((c) => (c[0].type = "constructor")), "layer/unknown-name"],
      [change((c) => (c[0].type = 3)), "network-config/fields"],
      [change((c) => (c[0].code = "x")), "network-config/fields"],
      [change((c) => (c[0].config = [])), "dense/options"],
      [change((c) => (c[0].config = "x")), "dense/options"],
      [change((c) => (c[0].config = null)), "dense/options"],
      [change((c) => (c[0].config.units = Infinity)), "dense/units"],
      [change((c) => (c[0].config.units = null)), "dense/units"],
      [change((c) => (c[0].config.wide = 1)), "dense-option/unknown-name"],
      [change((c) => delete c[0].config.units), "dense/units"],
      [change((c) => (c[0].config.activation = { name: "eval", options: {} })), "activation/unknown-name"],
      [change((c) => (c[0].config.activation.options = { slope: 1 })), "relu-option/unknown-name"],
      [change((c) => (c[0].config.activation.options = null)), "relu/options"],
      [change((c) => (c[0].config.activation.file = "/etc/passwd")), "activation/not-one"],
      [change((c) => (c[0].config.kernelRegularizer = { name: "l2", options: { l2: "1" } })), "l2/l2"],
      [change((c) => (c[0].config.inputShape = [])), "dense/rank"],
      [change((c) => (c[0].config.inputShape = ["20"])), "dense/input-shape"],
      [change((c) => (c[1].config.name = "dense")), "sequential/same-name"],
      [change((c) => (c[2].config.rate = 2)), "dropout/rate"],
    ];
    for (const [make, code] of cases) expect(refusal(make).code).toBe(code);
    expect(refusal(change((c) => (c[2].config.rate = 2))).received).toContain("layer 2");
  });

  it("survives anything JSON can say, with a typed error", () => {
    const strange = [
      null,
      true,
      0,
      -1,
      1e308,
      "",
      "relu",
      [],
      {},
      [[]],
      { name: "l2" },
      { toConfig: 1 },
      { name: "__proto__", options: {} },
    ];
    let refused = 0;
    for (const index of [0, 1, 2, 3]) {
      for (const option of Object.keys(good()[index].config)) {
        for (const value of strange) {
          const config = good();
          config[index].config[option] = value;
          try {
            networkFromConfig(config);
          } catch (error) {
            expect(error).toBeInstanceOf(SurprisalError);
            refused++;
          }
        }
      }
    }
    expect(refused).toBeGreaterThan(300);
  });
});

import { describe, expect, it } from "vitest";
import {
  add,
  constant,
  evaluateFloat64,
  gradient,
  input,
  type Node,
  randomUniform,
  sum,
} from "../../src/graph/index.ts";
import * as layers from "../../src/layers.ts";
import type { LayerSpec } from "../../src/model/contract.ts";
import { gradientError, someNumbers } from "./differentiate.ts";
import { buildNetwork, layerTypeOf, layerTypes, networkFromConfig, regularizers } from "./face.ts";
import { type Example, examples } from "./layerExamples.ts";

const rows = 4;
/** A network of the one layer (an input is followed by something, as it must be). */
function networkOf({ spec, inputShape }: Example) {
  const placed = { ...spec, config: { ...spec.config, inputShape } };
  return buildNetwork(spec.layerType.placeholder ? [placed, layers.activation("linear")] : [placed]);
}

function wired(example: Example, training: boolean) {
  const network = networkOf(example);
  const size = example.inputShape.reduce((a, b) => a * b, rows);
  const x = input("x", "float64", [rows, ...example.inputShape]);
  const values = example.indices ? Array.from({ length: size }, (_, i) => (i * 3) % 4) : someNumbers(size);
  const weights = new Map(network.weights.map((weight) => [weight, input(weight.path, "float64", weight.shape)]));
  const feeds = new Map<Node, number[]>([[x, values]]);
  network.weights.forEach((weight, i) => {
    // Variances must be positive.
    const own = someNumbers(
      weight.shape.reduce((a, b) => a * b, 1),
      31 * (i + 1),
    );
    feeds.set(weights.get(weight)!, weight.name === "movingVariance" ? own.map((v) => 0.5 + Math.abs(v)) : own);
  });
  const zero = constant(0, "int32");
  const random = (stream: number, shape: readonly number[]) => randomUniform(zero, zero, stream, "float64", shape);
  return { network, x, weights, feeds, ...network.forward(x, weights, { training, dtype: "float64", random }) };
}

describe("every layer", () => {
  it("has an example", () => {
    expect([...new Set(examples.map(({ spec }) => spec.layerType.type))].sort()).toEqual(
      layerTypes.map(({ type }) => type).sort(),
    );
    expect(layerTypes).toHaveLength(20);
    for (const [name, factory] of Object.entries(layers)) expect(factory.layerType.type).toBe(name);
  });

  it.each(examples.map((e) => [`${e.spec.layerType.type} on [${e.inputShape}]`, e] as const))(
    "%s: shapes, weights, configuration",
    (_, example) => {
      const { network, output } = wired(example, false);
      expect(network.outputShape).toEqual(example.outputShape);
      expect(output.shape).toEqual([rows, ...example.outputShape]);
      expect(network.weights.map((w) => `${w.name} [${w.shape}]`)).toEqual(example.weights);
      expect(network.weights.map((w) => w.path)).toEqual(
        network.weights.map((w) => `${example.spec.config.name ?? example.spec.layerType.type}/${w.name}`),
      );

      const config = network.toConfig();
      const again = networkFromConfig(JSON.parse(JSON.stringify(config)));
      expect(again.toConfig()).toEqual(config);
      expect(again.outputShape).toEqual(network.outputShape);
      expect(again.initialise(3)).toEqual(network.initialise(3));
      expect(again.summary()).toBe(network.summary());
      // Every option that is written is one that is read, and the name is one of them.
      expect(config[0]!.config).toEqual({
        ...config[0]!.config,
        name: expect.any(String),
        inputShape: example.inputShape,
      });
    },
  );

  it.each(
    examples.flatMap((e) =>
      [false, true].map(
        (t) => [`${e.spec.layerType.type} on [${e.inputShape}]`, t ? "training" : "inference", e, t] as const,
      ),
    ),
  )(
    "%s, %s: gradients of output, updates and penalties are those of central differences",
    (_, __, example, training) => {
      const { output, updates, penalties, feeds, x } = wired(example, training);
      const moved = new Map([...feeds].filter(([node]) => !(example.indices && node === x)));
      const whole = [...updates.values(), ...penalties].reduce<Node>((total, node) => add(total, sum(node)), output);
      const fixed = example.indices ? feeds.get(x) : undefined;
      if (moved.size === 0) return;
      if (fixed === undefined) expect(gradientError(whole, moved)).toBeLessThan(1e-8);
      else {
        // The indices as a constant, so that only weights move.
        const network = networkOf(example);
        const weights = new Map(network.weights.map((w, i) => [w, [...moved.keys()][i]!]));
        const at = constant(fixed, "int32", x.shape);
        expect(gradientError(network.forward(at, weights, { training, dtype: "float64" }).output, moved)).toBeLessThan(
          1e-8,
        );
      }
    },
  );

  it.each(examples.map((e) => [`${e.spec.layerType.type} on [${e.inputShape}]`, e] as const))(
    "%s: builds in float32, from int32 as well",
    (_, example) => {
      const network = networkOf(example);
      const weights = new Map(network.weights.map((w) => [w, input(w.path, "float32", w.shape)]));
      for (const dtype of ["float32", "float64", "int32"] as const) {
        const x = input("x", dtype, [rows, ...example.inputShape]);
        const random = (_: number, shape: readonly number[]) => input("random", "float32", shape);
        expect(network.forward(x, weights, { training: true, dtype: "float32", random }).output.dtype).toBe("float32");
      }
    },
  );
});

describe("weights", () => {
  it("carry the regularizer, constraint and initializer that the options name", () => {
    const cases: [(options: object) => LayerSpec, readonly string[]][] = [
      [(options) => layers.dense(2, options), ["kernel", "bias"]],
      [(options) => layers.conv2d(2, 1, { ...options, inputShape: [2, 2, 4] }), ["kernel", "bias"]],
      [(options) => layers.embedding(3, 2, options), ["embeddings"]],
      [(options) => layers.batchNormalization(options), ["gamma", "beta"]],
      [(options) => layers.layerNormalization(options), ["gamma", "beta"]],
    ];
    for (const [make, names] of cases) {
      for (const name of names) {
        const options = {
          [`${name}Regularizer`]: "l1",
          [`${name}Constraint`]: "nonNeg",
          [`${name}Initializer`]: "lecunNormal",
        };
        for (const weight of buildNetwork([make({ inputShape: [4], ...options })]).weights) {
          const carried = [weight.regularizer?.name, weight.constraint?.name];
          expect(carried, weight.path).toEqual(weight.name === name ? ["l1", "nonNeg"] : [undefined, undefined]);
          expect(weight.initializer.name === "lecunNormal", weight.path).toBe(weight.name === name);
        }
      }
    }
  });
});

describe("dense", () => {
  it("penalises activity by the mean over rows", () => {
    const network = buildNetwork([layers.dense(2, { inputShape: [1], activityRegularizer: regularizers.l2(0.5) })]);
    const x = constant([1, 2, 3], "float64", [3, 1]);
    const weights = new Map(network.weights.map((w) => [w, constant(1, "float64", w.shape)]));
    const { penalties } = network.forward(x, weights, { training: true, dtype: "float64" });
    // Outputs are 2, 3, 4, twice each: ½ · 2 · (4 + 9 + 16) / 3.
    expect(evaluateFloat64(penalties, new Map()).map((v) => v[0])).toEqual([29 / 3]);
  });

  it("refuses options that do not fit, naming them", () => {
    const cases: [() => unknown, string][] = [
      [() => layers.dense(0), "dense/units"],
      [() => layers.dense(2.5), "dense/units"],
      [() => layers.dense(undefined as never), "dense/units"],
      [() => layers.dense("64" as never), "dense/units"],
      [() => layers.dense(1, { useBias: 1 as never }), "dense/use-bias"],
      [() => layers.dense(1, { activation: "rleu" }), "activation/unknown-name"],
      [() => layers.dense(1, { kernelInitializer: 3 as never }), "initializer/not-one"],
      [() => layers.dense(1, { kernelRegularizer: { name: "l2", options: { l2: -1 } } }), "l2/l2"],
      [() => layers.dense(1, { inputShape: 20 as never }), "dense/input-shape"],
      [() => layers.dense(1, { inputShape: [20.5] }), "dense/input-shape"],
      [() => layers.dense(1, { inputShape: [null as never, 20] }), "dense/input-shape"],
      [() => layers.dense(1, { name: "a/b" }), "dense/name"],
      [() => layers.dense(1, { name: "" }), "dense/name"],
      [() => layers.dense(1, { activations: "relu" } as never), "dense-option/unknown-name"],
      [() => layers.dense(1, "relu" as never), "dense/options"],
      [() => layers.dense(1, null as never), "dense/options"],
      [() => layers.dense(1, JSON.parse(`{"__proto__": {"useBias": false}}`)), "dense-option/unknown-name"],
    ];
    for (const [make, code] of cases) expect(make).toThrow(expect.objectContaining({ code }));
    expect(() => layers.dense(1, { activation: null, kernelRegularizer: null })).not.toThrow();
  });
});

describe("dropout", () => {
  const ones = constant(1, "float64", [200, 50]);
  const run = (spec: LayerSpec, step = 0, x: Node = ones) => {
    const [seed, at] = [constant(9, "int32"), constant(step, "int32")];
    const network = buildNetwork([{ ...spec, config: { ...spec.config, inputShape: x.shape.slice(1) } }]);
    const random = (stream: number, shape: readonly number[]) => randomUniform(seed, at, stream, "float64", shape);
    return evaluateFloat64(
      [network.forward(x, new Map(), { training: true, dtype: "float64", random }).output],
      new Map(),
    )[0]!;
  };

  it("drops that share, and keeps the mean", () => {
    for (const rate of [0.1, 0.5, 0.8]) {
      const y = run(layers.dropout(rate));
      expect([...new Set(y)].sort()).toEqual([0, 1 / (1 - rate)]);
      expect(Math.abs(y.filter((v) => v === 0).length / y.length - rate)).toBeLessThan(
        4 * Math.sqrt((rate * (1 - rate)) / y.length),
      );
    }
  });

  it("differs between steps, not between runs", () => {
    expect(run(layers.dropout(0.5), 1)).toEqual(run(layers.dropout(0.5), 1));
    expect(run(layers.dropout(0.5), 1)).not.toEqual(run(layers.dropout(0.5), 2));
  });

  it("differs between layers, and leaves the first streams alone", () => {
    const streams: number[] = [];
    const network = buildNetwork([layers.dropout(0.5, { inputShape: [3] }), layers.dropout(0.5), layers.dropout(0.2)]);
    const random = (stream: number, shape: readonly number[]) => {
      streams.push(stream);
      return constant(0.5, "float64", shape);
    };
    network.forward(constant(1, "float64", [2, 3]), new Map(), { training: true, dtype: "float64", random });
    expect(streams).toEqual([256, 512, 768]);
  });

  it("does nothing at rate 0, drops all at rate 1, shares a mask along an axis of 1", () => {
    expect(run(layers.dropout(0))).toEqual(new Float64Array(ones.shape[0]! * 50).fill(1));
    expect(run(layers.dropout(1))).toEqual(new Float64Array(ones.shape[0]! * 50));
    const shared = run(layers.dropout(0.5, { noiseShape: [1, null] }));
    expect(shared.slice(0, 50)).toEqual(shared.slice(50, 100));
    expect(new Set(shared).size).toBe(2);
  });

  it("does not let a dropped infinity through", () => {
    const y = run(layers.dropout(0.5), 0, constant(Infinity, "float64", [1, 20]));
    expect([...new Set(y)].sort()).toEqual([0, Infinity]);
  });

  it("refuses rates outside [0, 1], unfit noise shapes, and training without random numbers", () => {
    for (const rate of [-0.1, 1.1, Number.NaN, "0.5" as never]) {
      expect(() => layers.dropout(rate)).toThrow(expect.objectContaining({ code: "dropout/rate" }));
    }
    expect(() => layers.dropout(0.5, { noiseShape: [0] })).toThrow(
      expect.objectContaining({ code: "dropout/noise-shape" }),
    );
    expect(() => buildNetwork([layers.dropout(0.5, { noiseShape: [null, 2], inputShape: [3] })])).toThrow(
      expect.objectContaining({ code: "dropout/noise-shape" }),
    );
    const network = buildNetwork([layers.dropout(0.5, { inputShape: [3] })]);
    expect(() =>
      network.forward(constant(1, "float64", [2, 3]), new Map(), { training: true, dtype: "float64" }),
    ).toThrow(expect.objectContaining({ code: "network/no-random", received: expect.stringContaining(`"dropout"`) }));
  });
});

describe("embedding", () => {
  const network = buildNetwork([layers.embedding(3, 2, { inputShape: [4] })]);
  const table = input("table", "float64", [3, 2]);
  const weights = new Map([[network.weights[0]!, table]]);
  const values = new Map([[table, [1, 2, 3, 4, 5, 6]]]);

  it("never reads a neighbour for an index that does not exist", () => {
    const x = constant([0, 2, 3, -1, 0.5, -0.5, Number.NaN, 1], "float64", [2, 4]);
    const { output } = network.forward(x, weights, { training: false, dtype: "float64" });
    const none = Number.NaN;
    expect([...evaluateFloat64([output], values)[0]!]).toEqual([
      1,
      2,
      5,
      6,
      none,
      none,
      none,
      none,
      none,
      none,
      none,
      none,
      none,
      none,
      3,
      4,
    ]);
  });

  it("adds up the gradients of repeated indices", () => {
    const x = constant([1, 1, 1, 0], "int32", [1, 4]);
    const { output } = network.forward(x, weights, { training: true, dtype: "float64" });
    expect([...evaluateFloat64(gradient(sum(output), [table]), values)[0]!]).toEqual([1, 1, 3, 3, 0, 0]);
  });
});

describe("shapes that do not fit", () => {
  it("are refused when the network is built", () => {
    const cases: [LayerSpec[], string][] = [
      [[layers.reshape([5], { inputShape: [2, 3] })], "reshape/size"],
      [[layers.reshape([-1, 4], { inputShape: [2, 3] })], "reshape/size"],
      [[layers.dense(2, { inputShape: [] })], "dense/rank"],
      [[layers.batchNormalization({ axis: 0, inputShape: [3] })], "batch-normalization/axis"],
      [[layers.batchNormalization({ inputShape: [] })], "batch-normalization/axis"],
      [[layers.batchNormalization({ axis: 2, inputShape: [3] })], "shape/no-such-axis"],
      [[layers.layerNormalization({ axis: [0, 1], inputShape: [3] })], "layer-normalization/axis"],
      [[layers.dense(3, { activation: "glu", inputShape: [3] })], "glu/odd"],
    ];
    for (const [list, code] of cases) {
      const name = list[0]!.layerType.type;
      expect(() => buildNetwork(list), code).toThrow(
        expect.objectContaining({ code, received: expect.stringContaining(`layer "${name}"`) }),
      );
    }
    expect(() => layers.reshape([-1, -1])).toThrow(expect.objectContaining({ code: "reshape/target-shape" }));
    expect(() => layers.reshape([0])).toThrow(expect.objectContaining({ code: "reshape/target-shape" }));
    expect(() => layerTypeOf("dens")).toThrow(expect.objectContaining({ code: "layer/unknown-name" }));
  });
});

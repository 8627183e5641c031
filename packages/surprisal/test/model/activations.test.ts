import { describe, expect, it } from "vitest";
import * as activations from "../../src/activations.ts";
import { evaluateFloat64, gradient, input, type Node } from "../../src/graph/index.ts";
import { activationRegistry } from "../../src/model/activations/registry.ts";
import type { Activation } from "../../src/model/contract.ts";
import { gradientError } from "./differentiate.ts";

/** Options of those that need some, and a second setting of those that have any. */
const variants: Readonly<Record<string, readonly unknown[]>> = {
  threshold: [{ threshold: 0.7, defaultValue: -0.3 }],
  relu: [{}, { negativeSlope: 0.1 }, { maxValue: 2, threshold: 0.4 }],
  leakyRelu: [{}, 0.05],
  elu: [{}, 0.5],
  celu: [{}, 0.6],
  gelu: [{}, { approximate: true }],
  squareplus: [{}, 1.5],
  hardShrink: [{}, 0.8],
  softShrink: [{}, 0.8],
  softmax: [{}, 1],
  logSoftmax: [{}, 1],
  sparsemax: [{}, 1],
  glu: [{}, 1],
};

const everyVariant: [string, Activation][] = Object.entries(activations).flatMap(([name, factory]) =>
  (variants[name] ?? [{}]).map((options): [string, Activation] => [
    `${name} ${JSON.stringify(options)}`,
    (factory as (options: unknown) => Activation)(options),
  ]),
);

/** Four rows of six, none at a corner of any activation. */
const points = [
  [-6.1, -3.2, -2.9, -2.4, -1.3, -1.05],
  [-0.75, -0.45, -0.22, -0.01, 0.013, 0.21],
  [0.45, 0.76, 1.05, 1.3, 2.45, 2.91],
  [3.2, 5.93, 7.5, -0.6, 0.33, -1.71],
];

function run(activation: Activation, values: readonly number[][], dtype: "float32" | "float64" = "float64") {
  const x = input("x", dtype, [values.length, values[0]!.length]);
  const y = activation.apply(x);
  const [slopes] = gradient(y, [x], y);
  const round = dtype === "float32" ? (_: Node, v: Float64Array) => v.set(Float32Array.from(v)) : undefined;
  const [output, product] = evaluateFloat64(
    [y, slopes!],
    new Map([[x, values.flat().map(dtype === "float32" ? Math.fround : Number)]]),
    round,
  );
  return { y, output: output!, product: product! };
}

describe("activations", () => {
  it("stay in the range they declare, come near its ends, and share 1 where they say so", () => {
    // Sixteenths near 0, where the dips of silu and its kin lie, and far out on both sides.
    const sweep = Array.from({ length: 129 }, (_, i) => (i - 64) / 16);
    const rows = [...sweep, -1e4, -300, -30, 30, 300, 1e4].flatMap((x) => [
      [x, x, x, x],
      [x, 0, 0, 0],
      [x, -1e4, -1e4, -1e4],
    ]);
    for (const [name, activation] of everyVariant) {
      const { low, high, rows: shares } = activation.output;
      const { y, output } = run(activation, rows);
      const least = output.reduce((a, b) => Math.min(a, b));
      const most = output.reduce((a, b) => Math.max(a, b));
      expect(least, name).toBeGreaterThanOrEqual(low);
      expect(most, name).toBeLessThanOrEqual(high);
      expect(least, name).toBeLessThanOrEqual(low === -Infinity ? -50 : low + 2e-3);
      expect(most, name).toBeGreaterThanOrEqual(high === Infinity ? 50 : high - 2e-3);
      const width = y.shape.at(-1)!;
      const sums = rows.map((_, i) => {
        const row = Array.from(output.subarray(i * width, (i + 1) * width));
        return row.reduce((sum, v) => sum + (shares === "logDistribution" ? Math.exp(v) : v), 0);
      });
      const isShares = Math.max(...sums.map((sum) => Math.abs(sum - 1))) < 1e-12;
      // An axis of 1 is the last one here, but not everywhere.
      if (!name.endsWith(" 1")) expect(shares !== undefined, name).toBe(isShares);
    }
  });

  it("are named as they are exported, without two of one name", () => {
    for (const [key, factory] of Object.entries(activations)) expect(factory.definition.name).toBe(key);
    expect(Object.keys(activations).sort()).toEqual(activationRegistry.names);
    expect(activationRegistry.names).toHaveLength(30);
    expect(everyVariant).toHaveLength(43);
  });

  it.each(everyVariant)("%s: the gradient is that of central differences", (_, activation) => {
    const x = input("x", "float64", [4, 6]);
    expect(gradientError(activation.apply(x), new Map([[x, points.flat()]]))).toBeLessThan(2e-8);
  });

  it.each(everyVariant)("%s: gives the shape it announces, and survives its configuration", (_, activation) => {
    const { y, output } = run(activation, points);
    expect(y.shape.slice(1)).toEqual(activation.outputShape?.([6]) ?? [6]);
    const config = JSON.parse(JSON.stringify(activation.toConfig()));
    const again = activationRegistry.resolve(config);
    expect(again.toConfig()).toEqual(activation.toConfig());
    expect(run(again, points).output).toEqual(output);
  });

  it.each(everyVariant)("%s: NaN in is NaN out", (_, activation) => {
    const withNaN = points.map((row) => [...row]);
    withNaN[1]![2] = Number.NaN;
    expect([...run(activation, withNaN).output].some(Number.isNaN)).toBe(true);
  });

  it.each(everyVariant)("%s: value and gradient stay finite at large inputs in float32", (name, activation) => {
    // eˣ really overflows, and here the cotangent is the output itself.
    const large = name.startsWith("exponential") ? [-1e4, -88, -20, 10, 20, 40] : [-1e4, -110, -88, 88, 110, 1e4];
    const { output, product } = run(activation, [large, [...large].reverse()], "float32");
    expect([...output, ...product].filter((v) => !Number.isFinite(v))).toEqual([]);
  });

  it("keep the left tail of squareplus and the approximate gelu, where the textbook formulas cancel", () => {
    const tail = run(activations.squareplus(), [[-1e8, 1]]).output[0]!;
    expect(tail * 1e8).toBeCloseTo(1, 12);
    const gelu = run(activations.gelu({ approximate: true }), [[-6, 1]]).output[0]!;
    // ½x(1 + tanh u) = x e^{2u}/(1 + e^{2u})
    const u = Math.sqrt(2 / Math.PI) * (-6 - 0.044715 * 216);
    expect(gelu / ((-6 * Math.exp(2 * u)) / (1 + Math.exp(2 * u)))).toBeCloseTo(1, 12);
  });

  it("sparsemax gives distributions, with zeros", () => {
    const { output } = run(activations.sparsemax(), points);
    for (let r = 0; r < 4; r++) {
      const row = [...output.slice(6 * r, 6 * r + 6)];
      expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 14);
      expect(Math.min(...row)).toBe(0);
    }
    // Of (-1.139, 0.028, 0.898, -1.402, 1.827) the two largest remain: τ = (0.898 + 1.827 − 1) / 2.
    const known = run(activations.sparsemax(), [[-1.139, 0.028, 0.898, -1.402, 1.827]]).output;
    for (const [i, p] of [0, 0, 0.0355, 0, 0.9645].entries()) expect(known[i]).toBeCloseTo(p, 14);
  });

  it("are found under the names people try", () => {
    const tried = {
      leaky_relu: "leakyRelu",
      LeakyReLU: "leakyRelu",
      swish: "silu",
      hard_sigmoid: "hardSigmoid",
      ReLU: "relu",
      log_softmax: "logSoftmax",
      hardSwish: "hardSilu",
      identity: "linear",
    };
    for (const [name, expected] of Object.entries(tried)) expect(activationRegistry.resolve(name).name).toBe(expected);
    expect(activationRegistry.resolve(activations.relu).name).toBe("relu");
    expect(() => activationRegistry.resolve("sofmax")).toThrow(
      expect.objectContaining({ code: "activation/unknown-name", hint: expect.stringContaining(`"softmax"`) }),
    );
    expect(() => activationRegistry.resolve("__proto__")).toThrow(
      expect.objectContaining({ code: "activation/unknown-name" }),
    );
    for (const bad of [3, null, undefined, [], {}, { name: 3 }, { name: "relu", extra: 1 }, () => 1]) {
      expect(() => activationRegistry.resolve(bad)).toThrow(expect.objectContaining({ code: "activation/not-one" }));
    }
  });

  it("refuse options that do not fit", () => {
    expect(() => activations.relu({ maxValue: -1 })).toThrow(expect.objectContaining({ code: "relu/max-value" }));
    expect(() => activations.elu(Number.NaN)).toThrow(expect.objectContaining({ code: "elu/alpha" }));
    expect(() => activations.celu(0)).toThrow(expect.objectContaining({ code: "celu/alpha" }));
    expect(() => activations.threshold()).toThrow(expect.objectContaining({ code: "threshold/threshold" }));
    // @ts-expect-error: no such option
    expect(() => activations.gelu({ approximately: true })).toThrow(
      expect.objectContaining({ code: "gelu-option/unknown-name", hint: expect.stringContaining(`"approximate"`) }),
    );
    // @ts-expect-error: no options at all
    expect(() => activations.tanh({ alpha: 1 })).toThrow(expect.objectContaining({ code: "tanh/options" }));
    // @ts-expect-error: no shorthand
    expect(() => activations.tanh(3)).toThrow(expect.objectContaining({ code: "tanh/options" }));
  });
});

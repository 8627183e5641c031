import { describe, expect, it } from "vitest";
import { ThreefryStream } from "../../src/base/threefry.ts";
import type { Initializer } from "../../src/model/contract.ts";
import { initializerRegistry, initializers } from "./face.ts";

const variants: Readonly<Record<string, readonly unknown[]>> = {
  constant: [{}, 0.25],
  identity: [{}, 0.5],
  orthogonal: [{}, 1.7],
  randomUniform: [{}, { minval: -0.3, maxval: 0.7 }],
  randomNormal: [{}, { mean: 0.2, stddev: 1.5 }],
  truncatedNormal: [{}, { mean: -0.4, stddev: 0.8 }],
  varianceScaling: [{}, { scale: 2, mode: "fan_out", distribution: "untruncated_normal" }],
};

const everyVariant: [string, Initializer][] = Object.entries(initializers).flatMap(([name, factory]) =>
  (variants[name] ?? [{}]).map((options): [string, Initializer] => [
    `${name} ${JSON.stringify(options)}`,
    (factory as (options: unknown) => Initializer)(options),
  ]),
);

const stream = (seed = 0, index = 0) => new ThreefryStream(seed, index);

/** FNV-1a over the bytes: any changed bit shows. */
function fingerprint(values: Float64Array): string {
  let hash = 0x811c9dc5;
  const view = new DataView(new ArrayBuffer(8));
  for (const value of values) {
    view.setFloat64(0, value);
    for (let i = 0; i < 8; i++) hash = Math.imul(hash ^ view.getUint8(i), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, "0");
}

describe("initializers", () => {
  it("are named as they are exported", () => {
    for (const [key, factory] of Object.entries(initializers)) expect(factory.definition.name).toBe(key);
    expect(initializerRegistry.names).toEqual(Object.keys(initializers).sort());
    expect(initializerRegistry.names).toHaveLength(15);
    expect(everyVariant).toHaveLength(22);
  });

  it.each(everyVariant)("%s: same stream, same values; finite; survives its configuration", (_, initializer) => {
    const values = initializer.generate([7, 5], stream());
    expect(values).toHaveLength(35);
    expect(values.every(Number.isFinite)).toBe(true);
    expect(initializer.generate([7, 5], stream())).toEqual(values);
    const again = initializerRegistry.resolve(JSON.parse(JSON.stringify(initializer.toConfig())));
    expect(again.toConfig()).toEqual(initializer.toConfig());
    expect(again.generate([7, 5], stream())).toEqual(values);
  });

  it("give the bits they always gave: they use nothing that engines do differently", () => {
    const prints = Object.fromEntries(
      ["glorotUniform", "heNormal", "randomNormal", "orthogonal"].map((name) => [
        name,
        fingerprint(initializerRegistry.resolve(name).generate([32, 16], stream(42, 3))),
      ]),
    );
    expect(prints).toEqual({
      glorotUniform: "3ffef95f",
      heNormal: "3e804e75",
      randomNormal: "4ed6de3d",
      orthogonal: "9ac08ca1",
    });
  });

  it("draw finite numbers from the ends of the uniform stream", () => {
    for (const u of [0, 1 - 2 ** -53]) {
      for (const [, initializer] of everyVariant.filter(([name]) => !name.startsWith("orthogonal"))) {
        const [value] = initializer.generate([1, 1], { uniform: () => u });
        expect(Number.isFinite(value)).toBe(true);
      }
    }
    const cut = initializers.truncatedNormal({ stddev: 1 });
    const [low, high] = [0, 1 - 2 ** -53].map((u) => cut.generate([1], { uniform: () => u })[0]!);
    expect(low).toBe(-2);
    expect(high).toBeLessThanOrEqual(2);
    expect(high).toBeGreaterThan(1.9999999);
  });

  it("are found under the names people try", () => {
    const tried = {
      glorot_uniform: "glorotUniform",
      xavierUniform: "glorotUniform",
      kaimingNormal: "heNormal",
      HeNormal: "heNormal",
      uniform: "randomUniform",
      normal: "randomNormal",
      zero: "zeros",
      eye: "identity",
    };
    for (const [name, expected] of Object.entries(tried)) expect(initializerRegistry.resolve(name).name).toBe(expected);
    expect(() => initializerRegistry.resolve("glorotUnifrom")).toThrow(
      expect.objectContaining({ hint: expect.stringContaining(`"glorotUniform"`) }),
    );
  });

  it("refuse what makes no sense", () => {
    const cases: [() => unknown, string][] = [
      [() => initializers.randomUniform({ minval: 1, maxval: 0 }), "random-uniform/bounds"],
      [() => initializers.randomNormal({ stddev: -1 }), "random-normal/stddev"],
      [() => initializers.varianceScaling({ scale: 0 }), "variance-scaling/scale"],
      [() => initializers.varianceScaling({ mode: "fan" as never }), "variance-scaling/mode"],
      [() => initializers.constant(Infinity), "constant/value"],
      [() => initializers.orthogonal().generate([3], stream()), "orthogonal/not-a-matrix"],
      [() => initializers.identity().generate([2, 2, 2], stream()), "identity/not-a-matrix"],
    ];
    for (const [make, code] of cases) expect(make).toThrow(expect.objectContaining({ code }));
  });
});

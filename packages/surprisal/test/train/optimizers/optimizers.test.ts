import { describe, expect, test } from "vitest";
import { InvalidArgumentError, UnknownNameError } from "../../../src/base/errors.ts";
import { constant, evaluateFloat64, input, type Node } from "../../../src/graph/index.ts";
import * as optimizers from "../../../src/optimizers.ts";
import * as schedules from "../../../src/schedules.ts";
import { clipByGlobalNorm, clipByNorm, clipByValue } from "../../../src/train/optimizers/clip.ts";
import { oneMinusPower, power } from "../../../src/train/optimizers/powers.ts";

type Optimizer = optimizers.Optimizer;

/** Rounds float32 nodes as they are computed, as hardware would. */
function evaluate(node: Node, bindings: ReadonlyMap<Node, ArrayLike<number>> = new Map()): Float64Array {
  const rounding = (at: Node, values: Float64Array) => {
    if (at.dtype === "float32") values.set(Float32Array.from(values));
  };
  return evaluateFloat64([node], bindings, rounding)[0] as Float64Array;
}

/** Weights after each of the gradients, for a single weight. */
function follow(optimizer: Optimizer, start: number, gradients: readonly number[]): number[] {
  const scalar = (value: number) => constant(value, "float64");
  let parameter: Node = scalar(start);
  let slots = Object.fromEntries(optimizer.slots.map((s) => [s.name, scalar(s.initial) as Node]));
  let globals = Object.fromEntries(optimizer.globals.map((s) => [s.name, scalar(s.initial) as Node]));
  return gradients.map((g, t) => {
    const { learningRate } = optimizer;
    const rate = typeof learningRate === "number" ? learningRate : learningRate(t);
    const step = scalar(t + 1);
    const [gradient] = optimizer.transformGradients([scalar(g)]) as [Node];
    const next = optimizer.update({ parameter, gradient, slots, globals, learningRate: scalar(rate), step });
    const after = optimizer.updateGlobals?.({ globals, step }) ?? {};
    const value = (node: Node) => scalar(evaluate(node)[0] as number);
    parameter = value(next.parameter);
    slots = Object.fromEntries(Object.entries(next.slots).map(([k, node]) => [k, value(node)]));
    globals = Object.fromEntries(Object.entries(after).map(([k, node]) => [k, value(node)]));
    return evaluate(parameter)[0] as number;
  });
}

const names = optimizers.list().map((entry) => entry.name);

describe("every optimizer", () => {
  test("is found under its own spelling and others", () => {
    expect(names).toHaveLength(11);
    for (const name of names) expect(optimizers.get(name).name).toBe(name);
    for (const [typed, name] of [
      ["RMSprop", "rmsprop"],
      ["rms_prop", "rmsprop"],
      ["AdamW", "adamW"],
      ["SGD", "sgd"],
    ] as const) {
      expect(optimizers.get(typed).name).toBe(name);
    }
    const own = optimizers.adam();
    expect(optimizers.get(own)).toBe(own);
    expect(optimizers.get(optimizers.adam).toConfig()).toEqual(own.toConfig());
  });

  test.each(names)("%s gives back its configuration, and the same numbers from it", (name) => {
    const made = optimizers.fromConfig({ name, options: { learningRate: 0.03, weightDecay: 0.01, clipValue: 0.5 } });
    const config = JSON.parse(JSON.stringify(made.toConfig()));
    const again = optimizers.fromConfig(config);
    expect(again.toConfig()).toEqual(made.toConfig());
    const gradients = [0.3, -2, 0.1, 0.7];
    expect(follow(again, 1, gradients)).toEqual(follow(made, 1, gradients));
  });

  test.each(names)("%s goes downhill on a parabola", (name) => {
    const optimizer = optimizers.fromConfig({ name, options: { learningRate: 0.05 } });
    const value = (x: number) => follow(optimizer, x, [x])[0] as number;
    for (const x of [2, -2]) expect(Math.abs(value(x))).toBeLessThan(Math.abs(x));
  });

  test.each(names)("%s keeps the dtype and shape of what it updates", (name) => {
    const optimizer = optimizers.get(name);
    const like = (label: string) => input(label, "float32", [2, 3]);
    const scalar = (label: string) => input(label, "float32", []);
    const next = optimizer.update({
      parameter: like("w"),
      gradient: like("g"),
      slots: Object.fromEntries(optimizer.slots.map((s) => [s.name, like(s.name)])),
      globals: Object.fromEntries(optimizer.globals.map((s) => [s.name, scalar(s.name)])),
      learningRate: scalar("rate"),
      step: scalar("step"),
    });
    for (const node of [next.parameter, ...Object.values(next.slots)]) {
      expect([node.dtype, node.shape]).toEqual(["float32", [2, 3]]);
    }
    expect(Object.keys(next.slots).sort()).toEqual(optimizer.slots.map((s) => s.name).sort());
  });
});

describe("options", () => {
  test("have Keras's defaults", () => {
    const { options } = optimizers.adam().toConfig();
    expect(options).toMatchObject({ learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, amsgrad: false });
    expect(options).not.toHaveProperty("weightDecay");
    expect(optimizers.adamW().toConfig().options.weightDecay).toBe(0.004);
    expect(optimizers.sgd().learningRate).toBe(0.01);
    expect(optimizers.adadelta().toConfig().options).toMatchObject({ learningRate: 0.001, rho: 0.95 });
  });

  const wrong: readonly [() => unknown, new (...a: never[]) => Error, RegExp][] = [
    [() => optimizers.get("adm"), UnknownNameError, /"adm".*optimizer.*"adam"/],
    [() => optimizers.adam({ beta3: 1 } as never), UnknownNameError, /beta3.*"beta1"|"beta2"/],
    [() => optimizers.adam({ learningRate: -1 }), InvalidArgumentError, /learningRate: -1.*at least 0/],
    [() => optimizers.adam({ learningRate: Number.NaN }), InvalidArgumentError, /NaN/],
    [() => optimizers.adam({ learningRate: "0.1" as never }), InvalidArgumentError, /"0.1"/],
    [() => optimizers.adam({ beta1: 1 }), InvalidArgumentError, /less than 1/],
    [() => optimizers.adam({ epsilon: 0 }), InvalidArgumentError, /greater than 0/],
    [() => optimizers.sgd({ nesterov: 1 as never }), InvalidArgumentError, /true or false/],
    [() => optimizers.sgd({ clipNorm: 1, clipValue: 1 }), InvalidArgumentError, /clipNorm and clipValue/],
    [() => optimizers.sgd({ clipNorm: 0 }), InvalidArgumentError, /greater than 0/],
    [
      () => optimizers.sgd({ globalClipNorm: 1, gradientAccumulationSteps: 2 }),
      InvalidArgumentError,
      /globalClipNorm and gradientAccumulationSteps/,
    ],
    [() => optimizers.adam({ learningRate: (t) => 1 / (t + 1) }).toConfig(), InvalidArgumentError, /file/],
    [() => optimizers.adam({ learningRate: { name: "cosine" } as never }), UnknownNameError, /cosineDecay/],
  ];
  test.each(wrong)("wrong ones are refused with what came and what to do: %s", (f, type, says) => {
    expect(f).toThrow(type);
    expect(f).toThrow(says);
  });

  test("a schedule is read at the update index and written with the optimizer", () => {
    const learningRate = schedules.exponentialDecay({ initialLearningRate: 1, decaySteps: 1, decayRate: 0.5 });
    const made = optimizers.sgd({ learningRate });
    expect(follow(made, 0, [-1, -1, -1])).toEqual([1, 1.5, 1.75]);
    const config = JSON.parse(JSON.stringify(made.toConfig()));
    expect(config.options.learningRate.name).toBe("exponentialDecay");
    expect(follow(optimizers.fromConfig(config), 0, [-1, -1, -1])).toEqual([1, 1.5, 1.75]);
    expect(follow(optimizers.sgd({ learningRate: (t) => t }), 0, [-1, -1, -1])).toEqual([0, 1, 3]);
  });
});

describe("clipping", () => {
  const large = constant([3e20, 4e20], "float32");
  const values = (node: Node) => Array.from(evaluate(node));

  test("leaves alone what is within the limit, bit for bit", () => {
    const g = constant([0.3, -0.4], "float64");
    expect(values(clipByNorm(g, 0.5))).toEqual([0.3, -0.4]);
    expect(values(clipByNorm(constant([0, 0], "float64"), 0.5))).toEqual([0, 0]);
    expect(values(clipByValue(constant([0.3, -4], "float64"), 0.5))).toEqual([0.3, -0.5]);
  });

  test("does not lose a float32 gradient whose square overflows", () => {
    for (const node of [clipByNorm(large, 1), clipByGlobalNorm([large], 1)[0] as Node]) {
      const [a, b] = values(node) as [number, number];
      expect(a).toBeCloseTo(0.6, 6);
      expect(b).toBeCloseTo(0.8, 6);
    }
  });

  test("by the global norm uses one factor for all", () => {
    const parts = clipByGlobalNorm([constant([3], "float64"), constant([4], "float64")], 1);
    expect(parts.map((p) => values(p)[0])).toEqual([expect.closeTo(0.6, 12), expect.closeTo(0.8, 12)]);
    expect(clipByGlobalNorm([], 1)).toEqual([]);
  });

  test("lets NaN through, for those who look for it", () => {
    expect(values(clipByNorm(constant([Number.NaN, 1], "float64"), 1))).toEqual([Number.NaN, Number.NaN]);
  });
});

describe("powers of beta in float32", () => {
  test.each([1, 2, 10, 1000, 20000])("are right to the last digits at update %i", (t) => {
    const step = constant(t, "float32");
    for (const beta of [0.9, 0.999, 0.9999]) {
      const exact = -Math.expm1(t * Math.log(beta));
      expect(Math.abs((evaluate(oneMinusPower(beta, step))[0] as number) / exact - 1)).toBeLessThan(3e-7);
    }
    // exp magnifies the rounding of its argument, which is up to 0.0408 t here.
    const got = evaluate(power(0.96, step))[0] as number;
    expect(Math.abs(got - 0.96 ** t)).toBeLessThan(0.96 ** t * (1 + 0.0408 * t) * 1.2e-7 + 1e-44);
  });

  test("of 0 are 0", () => {
    expect(evaluate(power(0, constant(3, "float64")))[0]).toBe(0);
    expect(evaluate(oneMinusPower(0, constant(3, "float64")))[0]).toBe(1);
  });
});

describe("a centered rmsprop", () => {
  test("gives no NaN where rounding makes the variance negative", () => {
    const optimizer = optimizers.rmsprop({ centered: true });
    const [g, v] = [constant(4099.7, "float32"), Math.fround(4099.7 ** 2 * 0.999)];
    const next = optimizer.update({
      parameter: constant(1, "float32"),
      gradient: g,
      slots: { velocity: constant(v, "float32"), averageGradient: g },
      globals: {},
      learningRate: constant(0.001, "float32"),
      step: constant(5, "float32"),
    });
    expect(evaluate(next.parameter)[0]).toBeTypeOf("number");
    expect(evaluate(next.parameter)[0]).not.toBeNaN();
  });
});

describe("accumulation and averages", () => {
  test("the globals of nadam move once an update", () => {
    const gradients = [0.5, 0.25, -0.5];
    const plain = follow(optimizers.nadam({ learningRate: 0.1 }), 1, gradients);
    const thrice = gradients.flatMap((g) => [g - 0.25, g, g + 0.25]);
    const gathered = follow(optimizers.nadam({ learningRate: 0.1, gradientAccumulationSteps: 3 }), 1, thrice);
    expect(gathered.filter((_, t) => t % 3 === 2)).toEqual(plain.map((w) => expect.closeTo(w, 12)));
    expect(gathered.slice(0, 2)).toEqual([1, 1]);
  });

  test("averages are kept beside the weights, in the slot that the optimizer names", () => {
    const optimizer = optimizers.sgd({ learningRate: 1, useEma: true, emaMomentum: 0.5 });
    expect(optimizer.averageSlot).toBe("average");
    expect(optimizer.slots.map((s) => s.name)).toContain("average");
    expect(follow(optimizer, 0, [-1, -1])).toEqual([1, 2]);
    expect(optimizers.sgd().averageSlot).toBeUndefined();
  });
});

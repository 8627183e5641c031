/** `evaluate` as a user meets it: what it takes, how it aligns, what it refuses and with which words. */
import { describe, expect, test } from "vitest";
import { wasmDevice } from "../../src/backends/wasm/device.ts";
import { Tensor, tensor } from "../../src/base/tensor.ts";
import { constant, type Node } from "../../src/graph/index.ts";
import * as losses from "../../src/losses.ts";
import { roundingDevice } from "./roundingDevice.ts";

const { binaryCrossentropy, categoricalCrossentropy, hinge, huber, meanSquaredError, sparseCategoricalCrossentropy } =
  losses;

describe("data", () => {
  test("nested arrays are float64, typed arrays keep theirs, dtype decides", () => {
    const dtypeOf = (yPred: losses.TensorLike, options: object = {}) =>
      meanSquaredError.evaluate([1, 2], yPred, options).gradient.dtype;
    expect(dtypeOf([1.5, 2])).toBe("float64");
    expect(dtypeOf(Float32Array.of(1.5, 2))).toBe("float32");
    expect(dtypeOf(tensor([1.5, 2]))).toBe("float32");
    expect(dtypeOf(Int32Array.of(1, 2))).toBe("float64");
    expect(dtypeOf(tensor([1.5, 2]), { dtype: "float64" })).toBe("float64");
    expect(() => dtypeOf([1, 2], { dtype: "float16" })).toThrow(/float32 or float64/);
  });

  test("a list is so many samples of one output", () => {
    const result = binaryCrossentropy.evaluate([1, 0, 1], [0.5, 0.25, 1]);
    expect(result.perSample.toArray()).toEqual([Math.LN2, -Math.log(0.75), 0]);
    expect(result.gradient.shape).toEqual([3]);
    expect(result.divisor).toBe(3);
  });

  test("a list is one row for a loss over classes", () => {
    const result = categoricalCrossentropy.evaluate([0, 1, 0], [2, 1, 0.1], { fromLogits: true });
    expect(result.perSample.shape).toEqual([]);
    expect(result.value).toBeCloseTo(1.4170300162778335, 14);
  });

  test("[n] against [n, 1] is aligned, never broadcast", () => {
    const wanted = meanSquaredError.evaluate([[1], [2], [4]], [[1], [1], [1]]);
    expect(wanted.value).toBe(10 / 3);
    expect(meanSquaredError.evaluate([1, 2, 4], [[1], [1], [1]])).toEqual(wanted);
    expect(meanSquaredError.evaluate([[1], [2], [4]], [1, 1, 1]).value).toBe(10 / 3);
    expect(
      sparseCategoricalCrossentropy.evaluate(
        [[0], [1]],
        [
          [0.5, 0.5],
          [0.5, 0.5],
        ],
      ).value,
    ).toBe(Math.LN2);
    expect(() =>
      meanSquaredError.evaluate(
        [1, 2, 4],
        [
          [1, 1, 1],
          [1, 1, 1],
          [1, 1, 1],
        ],
      ),
    ).toThrow(/never broadcast/);
    expect(() => meanSquaredError.evaluate([[1, 2, 4]], [[1], [1], [1]])).toThrow(/yTrue of shape \[3, 1\]/);
    expect(() => sparseCategoricalCrossentropy.evaluate([[1, 0]], [[0.5, 0.5]])).toThrow(/class numbers/);
  });

  test("weights of rows reach every token", () => {
    const yPred = [
      [
        [0, 0],
        [0, 0],
      ],
      [
        [0, 0],
        [0, 0],
      ],
    ];
    const result = sparseCategoricalCrossentropy.evaluate(
      [
        [0, 1],
        [1, 0],
      ],
      yPred,
      {
        fromLogits: true,
        sampleWeight: [1, 3],
        reduction: "meanWithSampleWeight",
      },
    );
    expect(result.divisor).toBe(8);
    expect(result.value).toBeCloseTo(Math.LN2, 15);
    expect(() => sparseCategoricalCrossentropy.evaluate([0], [[1, 0]], { sampleWeight: [1, 2] })).toThrow(
      /\[2\].*\[1\]/,
    );
    expect(() => sparseCategoricalCrossentropy.evaluate([0], [[1, 0]], { sampleWeight: [Number.NaN] })).toThrow(
      /finite/,
    );
  });

  test("nothing at all costs nothing", () => {
    const boxes = ({ definition }: { definition: { task?: string } }) => definition.task === "boxes";
    for (const loss of losses.list().filter(losses.takesOneArray)) {
      // Boxes have four numbers, and nested arrays without rows cannot say so.
      const none = boxes(loss) ? new Tensor(new Float64Array(0), [0, 4]) : [];
      const { value, sum, divisor, perSample, gradient } = loss.evaluate(none, none);
      expect([loss.name, value, sum, divisor, perSample.size, gradient.size]).toEqual([loss.name, 0, 0, 0, 0, 0]);
      expect(loss.evaluate(none, none, { reduction: { op: "mean", zeroDivisor: "nan" } }).value).toBeNaN();
    }
  });

  test("70 000 classes, by the reference and compiled in float32", async () => {
    const classes = 70_000;
    const logits = Float32Array.from({ length: classes }, (_, c) => (c === 69_999 ? 3 : 0));
    const yPred = new Tensor(logits, [1, classes]);
    const own = Math.log(69_999 + Math.exp(3)) - 3;
    const options = { fromLogits: true, arithmetic: "float32" } as const;
    for (const [label, cost] of [
      [69_999, own],
      [65_536 + 1, own + 3],
    ] as const) {
      expect(sparseCategoricalCrossentropy.evaluate([label], yPred, options).value).toBeCloseTo(cost, 5);
      const compiled = await sparseCategoricalCrossentropy.evaluateOn(wasmDevice(), [label], yPred, options);
      expect(compiled.value).toBeCloseTo(cost, 5);
      expect(compiled.gradient.data.findIndex((g) => g < 0)).toBe(label);
    }
    expect(() => sparseCategoricalCrossentropy.evaluate([classes], yPred, options)).toThrow(/70000 classes/);
  });

  test("a large label never passes through a float", () => {
    const classes = 2 ** 24 + 2;
    const label = 2 ** 24 + 1;
    const loss = sparseCategoricalCrossentropy({ ignoreClass: label });
    // In float32 this label is 2^24, another one.
    const yPred = Float32Array.of(0.5, 0.5);
    expect(loss.evaluate([label], tensor(yPred, { shape: [1, 2] }), { dtype: "float32" }).sum).toBe(0);
    expect(() => loss.checkTargets([label - 1], [1], [1, classes])).not.toThrow();
    expect(() => loss.checkTargets([classes], [1], [1, classes])).toThrow(/numbered 0 to 16777217/);
  });
});

describe("reductions", () => {
  const yTrue = [0, 1, 2];
  const yPred = [
    [1, 0, 0],
    [0, 2, 1],
    [0.5, 0, 3],
  ];
  const options = { fromLogits: true, classWeight: [1, 10, 100] };
  const { perSample } = sparseCategoricalCrossentropy.evaluate(yTrue, yPred, options);
  const sum = Array.from(perSample.data).reduce((a, b) => a + b, 0);

  test("what four libraries mean by mean", () => {
    const divisor = (like: losses.Library, more: object = {}) =>
      sparseCategoricalCrossentropy.evaluate(yTrue, yPred, { ...options, ...more, reduction: { like } }).divisor;
    expect(divisor("keras")).toBe(3);
    expect(divisor("keras", { mask: [1, 0, 1] })).toBe(2);
    expect(divisor("pytorch")).toBe(111);
    expect(divisor("onnx", { ignoreClass: 1 })).toBe(101);
    expect(divisor("sklearn", { sampleWeight: [1, 2, 3], classWeight: undefined })).toBe(6);
    expect(divisor("tfjs", { sampleWeight: [1, 0, 3] })).toBe(2);
    const kl = losses.klDivergence.evaluate([[0.5, 0.5]], [[0.25, 0.75]], { reduction: { like: "pytorch" } });
    expect(kl.divisor).toBe(2);
  });

  test("by name", () => {
    const value = (reduction: losses.Reduction) =>
      sparseCategoricalCrossentropy.evaluate(yTrue, yPred, { ...options, reduction }).value;
    expect(value("sum")).toBeCloseTo(sum, 12);
    expect(value("none")).toBeCloseTo(sum, 12);
    expect(value("mean")).toBeCloseTo(sum / 3, 12);
    expect(value("sumOverBatchSize")).toBeCloseTo(sum / 3, 12);
    expect(value({ op: "mean", over: 5 })).toBeCloseTo(sum / 5, 12);
    expect(() => value("avg" as "sum")).toThrow(/"sum"/);
    expect(() => value({ op: "mean", over: "weights" as "rows" })).toThrow(/Did you mean/);
    expect(() => value({ op: "mean", over: Number.NaN })).toThrow(/finite/);
    expect(() => value({ like: "torch" as "pytorch" })).toThrow(/"pytorch"/);
  });

  test("different reductions do not merge", () => {
    const a = huber.evaluate([1], [2]);
    const b = huber.evaluate([1], [2], { reduction: "sum" });
    expect(() => losses.merge(a, b)).toThrow(/same reduction/);
    expect(losses.merge(a).value).toBe(a.value);
  });

  test("a divisor of 0: nothing, or NaN everywhere when asked", () => {
    const strict = { op: "mean", over: "weightSum", zeroDivisor: "nan" } as const;
    const nothing = meanSquaredError.evaluate([1, 2], [3, 4], {
      sampleWeight: [0, 0],
      reduction: "meanWithSampleWeight",
    });
    expect([nothing.value, nothing.divisor, ...nothing.gradient.data]).toEqual([0, 0, 0, 0]);
    const nan = meanSquaredError.evaluate([1, 2], [3, 4], { sampleWeight: [0, 0], reduction: strict });
    expect([nan.value, ...nan.gradient.data]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect(
      meanSquaredError.evaluate([1, 2], [3, 4], { sampleWeight: [0, 1], reduction: strict }).gradient.toArray(),
    ).toEqual([0, 4]);
  });
});

describe("what is refused", () => {
  const refused: [name: string, run: () => unknown, message: RegExp][] = [
    [
      "a label out of range",
      () =>
        sparseCategoricalCrossentropy.evaluate(
          [0, 3],
          [
            [1, 0],
            [0, 1],
          ],
        ),
      /row 2 of yTrue holds 3, but sparseCategoricalCrossentropy sees 2 classes, numbered 0 to 1/,
    ],
    [
      "a label that is no whole number",
      () => sparseCategoricalCrossentropy.evaluate([0.5], [[1, 0]]),
      /row 1 of yTrue holds 0.5.*whole class numbers/,
    ],
    ["a negative label", () => sparseCategoricalCrossentropy.evaluate([-100], [[1, 0]]), /holds -100/],
    [
      "class numbers given to a yes or no",
      () => binaryCrossentropy.evaluate([0, 2], [0.5, 0.5]),
      /row 2 of yTrue holds 2.*sparseCategoricalCrossentropy/,
    ],
    ["logits given as probabilities", () => binaryCrossentropy.evaluate([1], [3.5]), /fromLogits: true/],
    ["NaN in the targets", () => meanSquaredError.evaluate([Number.NaN], [1]), /row 1 of yTrue holds NaN/],
    ["strings in the targets", () => meanSquaredError.evaluate(["a"] as never, [1]), /LabelEncoder/],
    ["a negative share of a class", () => categoricalCrossentropy.evaluate([[-1, 2]], [[0.5, 0.5]]), /holds -1/],
    ["negative counts", () => losses.poisson.evaluate([-1], [1]), /numbers from 0 up/],
    ["two codes of a sign", () => hinge.evaluate([0, -1], [1, 1]), /both -1 and 0/],
    [
      "as many class weights as there are not",
      () => categoricalCrossentropy.evaluate([[1, 0]], [[0.5, 0.5]], { classWeight: [1, 2, 3] }),
      /classWeight has 3 numbers, but yPred has 2/,
    ],
    [
      "a posWeight that would stretch yPred",
      () => binaryCrossentropy.evaluate([1], [[0.5]], { posWeight: [1, 2] }),
      /posWeight has 2/,
    ],
    ["an option of another name", () => huber({ Delta: 2 } as never), /Did you mean "delta"/],
    [
      "an option out of range",
      () => huber({ delta: 0 }),
      /huber was given delta: 0, but it takes a number above 0. delta is the residual/,
    ],
    [
      "predictions of two kinds",
      () => categoricalCrossentropy({ fromLogits: true, normalize: true }),
      /more than one of/,
    ],
    [
      "a class mask where there are no classes",
      () => huber.evaluate([1], [1], { classMask: [1] }),
      /no classes to leave out/,
    ],
  ];
  test.each(refused)("%s", (_, run, message) => expect(run).toThrow(message));

  test("a rejected promise, not a thrown error, from a device", async () => {
    await expect(huber.evaluateOn({} as never, [Number.NaN], [1])).rejects.toThrow(/holds NaN/);
  });

  test("before training, softmax over one class", () => {
    const { checkTargets } = categoricalCrossentropy;
    expect(() => checkTargets([1, 1], [2, 1], [2, 1])).toThrow(/with one it is always 0.*sigmoid/s);
    expect(() => checkTargets([1, 0], [1, 2], [1, 2])).not.toThrow();
  });
});

describe("special cases", () => {
  test("labels that no host checked are NaN, not a plausible number", () => {
    const y = constant([0, 5, -1], "int32");
    const z = constant(0, "float64", [3, 2]);
    const { perSample } = sparseCategoricalCrossentropy({ fromLogits: true }).graph(y, z);
    expect(Array.from(perSample.op.evaluate(perSample, evaluateInputs(perSample)))).toEqual([
      Math.LN2,
      Number.NaN,
      Number.NaN,
    ]);
  });

  test("an ignored label may be any integer, and its row may hold NaN", () => {
    const result = sparseCategoricalCrossentropy.evaluate(
      [0, -100],
      [
        [0, 0],
        [Number.NaN, 1],
      ],
      {
        fromLogits: true,
        ignoreClass: -100,
      },
    );
    expect([result.value, result.divisor, ...result.perSample.data]).toEqual([Math.LN2, 1, Math.LN2, 0]);
    expect(result.gradient.toArray()).toEqual([
      [-0.5, 0.5],
      [0, 0],
    ]);
  });

  test("a small share of smoothing keeps its digits in float32", async () => {
    const share = 2 ** -20;
    const options = { fromLogits: true, labelSmoothing: share, dtype: "float32", arithmetic: "float32" } as const;
    const { value, gradient } = await binaryCrossentropy.evaluateOn(roundingDevice(), [1], [60], options);
    expect(Math.abs(value / (30 * share) - 1)).toBeLessThan(1e-6);
    expect(Math.abs((gradient.data[0] as number) / (share / 2) - 1)).toBeLessThan(1e-6);
    const odd = await binaryCrossentropy.evaluateOn(roundingDevice(), [1], [60], { ...options, labelSmoothing: 1e-6 });
    expect(Math.abs(odd.value / 30e-6 - 1)).toBeLessThan(1e-6);
  });

  test("hinge reads 0 and 1 as -1 and 1", () => {
    expect(hinge.evaluate([0, 1], [0.5, 0.5])).toEqual(hinge.evaluate([-1, 1], [0.5, 0.5]));
  });

  test("log y! by table and by series", () => {
    const full = (y: number) => losses.poisson.evaluate([y], [1], { full: true }).value - 1;
    let exact = 0;
    for (let y = 2; y <= 200; y++) {
      exact += Math.log(y);
      if (y > 30) expect(Math.abs(full(y) / exact - 1)).toBeLessThan(1e-14);
    }
    // Γ(3/2) = √π / 2, Γ(7/2) = 15 √π / 8
    expect(full(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI) / 2), 13);
    expect(full(2.5)).toBeCloseTo(Math.log((15 * Math.sqrt(Math.PI)) / 8), 13);
    expect([full(0), full(1)]).toEqual([0, 0]);
  });
});

/** Values of a node's inputs, for a node whose op is evaluated by hand. */
function evaluateInputs(node: { readonly inputs: readonly Node[] }): Float64Array[] {
  return node.inputs.map((x) => x.op.evaluate(x, evaluateInputs(x)));
}

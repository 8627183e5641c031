import { describe, expect, test } from "vitest";
import type { DType } from "../../../src/base/dtype.ts";
import { InvalidArgumentError, ShapeError, UnknownNameError } from "../../../src/base/errors.ts";
import { type Shape, sizeOf } from "../../../src/base/shape.ts";
import { constant, evaluateFloat64, type Node } from "../../../src/graph/index.ts";
import * as metrics from "../../../src/metrics.ts";

interface Batch {
  readonly yTrue: readonly number[];
  readonly yPred: readonly number[];
  readonly yTrueShape?: Shape;
  readonly yPredShape?: Shape;
  readonly targets?: "real" | "classIndex";
  readonly sampleWeight?: readonly number[];
  readonly dtype?: DType;
}

function contextOf({ yTrue, yPred, yTrueShape, yPredShape, targets = "real" }: Batch): metrics.MetricContext {
  return { yTrueShape: yTrueShape ?? [yTrue.length], yPredShape: yPredShape ?? [yPred.length], targets };
}

function measure(
  metric: metrics.MetricLike,
  ...batches: readonly Batch[]
): { value: number; values: readonly number[] } {
  const bound = metrics.get(metric, contextOf(batches[0] as Batch));
  let held: Record<string, Float64Array> = {};
  for (const s of bound.state) held[s.name] = new Float64Array(sizeOf(s.shape)).fill(s.initial);
  for (const batch of batches) {
    const { yTrueShape, yPredShape, targets } = contextOf(batch);
    const { dtype = "float64", sampleWeight } = batch;
    const rounded = (values: readonly number[]) => (dtype === "float32" ? values.map(Math.fround) : values);
    const shaped = (values: readonly number[], as: DType, shape: Shape) => constant(rounded(values), as, shape);
    const state = Object.fromEntries(
      bound.state.map((s) => [s.name, constant(Array.from(held[s.name] as Float64Array), "float64", s.shape) as Node]),
    );
    const next = bound.update({
      yTrue: shaped(batch.yTrue, targets === "classIndex" ? "int32" : dtype, yTrueShape),
      yPred: shaped(batch.yPred, dtype, yPredShape),
      state,
      ...(sampleWeight && { sampleWeight: shaped(sampleWeight, dtype, [sampleWeight.length]) }),
    });
    expect(Object.keys(next).sort()).toEqual(bound.state.map((s) => s.name).sort());
    const rounding = (node: Node, values: Float64Array) => {
      if (node.dtype === "float32") values.set(Float32Array.from(values));
    };
    held = Object.fromEntries(
      Object.entries(next).map(([name, node]) => {
        expect(node.dtype).toBe("float64");
        return [name, evaluateFloat64([node], new Map(), rounding)[0] as Float64Array];
      }),
    );
  }
  return { value: bound.result(held), values: bound.values?.(held) ?? [] };
}

const column = { yTrueShape: [4, 1], yPredShape: [4, 1] };
const scores = [0.1, 0.6, 0.3, 0.5, 0.2, 0.3, 0.2, 0.2, 0.6];
const three = { yPred: scores, yPredShape: [3, 3] };

describe("accuracy is chosen as in Keras", () => {
  test("one column: binary", () => {
    const batch = { ...column, yTrue: [1, 1, 1, 0], yPred: [0.9, 0.8, 0.2, 0.3] };
    expect(measure("accuracy", batch).value).toBe(0.75);
    expect(measure("acc", { ...batch, yTrueShape: [4] }).value).toBe(0.75);
    expect(measure("acc", { ...batch, yTrueShape: [4], targets: "classIndex" }).value).toBe(0.75);
    expect(measure("acc", { ...batch, yTrueShape: [4], yPredShape: [4] }).value).toBe(0.75);
  });

  test("class indices: sparse", () => {
    const batch = { ...three, yTrue: [1, 2, 2], targets: "classIndex" as const };
    expect(measure("accuracy", batch).value).toBe(2 / 3);
    expect(measure("accuracy", { ...batch, yTrueShape: [3, 1] }).value).toBe(2 / 3);
    expect(measure("accuracy", { ...batch, targets: "real", yTrueShape: [3, 1] }).value).toBe(2 / 3);
  });

  test("one-hot rows: categorical", () => {
    const yTrue = [0, 1, 0, 0, 0, 1, 0, 0, 1];
    expect(measure("accuracy", { ...three, yTrue, yTrueShape: [3, 3] }).value).toBe(2 / 3);
  });

  test("and keeps the name that was typed", () => {
    const context = contextOf({ ...three, yTrue: [0, 0, 0], targets: "classIndex" });
    expect(metrics.get("acc", context).name).toBe("acc");
    expect(metrics.get("accuracy", context).name).toBe("accuracy");
    expect(metrics.get("binary_accuracy", context).name).toBe("binaryAccuracy");
    expect(metrics.get("mse", context).name).toBe("mse");
    expect(metrics.get(metrics.accuracy({ name: "hits" }), context).name).toBe("hits");
    expect(metrics.get(metrics.accuracy, context).name).toBe("accuracy");
  });
});

describe("every metric", () => {
  const required: Readonly<Record<string, object>> = {
    sensitivityAtSpecificity: { specificity: 0.5 },
    specificityAtSensitivity: { sensitivity: 0.5 },
    precisionAtRecall: { recall: 0.5 },
    recallAtPrecision: { precision: 0.5 },
  };
  const all = metrics.list().map(({ name }) => name);

  test("is one of 36", () => expect(all).toHaveLength(36));

  test.each(all)("%s is the same from its configuration, and a batch cut in two is a batch", (name) => {
    const spec = metrics.fromConfig({ name, options: { ...required[name], name: "mine" } });
    const again = metrics.fromConfig(JSON.parse(JSON.stringify(spec.toConfig())));
    expect(again.toConfig()).toEqual(spec.toConfig());
    const sparse = name.startsWith("sparse");
    const batch = (from: number, to: number): Batch => ({
      yTrue: sparse ? [1, 2, 2].slice(from, to) : [0, 1, 0, 0, 0, 1, 0, 0, 1].slice(3 * from, 3 * to),
      yTrueShape: sparse ? [to - from] : [to - from, 3],
      yPred: scores.slice(3 * from, 3 * to),
      yPredShape: [to - from, 3],
      targets: sparse ? "classIndex" : "real",
      sampleWeight: [0.5, 2, 1].slice(from, to),
    });
    const whole = measure(spec, batch(0, 3)).value;
    expect(measure(again, batch(0, 1), batch(1, 3)).value).toBeCloseTo(whole, 12);
    expect(Number.isFinite(whole)).toBe(true);
    expect(metrics.get(spec, contextOf(batch(0, 3)))).toMatchObject({ name: "mine" });
  });

  test.each(all)("%s does not see a row of weight 0, whatever is in it", (name) => {
    const spec = metrics.fromConfig({ name, options: { ...required[name] } });
    const sparse = name.startsWith("sparse");
    const one = sparse ? [1] : [0, 1, 0];
    const base = { targets: sparse ? ("classIndex" as const) : ("real" as const) };
    const clean = {
      ...base,
      yTrue: one,
      yTrueShape: sparse ? [1] : [1, 3],
      yPred: scores.slice(0, 3),
      yPredShape: [1, 3],
    };
    const dirty: Batch = {
      ...base,
      yTrue: [...one, ...one],
      yTrueShape: sparse ? [2] : [2, 3],
      yPred: [...scores.slice(0, 3), Number.NaN, 2, Number.NaN],
      yPredShape: [2, 3],
      sampleWeight: [1, 0],
    };
    expect(measure(spec, dirty).value).toEqual(measure(spec, { ...clean, sampleWeight: [1] }).value);
  });
});

describe("weights and shapes", () => {
  test("[n] and [n, 1] are aligned, not broadcast", () => {
    const batch = { yTrue: [1, 2, 3, 4], yPred: [1, 2, 3, 5] };
    for (const [a, b] of [
      [[4], [4, 1]],
      [[4, 1], [4]],
      [
        [4, 1],
        [4, 1],
      ],
    ] as const) {
      expect(measure("mse", { ...batch, yTrueShape: a, yPredShape: b }).value).toBe(0.25);
    }
    expect(() => measure("mse", { ...batch, yTrueShape: [4], yPredShape: [2, 2] })).toThrow(ShapeError);
    expect(() => measure("mse", { ...batch, yTrueShape: [1, 4], yPredShape: [4, 1] })).toThrow(ShapeError);
    expect(() => measure("mse", { ...batch, ...column, sampleWeight: [1, 1] })).toThrow(/a weight for each row/);
  });

  test("weighted means divide by the sum of weights", () => {
    const batch = { ...column, yTrue: [1, 2, 3, 4], yPred: [1, 2, 3, 5], sampleWeight: [0, 0, 1, 3] };
    expect(measure("mse", batch).value).toBe(0.75);
    expect(measure("mse", { ...batch, sampleWeight: [0, 0, 0, 0] }).value).toBe(0);
  });

  test("outputs of more axes: a row counts once, and weights may reach into it", () => {
    const batch = { yTrue: [0, 0, 0, 0], yPred: [1, 1, 0, 0], yTrueShape: [1, 2, 2], yPredShape: [1, 2, 2] };
    expect(measure("mae", batch).value).toBe(0.5);
  });

  test("thresholds are compared in the predictions' own precision", () => {
    const batch = { ...column, yTrue: [1, 1, 1, 1], yPred: [0.3, 0.3, 0.3, 0.9], dtype: "float32" as const };
    expect(measure(metrics.binaryAccuracy({ threshold: 0.3 }), batch).value).toBe(0.25);
    expect(measure(metrics.recall({ thresholds: 0.3 }), batch).value).toBe(0.25);
  });

  test("counts stay exact in float64 where float32 would stop counting", () => {
    const bound = metrics.get("binaryAccuracy", { yTrueShape: [1, 1], yPredShape: [1, 1], targets: "real" });
    const one = constant(1, "float32", [1, 1]);
    const state = { total: constant(2 ** 24, "float64") as Node, count: constant(2 ** 24, "float64") as Node };
    const next = bound.update({ yTrue: one, yPred: one, state });
    expect(evaluateFloat64([next.total as Node, next.count as Node], new Map()).map((v) => v[0])).toEqual([
      2 ** 24 + 1,
      2 ** 24 + 1,
    ]);
  });
});

describe("top k", () => {
  const tied = { yPred: [0.4, 0.4, 0.4, 0.1], yPredShape: [1, 4], targets: "classIndex" as const };

  test("a tie counts for the target", () => {
    const at = (yTrue: number, k: number) =>
      measure(metrics.sparseTopKCategoricalAccuracy({ k }), { ...tied, yTrue: [yTrue] }).value;
    expect([at(2, 1), at(3, 3), at(3, 4), at(0, 9)]).toEqual([1, 0, 1, 1]);
  });

  test("a target without a score is missed", () => {
    const yPred = [0.4, Number.NaN, 0.4, 0.1];
    expect(measure(metrics.sparseTopKCategoricalAccuracy({ k: 2 }), { ...tied, yPred, yTrue: [1] }).value).toBe(0);
  });

  test("precision among the k highest takes exactly k of equal scores", () => {
    const batch = { yTrue: [1, 0, 0, 1], yTrueShape: [1, 4], yPred: tied.yPred, yPredShape: [1, 4] };
    expect(measure(metrics.precision({ topK: 2 }), batch).value).toBe(0.5);
    expect(measure(metrics.precision({ topK: 1 }), batch).value).toBe(1);
    expect(measure(metrics.recall({ topK: 9 }), batch).value).toBe(1);
  });
});

describe("thresholds", () => {
  const batch = { ...column, yTrue: [1, 1, 0, 0], yPred: [0.9, 0.4, 0.6, 0.1] };

  test("several: a figure for each, in the order given", () => {
    const { value, values } = measure(metrics.recall({ thresholds: [0.8, 0.3] }), batch);
    expect(values).toEqual([0.5, 1]);
    expect(value).toBe(0.5);
    expect(measure(metrics.falsePositives({ thresholds: [0.8, 0.3] }), batch).values).toEqual([0, 1]);
  });

  test("class indices are one-hot rows to them", () => {
    const sparse = { ...three, yTrue: [1, 2, 2], targets: "classIndex" as const };
    expect(measure(metrics.precision({ thresholds: 0.4 }), sparse).value).toBe(2 / 3);
    expect(measure(metrics.recall({ classId: 2, thresholds: 0.5 }), sparse).value).toBe(0.5);
  });

  test("a NaN prediction makes them NaN, not a plausible number", () => {
    const broken = { ...batch, yPred: [0.9, Number.NaN, 0.6, 0.1] };
    for (const name of ["precision", "recall", "auc", "truePositives"]) expect(measure(name, broken).value).toBeNaN();
    expect(measure(metrics.precisionAtRecall({ recall: 0.5 }), broken).value).toBeNaN();
  });
});

describe("auc", () => {
  test("is exact where scores stand apart, for both curves", () => {
    const batch = { ...column, yTrue: [0, 0, 1, 1], yPred: [0.1, 0.4, 0.35, 0.8] };
    expect(measure("auc", batch).value).toBeCloseTo(0.75, 12);
    const perfect = { ...batch, yPred: [0.1, 0.2, 0.7, 0.8] };
    expect(measure("auc", perfect).value).toBe(1);
    expect(measure(metrics.auc({ curve: "PR" }), perfect).value).toBeCloseTo(1, 12);
    expect(measure("auc", { ...perfect, yTrue: [1, 1, 0, 0] }).value).toBe(0);
  });

  test("logits that were not announced give NaN", () => {
    const batch = { ...column, yTrue: [0, 0, 1, 1], yPred: [-3, 0.4, 0.35, 2] };
    expect(measure("auc", batch).value).toBeNaN();
    expect(measure(metrics.auc({ fromLogits: true }), batch).value).toBeCloseTo(0.75, 12);
  });

  test("labels must be as many as it was told", () => {
    const batch = { ...three, yTrue: scores.map((s) => Number(s > 0.3)), yTrueShape: [3, 3] };
    expect(() => measure(metrics.auc({ multiLabel: true, labelWeights: [1, 2] }), batch)).toThrow(ShapeError);
    expect(measure(metrics.auc({ multiLabel: true, labelWeights: [1, 2, 3] }), batch).value).toBeCloseTo(1, 12);
  });
});

test("wrong names and options are refused", () => {
  const context = contextOf({ ...three, yTrue: scores, yTrueShape: [3, 3] });
  expect(() => metrics.get("acuracy", context)).toThrow(UnknownNameError);
  expect(() => metrics.get("acuracy", context)).toThrow(/"accuracy"/);
  expect(() => metrics.precision({ thresholds: 1.5 })).toThrow(InvalidArgumentError);
  expect(() => metrics.precision({ treshold: 0.5 } as never)).toThrow(/"thresholds"/);
  expect(() => metrics.topKCategoricalAccuracy({ k: 0 })).toThrow(InvalidArgumentError);
  expect(() => metrics.get(metrics.precision({ classId: 3 }), context)).toThrow(/classId 3/);
  expect(() => metrics.precisionAtRecall()).toThrow(/no recall/);
  expect(() => metrics.auc({ curve: "gain" as never })).toThrow(/"ROC", "PR"/);
  expect(() => metrics.auc({ name: "" })).toThrow(/name/);
  const unfit = { ...three, yTrue: [0, 1, 0, 0, 0, 1], yTrueShape: [3, 2] };
  expect(() => measure("categoricalAccuracy", unfit)).toThrow(/yTrue has shape \[3, 2\]/);
  expect(() => measure("sparseCategoricalAccuracy", unfit)).toThrow(/class index/);
});

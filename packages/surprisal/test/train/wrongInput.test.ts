/** Wrong input gives its typed error in three parts, before anything is changed. */
import { describe, expect, it } from "vitest";
import {
  DataError,
  DTypeError,
  InvalidArgumentError,
  ShapeError,
  type SurprisalError,
  UnknownNameError,
} from "../../src/base/errors.ts";
import { Tensor, type TensorLike } from "../../src/base/tensor.ts";
import * as layers from "../../src/layers.ts";
import * as losses from "../../src/losses.ts";
import type { FitOptions } from "../../src/train/fitOptions.ts";
import { flatWeights, makeModel, makeRows } from "./build.ts";

const { x, binary, index, real } = makeRows(20, 3);
const binaryModel = () => {
  const model = makeModel([layers.dense(1, { inputShape: [3], activation: "sigmoid" })]);
  model.compile({ optimizer: "sgd", loss: "binaryCrossentropy", metrics: ["accuracy"] });
  return model;
};
const sparseModel = () => {
  const model = makeModel([layers.dense(3, { inputShape: [3], activation: "softmax" })]);
  model.compile({ optimizer: "sgd", loss: "sparseCategoricalCrossentropy" });
  return model;
};
const realModel = () => {
  const model = makeModel([layers.dense(1, { inputShape: [3] })]);
  model.compile({ optimizer: "sgd", loss: "mse" });
  return model;
};
const withValue = (values: Float64Array | Int32Array, at: number, value: number) => {
  const changed = values.slice();
  changed[at] = value;
  return changed;
};
const text = (labels: readonly string[]) => labels as never as TensorLike;

interface Wrong {
  readonly model?: () => ReturnType<typeof binaryModel>;
  readonly x?: TensorLike;
  readonly y?: TensorLike;
  readonly options?: FitOptions;
  readonly kind: new (...args: never[]) => SurprisalError;
  readonly code: string;
  readonly says: RegExp;
}

const cases: Readonly<Record<string, Wrong>> = {
  "ragged rows": {
    x: [
      [1, 2, 3],
      [1, 2],
    ] as never,
    y: [0, 1],
    kind: ShapeError,
    code: "tensor/ragged",
    says: /index \[1\]/,
  },
  "a NaN in x": {
    x: new Tensor(withValue(x.data as Float64Array, 7, Number.NaN), x.shape),
    kind: DataError,
    code: "data/not-finite",
    says: /x holds NaN in row 3, column 2/,
  },
  "an infinity in x": {
    x: new Tensor(withValue(x.data as Float64Array, 0, -Infinity), x.shape),
    kind: DataError,
    code: "data/not-finite",
    says: /x holds -Infinity in row 1, column 1/,
  },
  "another number of columns": {
    x: new Tensor(new Float64Array(40), [20, 2]),
    kind: ShapeError,
    code: "data/input-shape",
    says: /x has shape \[20, 2\], but the model takes \[rows, 3\]/,
  },
  "a flat array without its shape": {
    x: new Float64Array(60),
    kind: ShapeError,
    code: "data/input-shape",
    says: /shape: \[rows, columns\]/,
  },
  "text in x": {
    x: [[1, 2, "3"]] as never,
    y: [1],
    kind: DTypeError,
    code: "tensor/not-a-number",
    says: /index \[0, 2\]/,
  },
  "y of another length": {
    y: binary.slice(1),
    kind: ShapeError,
    code: "data/row-count",
    says: /x has 20 rows and y has 19/,
  },
  "zero rows": {
    x: new Tensor(new Float64Array(0), [0, 3]),
    y: new Float64Array(0),
    kind: InvalidArgumentError,
    code: "data/no-rows",
    says: /0 rows/,
  },
  "labels out of range": {
    model: sparseModel,
    y: withValue(index, 4, 3),
    kind: DataError,
    code: "loss/label-out-of-range",
    says: /row 5 .*holds 3.*3 classes/,
  },
  "negative labels": {
    model: sparseModel,
    y: withValue(index, 4, -1),
    kind: DataError,
    code: "loss/out-of-domain",
    says: /row 5/,
  },
  "labels that are no whole numbers": {
    model: sparseModel,
    y: withValue(Float64Array.from(index), 9, 1.5),
    kind: DataError,
    code: "data/class-index",
    says: /y holds 1.5 in row 10/,
  },
  "labels 1 and 2 for a sigmoid": {
    y: Float64Array.from(binary, (v) => v + 1),
    kind: DataError,
    code: "loss/out-of-domain",
    says: /holds 2, but binaryCrossentropy takes numbers from 0 to 1/,
  },
  "a NaN in y": {
    model: realModel,
    y: withValue(real, 3, Number.NaN),
    kind: DataError,
    code: "loss/out-of-domain",
    says: /row 4 of yTrue holds NaN/,
  },
  "one class only": {
    y: new Float64Array(20),
    kind: DataError,
    code: "data/one-class",
    says: /all 20 rows of y hold the same label, 0, but/,
  },
  "one class index only": {
    model: sparseModel,
    y: new Int32Array(20).fill(2),
    kind: DataError,
    code: "data/one-class",
    says: /same label, 2/,
  },
  "text labels for a numeric loss": {
    model: realModel,
    y: text(Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? "cat" : "dog"))),
    kind: DataError,
    code: "data/text-target",
    says: /y holds the text "cat" in row 1, but meanSquaredError takes numbers. .*LabelEncoder/,
  },
  "one-hot rows for class indices": {
    model: sparseModel,
    y: new Tensor(new Float64Array(60), [20, 3]),
    kind: ShapeError,
    code: "data/target-shape",
    says: /categoricalCrossentropy/,
  },
  "two columns of y for one unit": {
    y: new Tensor(new Float64Array(40), [20, 2]),
    kind: ShapeError,
    code: "data/target-shape",
    says: /takes \[rows, 1\]/,
  },
  "a weight too few": {
    options: { sampleWeight: new Float64Array(19) },
    kind: ShapeError,
    code: "data/weight-count",
    says: /20 rows/,
  },
  "a negative weight": {
    options: { sampleWeight: withValue(new Float64Array(20), 6, -1) },
    kind: DataError,
    code: "data/negative-weight",
    says: /-1 in row 7/,
  },
  "a weight that is NaN": {
    options: { sampleWeight: withValue(new Float64Array(20), 6, Number.NaN) },
    kind: DataError,
    code: "data/not-finite",
    says: /sampleWeight holds NaN in row 7/,
  },
  "a class weight that is NaN": {
    options: { classWeight: { 0: Number.NaN } },
    kind: InvalidArgumentError,
    code: "fit/class-weight",
    says: /class 0 the weight NaN/,
  },
  "validation rows that do not fit": {
    options: { validationData: [new Tensor(new Float64Array(4), [2, 2]), [0, 1]] },
    kind: ShapeError,
    code: "data/input-shape",
    says: /\[2, 2\]/,
  },
  "a split that leaves nothing": {
    x: [[1, 2, 3]],
    y: [1],
    options: { validationSplit: 0.5 },
    kind: InvalidArgumentError,
    code: "fit/nothing-to-train-on",
    says: /no row to train on/,
  },
  "a split of 1": {
    options: { validationSplit: 1 },
    kind: InvalidArgumentError,
    code: "fit/option",
    says: /validationSplit is 1/,
  },
  "a batch of nothing": {
    options: { batchSize: 0 },
    kind: InvalidArgumentError,
    code: "fit/option",
    says: /batchSize is 0/,
  },
  "half an epoch": { options: { epochs: 1.5 }, kind: InvalidArgumentError, code: "fit/option", says: /epochs is 1.5/ },
  "a misspelt option": {
    options: { batch_size: 3 } as never,
    kind: UnknownNameError,
    code: "fit-option/unknown-name",
    says: /"batchSize"/,
  },
};

describe("fit refuses", () => {
  it.each(Object.entries(cases))("%s", async (_, wrong) => {
    const model = (wrong.model ?? binaryModel)();
    const before = await flatWeights(model);
    const error = await model.fit(wrong.x ?? x, wrong.y ?? binary, wrong.options).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(wrong.kind);
    const { code, message, received, expected, hint } = error as SurprisalError;
    expect(code).toBe(wrong.code);
    expect(message).toMatch(wrong.says);
    for (const part of [received, expected, hint]) expect(part.length).toBeGreaterThan(8);
    expect(await flatWeights(model)).toEqual(before);
    expect(model.history).toBeUndefined();
  });

  it("all of them", () => {
    expect(Object.keys(cases)).toHaveLength(28);
  });

  it("numbers that float32 cannot hold, in float32", async () => {
    const model = makeModel([layers.dense(1, { inputShape: [1] })], { dtype: "float32" });
    model.compile({ optimizer: "sgd", loss: "mse" });
    await expect(model.fit([[1e39]], [1])).rejects.toThrow(
      /x holds 1e\+39 in row 1, but float32 ends at 3.4e38.*float64/,
    );
  });
});

describe("other calls refuse", () => {
  it("the same in evaluate, predict and trainOnBatch", async () => {
    const model = binaryModel();
    const bad = cases["a NaN in x"]!.x!;
    for (const call of [model.evaluate(bad, binary), model.predict(bad), model.trainOnBatch(bad, binary)]) {
      await expect(call).rejects.toMatchObject({ code: "data/not-finite" });
    }
    await expect(model.evaluate(new Tensor(new Float64Array(0), [0, 3]), [])).rejects.toMatchObject({
      code: "data/no-rows",
    });
    await expect(model.predict(x, { batchSize: -1 })).rejects.toMatchObject({ code: "fit/option" });
  });

  it("training before compile", async () => {
    const model = makeModel([layers.dense(1, { inputShape: [3] })]);
    for (const call of [() => model.fit(x, real), () => model.evaluate(x, real), () => model.explain()]) {
      await expect(call()).rejects.toMatchObject({ code: "model/not-compiled" });
    }
    expect((await model.predict(x)).shape).toEqual([20, 1]);
  });

  it("saving where there is no file system", async () => {
    await expect(binaryModel().save("model.safetensors")).rejects.toMatchObject({ code: "model/no-host" });
  });

  it("a single class is a step, not a data set", async () => {
    await expect(binaryModel().trainOnBatch(x, new Float64Array(20))).resolves.toHaveProperty("loss");
    await expect(binaryModel().fit([[1, 2, 3]], [1])).resolves.toHaveProperty("loss");
  });
});

describe("compile refuses", () => {
  const model = () => makeModel([layers.dense(2, { inputShape: [3], activation: "softmax" })]);

  it("softmax with one unit", () => {
    expect(() => makeModel([layers.dense(1, { inputShape: [3], activation: "softmax" })])).toThrow(
      InvalidArgumentError,
    );
  });

  it("probabilities passed as logits", () => {
    const loss = losses.categoricalCrossentropy({ fromLogits: true });
    expect(() => model().compile({ optimizer: "sgd", loss })).toThrow(
      /takes logits \(fromLogits: true\), but layer "dense" ends in softmax/,
    );
    const sigmoid = makeModel([
      layers.dense(1, { inputShape: [3] }),
      layers.activation("sigmoid"),
      layers.reshape([1]),
    ]);
    expect(() => sigmoid.compile({ optimizer: "sgd", loss: losses.binaryCrossentropy({ fromLogits: true }) })).toThrow(
      /layer "activation" ends in sigmoid/,
    );
  });

  it("names it does not know, and lists the nearest", () => {
    expect(() => model().compile({ optimizer: "adamm", loss: "mse" })).toThrow(/"adam"/);
    expect(() => model().compile({ optimizer: "sgd", loss: "meanSquareError" })).toThrow(/"meanSquaredError"/);
    expect(() => model().compile({ optimizer: "sgd", loss: "mse", metrics: ["acuracy"] })).toThrow(/"accuracy"/);
    expect(() => model().compile({ optimizer: "sgd", loss: "mse", metric: ["accuracy"] } as never)).toThrow(
      /"metrics"/,
    );
    expect(() => model().compile({ optimizer: "sgd" } as never)).toThrow(/no loss/);
    expect(() => model().compile({ loss: "mse" } as never)).toThrow(/no optimizer/);
  });
});

describe("metrics", () => {
  it("are named as they were asked for, and kept apart", async () => {
    const model = binaryModel();
    model.compile({
      optimizer: "sgd",
      loss: "binaryCrossentropy",
      metrics: ["accuracy", "binary_accuracy", "mse", "binary_crossentropy"],
      weightedMetrics: ["accuracy", "binary_crossentropy"],
    });
    const history = await model.fit(x, binary, { sampleWeight: Float64Array.from(binary, (v) => v + 1) });
    expect(Object.keys(history)).toEqual([
      "epoch",
      "loss",
      "accuracy",
      "binaryAccuracy",
      "mse",
      "binaryCrossentropy",
      "weightedAccuracy",
      "weightedBinaryCrossentropy",
    ]);
    expect(history.accuracy).toEqual(history.binaryAccuracy);
    // The loss divides by rows, the weighted metric by the weights.
    const weights = binary.reduce((sum, v) => sum + v + 1, 0);
    expect(history.weightedBinaryCrossentropy![0]! * weights).toBeCloseTo(history.loss[0]! * 20, 12);
  });
});

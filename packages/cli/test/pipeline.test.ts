/** From columns to the model's input and back: fitted on training rows, saved, and the labels where they belong. */
import { tensor } from "surprisal";
import { describe, expect, test } from "vitest";
import type { Frame } from "../src/columns/frame.ts";
import { takeFrame } from "../src/columns/frame.ts";
import { measure } from "../src/measures.ts";
import { Pipeline } from "../src/pipeline.ts";
import { splitRows } from "../src/split.ts";
import { TargetCoder } from "../src/target.ts";
import type { Target } from "../src/task.ts";
import { errorOf } from "./files.ts";

const features = [
  { name: "age", kind: "number" },
  { name: "height", kind: "number" },
  { name: "place", kind: "category" },
] as const;
const frame: Frame = {
  rows: 5,
  numbers: [
    { name: "age", values: Float64Array.of(10, 20, 30, Number.NaN, 1000) },
    { name: "height", values: Float64Array.of(1, 2, 3, 2, 50) },
  ],
  categories: [{ name: "place", values: ["north", null, "south", "north", "west"] }],
};
const training = takeFrame(frame, [0, 1, 2, 3]);

describe("the pipeline", () => {
  const pipeline = Pipeline.fit(features, training);

  test("standardises, fills with the median and flags, and gives each category an input", () => {
    expect(pipeline.inputNames).toEqual(["age", "height", "age missing", "place_north", "place_south", "place_None"]);
    const { x, surprises } = pipeline.encode(training);
    const deviation = Math.sqrt(200 / 3);
    const spread = Math.sqrt(0.5);
    expect(x.shape).toEqual([4, 6]);
    const rows = x.toArray() as number[][];
    const near = (row: number[] | undefined, wanted: number[]) => {
      for (const [j, value] of wanted.entries()) expect(row?.[j]).toBeCloseTo(value, 12);
    };
    near(rows[0], [-10 / deviation, -1 / spread, 0, 1, 0, 0]);
    near(rows[1], [0, 0, 0, 0, 0, 1]);
    near(rows[2], [10 / deviation, 1 / spread, 0, 0, 1, 0]);
    near(rows[3], [0, 0, 1, 1, 0, 0]);
    expect(surprises).toEqual([]);
  });

  test("knows nothing of rows it was not fitted on, and says what it has never seen", () => {
    const { x, surprises } = pipeline.encode(takeFrame(frame, [4, 0, 4]));
    const [outlier] = x.toArray() as number[][];
    expect(outlier?.slice(3)).toEqual([0, 0, 0]);
    expect(outlier?.[0]).toBeCloseTo((1000 - 20) / Math.sqrt(200 / 3), 9);
    expect(surprises).toEqual([{ column: "place", value: "west", count: 2, row: 1 }]);
  });

  test("survives being saved", () => {
    const again = Pipeline.fromConfig(JSON.parse(JSON.stringify(pipeline.toConfig())));
    expect(again.inputNames).toEqual(pipeline.inputNames);
    expect(again.encode(frame).x.data).toEqual(pipeline.encode(frame).x.data);
  });

  test("refuses a record that does not hold together", async () => {
    const config = pipeline.toConfig();
    const bad = [
      { ...config, features: [] },
      { ...config, features: [{ name: "age", kind: "colour" }] },
      { ...config, numbers: null },
      { ...config, categories: config.numbers },
      { ...config, features: [...features, { name: "more", kind: "category" as const }] },
    ];
    for (const record of bad)
      expect((await errorOf(() => Pipeline.fromConfig(record as never))).code).toBe("cli/pipeline-config");
  });

  test("encodes many rows in blocks, all alike", () => {
    const many = takeFrame(
      frame,
      Array.from({ length: 40_000 }, (_, i) => i % 4),
    );
    const { x } = pipeline.encode(many);
    const four = pipeline.encode(training).x.data;
    const off = x.data.findIndex((value, i) => value !== four[i % four.length]);
    expect(off).toBe(-1);
  });
});

const target = (task: Target["task"], values: Target["values"]): Target => ({
  name: "y",
  task,
  reason: "",
  rows: Int32Array.from({ length: values.length }, (_, i) => i),
  values,
});

describe("the target", () => {
  const words = TargetCoder.fit(target("multiclass", ["pear", "apple", "fig", "apple"]), [], {
    scale: true,
    oneHot: false,
  });

  test("classes are numbered in the order of their labels, and come back by it", () => {
    expect(words.labels).toEqual(["apple", "fig", "pear"]);
    expect(Array.from(words.codes(["pear", "apple", "fig"]))).toEqual([2, 0, 1]);
    const decoded = words.decode(
      tensor(
        [
          [0.1, 0.2, 0.7],
          [0.8, 0.1, 0.1],
          [0.2, 0.5, 0.3],
        ],
        { dtype: "float64" },
      ),
    );
    expect(decoded).toMatchObject({ labels: ["pear", "apple", "fig"] });
  });

  test("of two classes the second is the one whose probability the model gives", () => {
    const coder = TargetCoder.fit(target("binary", ["yes", "no", "yes"]), [], { scale: true, oneHot: false });
    expect(coder.labels).toEqual(["no", "yes"]);
    expect(Array.from(coder.encode(coder.codes(["yes", "no"])).data)).toEqual([1, 0]);
    expect(coder.decode(tensor([[0.9], [0.2]], { dtype: "float64" }))).toEqual({
      labels: ["yes", "no"],
      codes: Int32Array.of(1, 0),
      probabilities: [
        [1 - 0.9, 0.9],
        [0.8, 0.2],
      ],
    });
  });

  test("labels that are numbers or booleans stay what they are", () => {
    const numbers = TargetCoder.fit(target("multiclass", [10, 9, 2]), [], { scale: true, oneHot: false });
    expect(numbers.labels).toEqual([2, 9, 10]);
    const flags = TargetCoder.fit(target("binary", [true, false]), [], { scale: true, oneHot: false });
    expect(flags.labels).toEqual([false, true]);
  });

  test("a number is standardised by the training rows and comes back in its own units", () => {
    const values = Float64Array.of(100, 200, 300, 9999);
    const coder = TargetCoder.fit(target("regression", values), [0, 1, 2], { scale: true, oneHot: false });
    const encoded = coder.encode(values);
    expect(encoded.data[1]).toBeCloseTo(0, 12);
    expect(encoded.data[2]).toBeCloseTo(100 / Math.sqrt(20000 / 3), 12);
    const decoded = coder.decode(encoded);
    expect("numbers" in decoded && Array.from(decoded.numbers, Math.round)).toEqual([100, 200, 300, 9999]);
  });

  test("a file whose labels were put in another order is refused, never read with classes swapped", async () => {
    expect(TargetCoder.fromConfig(JSON.parse(JSON.stringify(words.config))).labels).toEqual(words.labels);
    const swapped = JSON.parse(JSON.stringify(words.config));
    swapped.encoder.state.classes.reverse();
    expect((await errorOf(() => TargetCoder.fromConfig(swapped))).message).toContain("out of their order");
    for (const bad of [
      { ...words.config, task: "regression" },
      { ...words.config, task: "binary" },
      { ...words.config, encoder: null },
      { ...words.config, name: 3 },
    ]) {
      await errorOf(() => TargetCoder.fromConfig(bad as never));
    }
  });

  test("true values are read from a table by their labels", async () => {
    const column = { name: "y", data: { kind: "text" as const, values: ["fig", null, "pear"] } };
    const table = { file: "t.csv", rows: 3, columns: [column] };
    expect(words.truth(column, table)).toEqual({ rows: Int32Array.of(0, 2), codes: Float64Array.of(1, 2) });
    const strange = { name: "y", data: { kind: "text" as const, values: ["fig", "plum", "pear"] } };
    const error = await errorOf(() => words.truth(strange, { ...table, columns: [strange] }));
    expect(error.message).toContain('row 2, column "y" of t.csv holds "plum"');
  });
});

describe("measures", () => {
  test("of classes: accuracy, and the true classes down, the predicted across", () => {
    const coder = TargetCoder.fit(target("multiclass", ["a", "b", "c"]), [], { scale: true, oneHot: false });
    const decoded = coder.decode(
      tensor(
        [
          [1, 0, 0],
          [0, 1, 0],
          [0, 0, 1],
          [0, 0, 1],
        ],
        { dtype: "float64" },
      ),
    );
    expect(measure(coder, decoded, Float64Array.of(0, 2, 2, 2))).toEqual({
      figures: { accuracy: 0.75 },
      confusion: {
        labels: ["a", "b", "c"],
        matrix: [
          [1, 0, 0],
          [0, 0, 0],
          [0, 1, 2],
        ],
      },
    });
  });

  test("of numbers: mean absolute error, root mean squared error, explained variance", () => {
    const coder = TargetCoder.fit(target("regression", Float64Array.of(1, 2)), [0, 1], { scale: false, oneHot: false });
    const { figures } = measure(coder, { numbers: Float64Array.of(1, 2, 6) }, Float64Array.of(1, 4, 4));
    expect(figures.mae).toBeCloseTo(4 / 3, 12);
    expect(figures.rmse).toBeCloseTo(Math.sqrt(8 / 3), 12);
    expect(figures.r2).toBeCloseTo(1 - 8 / 6, 12);
  });
});

describe("the split", () => {
  const codes = Array.from({ length: 100 }, (_, i) => (i < 80 ? 0 : 1));
  const shares = { testSplit: 0.2, validationSplit: 0.25, seed: 3 };

  test("uses every row once, keeps the class shares, and follows the seed", () => {
    const { train, validation, test: held, stratified } = splitRows(100, codes, shares);
    expect([train.length, validation.length, held.length, stratified]).toEqual([60, 20, 20, true]);
    expect([...train, ...validation, ...held].sort((a, b) => a - b)).toEqual(codes.map((_, i) => i));
    for (const part of [train, validation, held])
      expect(Array.from(part).filter((row) => codes[row] === 1).length / part.length).toBe(0.2);
    expect(splitRows(100, codes, shares).test).toEqual(held);
    expect(splitRows(100, codes, { ...shares, seed: 4 }).test).not.toEqual(held);
  });

  test("goes on without shares where a class is too small, and says so", () => {
    expect(splitRows(10, [0, 0, 0, 0, 0, 0, 0, 0, 0, 1], shares).stratified).toBe(false);
  });

  test("may be left out; too few rows are refused", async () => {
    const none = splitRows(5, undefined, { testSplit: 0, validationSplit: 0, seed: 0 });
    expect([none.train.length, none.validation.length, none.test.length]).toEqual([5, 0, 0]);
    expect((await errorOf(() => splitRows(1, undefined, shares))).code).toBe("table/too-few-rows");
  });
});

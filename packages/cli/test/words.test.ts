/** Small parts of the face: options, gates, figures, rows of output, errors, colours, the choice of a loss. */
import { Writable } from "node:stream";
import {
  type CallbackContext,
  DataError,
  FileError,
  InvalidArgumentError,
  losses,
  ModelFileError,
  NumericError,
  suggestNames,
} from "surprisal";
import { describe, expect, test } from "vitest";
import { confusionLines } from "../src/commands/evaluate.ts";
import { columnTypes, hiddenLayers, names, positive, share, whole } from "../src/commands/options.ts";
import { exitCodeOf } from "../src/exit.ts";
import { applyGates, checkGateNames, parseGate } from "../src/gates.ts";
import { chooseLoss } from "../src/lossChoice.ts";
import { errorLines, errorRecord } from "../src/output/failure.ts";
import { paint, wantsColor } from "../src/output/paint.ts";
import { progressLine } from "../src/output/progress.ts";
import { csvField, rowsText, shortFloat32 } from "../src/output/rows.ts";
import { figure } from "../src/output/words.ts";
import { modelPathFor } from "../src/save.ts";
import { tasks } from "../src/task.ts";
import { errorOf } from "./files.ts";

test("options are read, and refused with an example", async () => {
  expect(whole("--epochs", 1)("12")).toBe(12);
  expect(hiddenLayers("64,32")).toEqual([64, 32]);
  expect(hiddenLayers("linear")).toEqual([]);
  expect(names('a,"b, c"', ["z"])).toEqual(["z", "a", "b, c"]);
  expect(Object.fromEntries(columnTypes('age=number,"a=b, c"=category'))).toEqual({
    age: "number",
    "a=b, c": "category",
  });
  for (const work of [
    () => whole("--epochs", 1)("0"),
    () => whole("--epochs", 1)("ten"),
    () => whole("--epochs", 1)(""),
    () => positive("--learning-rate", 0.1)("-1"),
    () => share("--test-split")("1"),
    () => share("--test-split")(""),
    () => hiddenLayers("64,x"),
    () => hiddenLayers("0"),
    () => columnTypes("age"),
    () => columnTypes("age=colour"),
  ]) {
    expect((await errorOf(work)).code).toBe("cli/option");
  }
});

test("gates", async () => {
  const gates = [parseGate("min", "accuracy=.9"), parseGate("max", "loss = 0.3")];
  expect(applyGates(gates, { accuracy: 0.9, loss: 0.31 }).map(({ passed }) => passed)).toEqual([true, false]);
  expect(applyGates(gates, { accuracy: Number.NaN }).map(({ passed }) => passed)).toEqual([false, false]);
  for (const text of ["accuracy", "accuracy=", "accuracy=x", "=1"])
    expect((await errorOf(() => parseGate("min", text))).code).toBe("cli/gate");
  expect((await errorOf(() => checkGateNames(gates, ["loss", "mae"]))).hint).toContain('"mae"');
});

describe("the loss", () => {
  test("of each task by default", () => {
    expect(tasks.map((task) => chooseLoss(task))).toMatchObject([
      { name: "binaryCrossentropy", activation: "sigmoid", oneHot: false, scale: true },
      { name: "sparseCategoricalCrossentropy", activation: "softmax", oneHot: false, scale: true },
      { name: "meanSquaredError", activation: "linear", oneHot: false, scale: true },
    ]);
  });

  test("by name: what it takes decides the output layer", async () => {
    expect(chooseLoss("multiclass", "categorical_crossentropy")).toMatchObject({ activation: "softmax", oneHot: true });
    expect(chooseLoss("regression", "huber")).toMatchObject({ activation: "linear", scale: true });
    expect(chooseLoss("regression", "poisson")).toMatchObject({ activation: "exponential", scale: false });
    expect((await errorOf(() => chooseLoss("multiclass", "huber"))).hint).toContain("sparseCategoricalCrossentropy");
    expect((await errorOf(() => chooseLoss("binary", "hinge"))).code).toBe("cli/loss");
    expect(chooseLoss("binary", "-(y*log(p) + (1 - y)*log(1 - p))")).toMatchObject({ activation: "sigmoid" });
    expect(chooseLoss("multiclass", "-sum(y*log(p))")).toMatchObject({ activation: "softmax", oneHot: true });
    expect(chooseLoss("regression", "abs(y - p)")).toMatchObject({ activation: "linear", scale: false });
    expect((await errorOf(() => chooseLoss("binary", "log(1 + exp(-y*z))"))).code).toBe("cli/loss-on-logits");
    expect((await errorOf(() => chooseLoss("binary", "y*lgo(p)"))).code).toBe("formula/unknown-function");
    expect((await errorOf(() => chooseLoss("binary", "bcee"))).code).toBe("loss/unknown-name");
  });

  test("every loss suits some task or is refused by all with words", async () => {
    let suited = 0;
    for (const { name } of losses.list()) {
      for (const task of tasks) {
        try {
          chooseLoss(task, name);
          suited++;
        } catch (error) {
          expect((error as InvalidArgumentError).code).toBe("cli/loss");
        }
      }
    }
    expect(losses.list().length).toBeGreaterThanOrEqual(11);
    expect(suited).toBeGreaterThanOrEqual(9);
  });
});

test("errors: their exit code, their record, their lines", () => {
  const parts = { received: "a came", expected: "b was wanted", hint: "Do c." };
  const codes = [
    [new DataError("x/y", parts), 3],
    [new InvalidArgumentError("x/y", parts), 2],
    [new NumericError("x/y", parts), 4],
    [new ModelFileError("x/y", parts), 5],
    [new FileError("x/y", parts, "p"), 5],
    [new TypeError("oh"), 70],
  ] as const;
  for (const [error, code] of codes) expect(exitCodeOf(error)).toBe(code);
  expect(errorRecord(codes[0][0])).toEqual({
    error: { code: "x/y", message: "a came, but b was wanted. Do c.", ...parts },
  });
  expect(Object.keys(errorRecord(new TypeError("oh")).error).sort()).toEqual([
    "code",
    "expected",
    "hint",
    "message",
    "received",
  ]);
  expect(errorLines(codes[0][0], paint(false))).toEqual(["error a came, but b was wanted.", "Do c. [x/y]"]);
});

test("colours are for terminals, unless somebody says otherwise", () => {
  expect([
    wantsColor(undefined, {}, true),
    wantsColor(undefined, {}, false),
    wantsColor(undefined, { NO_COLOR: "1" }, true),
    wantsColor(true, { NO_COLOR: "1" }, false),
    wantsColor(false, {}, true),
    wantsColor(undefined, { TERM: "dumb" }, true),
  ]).toEqual([true, false, false, true, false, false]);
  expect([paint(true).red("x"), paint(false).red("x")]).toEqual(["\u001b[31mx\u001b[39m", "x"]);
});

test("rows of output", () => {
  expect(["a", "a,b", 'a"b', "a\nb", " a", null, 1.5, false].map(csvField)).toEqual([
    "a",
    '"a,b"',
    '"a""b"',
    '"a\nb"',
    '" a"',
    "",
    "1.5",
    "false",
  ]);
  const columns = [
    { name: "y", at: (row: number) => ["a", "b,c"][row] as string },
    { name: "p(a)", at: (row: number) => row / 4 },
  ];
  const text = (format: "csv" | "json" | "ndjson") => [...rowsText(format, columns, 2)].join("");
  expect(text("csv")).toBe('y,p(a)\na,0\n"b,c",0.25\n');
  expect(JSON.parse(text("json"))).toEqual([
    { y: "a", "p(a)": 0 },
    { y: "b,c", "p(a)": 0.25 },
  ]);
  expect(text("ndjson")).toBe('{"y":"a","p(a)":0}\n{"y":"b,c","p(a)":0.25}\n');
  expect([...rowsText("csv", columns, 0)].join("")).toBe("y,p(a)\n");
});

test("figures", () => {
  expect([0.03123, 12.3456, 0.98551, 1, 0, 1.2e-7, 2_345_678, Number.NaN].map(figure)).toEqual([
    "0.0312",
    "12.35",
    "0.9855",
    "1.000",
    "0.0000",
    "1.200e-7",
    "2.346e+6",
    "NaN",
  ]);
  expect(shortFloat32(Math.fround(0.9731))).toBe(0.9731);
  expect(Math.fround(shortFloat32(Math.fround(1 / 3)))).toBe(Math.fround(1 / 3));
  expect(
    confusionLines({
      labels: ["a", "bb"],
      matrix: [
        [3, 0],
        [1, 12],
      ],
    }),
  ).toEqual(["true \\ predicted  a  bb", "a                 3   ·", "bb                1  12"]);
});

test("progress: the epoch, a bar, figures and time on one line that is drawn over, and nothing but it", () => {
  let drawn = "";
  const stream = new Writable({
    write(chunk, _, done) {
      drawn += chunk;
      done();
    },
  });
  const line = progressLine(Object.assign(stream, { isTTY: true, columns: 120 }));
  const context = { epochs: 10, stepsPerEpoch: 4 } as CallbackContext;
  line.onTrainBegin?.(context);
  line.onEpochEnd?.(6, { loss: 0.25, accuracy: 0.9, valLoss: 0.5 }, context);
  line.onTrainEnd?.({}, context);
  expect(line.showsProgress).toBe(true);
  expect(drawn).toContain("epoch  0/10");
  expect(drawn).toMatch(
    /epoch {2}7\/10 {2}━{14}─{6} {2}loss 0\.2500 {2}accuracy 0\.9000 {2}val loss 0\.5000 {2}0:00:00/,
  );
  expect(drawn.match(/\n/g)).toHaveLength(1);
});

test("names: of the model file, and the one that was meant", () => {
  expect(["penguins.json", "data/x.csv.gz", "-", "plain"].map(modelPathFor)).toEqual([
    "penguins.safetensors",
    "x.safetensors",
    "model.safetensors",
    "plain.safetensors",
  ]);
  expect(suggestNames("specie", ["Island", "Species"])).toBe('Did you mean "Species"? There are "Island", "Species".');
  expect(suggestNames("zzzzz", ["a"])).toBe('There is "a".');
});

/** Targets that do not suit an output and its loss: each rule finds its case and says the numbers it saw; and how that is said. */
import { describe, expect, it } from "vitest";
import { DataError } from "../../src/base/errors.ts";
import { Tensor, type TensorLike } from "../../src/base/tensor.ts";
import * as layers from "../../src/layers.ts";
import * as losses from "../../src/losses.ts";
import type { LayerSpec } from "../../src/model/contract.ts";
import type { Host } from "../../src/train/contract.ts";
import { targetRules } from "../../src/train/pairing.ts";
import { makeModel, makeRows } from "./build.ts";

type AnyLoss = losses.Loss;
const dense = (units: number, activation = "linear") => layers.dense(units, { activation, inputShape: [3] });

const { x, index, binary } = makeRows(60, 3);
const rowsOf = (row: (i: number) => number[]) => Array.from({ length: 60 }, (_, i) => row(i));
const oneHot = rowsOf((i) => [0, 1, 2].map((c) => (c === index[i] ? 1 : 0)));
const amounts = (scale: number, offset = 0) =>
  Float64Array.from({ length: 60 }, (_, i) => offset + scale * (x.data[3 * i] as number));

function trained(specs: readonly LayerSpec[], loss: AnyLoss | string, y: TensorLike, host?: Host) {
  const model = makeModel(specs, host && { host });
  model.compile({ optimizer: "adam", loss: loss as losses.Loss });
  return { model, fit: () => model.fit(x, y, { epochs: 1 }) };
}

const suspicious: Readonly<
  Record<string, readonly [readonly LayerSpec[], AnyLoss | string, TensorLike, string, RegExp]>
> = {
  "one-hot rows on sigmoids": [
    [dense(3, "sigmoid")],
    "binaryCrossentropy",
    oneHot,
    "fit/one-class-on-sigmoid",
    /each of 60 rows of y has exactly one 1 among 3, but layer "dense" ends in sigmoid/,
  ],
  "two labels in a row on softmax": [
    [dense(3, "softmax")],
    "categoricalCrossentropy",
    oneHot.map((row, i) => (i === 4 ? [1, 1, 0] : row)),
    "fit/several-labels-on-softmax",
    /1 of 60 rows of y do not sum to 1 \(row 5 sums to 2\)/,
  ],
  "labels from 1 with a unit too many": [
    [dense(4, "softmax")],
    "sparseCategoricalCrossentropy",
    index.map((label) => label + 1),
    "fit/labels-from-one",
    /labels run from 1 to 3, and none is 0, but the first of 4 units stands for class 0/,
  ],
  "large amounts": [
    [dense(1)],
    "meanSquaredError",
    amounts(1e4, 2e5),
    "fit/unscaled-targets",
    /y runs from 1\d+ to 2\d+ \(mean \d+, standard deviation \d+\), but predictions start near 0, where meanSquaredError is \d\.\d+e\+10/,
  ],
  "tiny amounts": [
    [dense(1)],
    "meanAbsoluteError",
    amounts(1e-5),
    "fit/unscaled-targets",
    /a prediction of 0 costs only \d\.\d+e-6/,
  ],
  "large amounts under a formula": [
    [dense(1)],
    losses.formulaLoss("abs(y - p)"),
    amounts(500),
    "fit/unscaled-targets",
    /where formulaLoss is 2\d\d/,
  ],
  "amounts that tanh does not reach": [
    [dense(1, "tanh")],
    "meanSquaredError",
    amounts(2),
    "fit/targets-out-of-reach",
    new RegExp(
      `which gives numbers from -1 to 1: ${amounts(2).filter((v) => v < -1 || v > 1).length} of 60 targets cannot be reached`,
    ),
  ],
  "amounts of which a sigmoid reaches none": [
    [dense(1, "sigmoid")],
    "mse",
    amounts(1, 50),
    "fit/targets-out-of-reach",
    /which gives numbers from 0 to 1: 60 of 60 targets cannot be reached/,
  ],
  "amounts below 0 under a ReLU": [
    [dense(1, "relu")],
    "huber",
    amounts(1),
    "fit/targets-out-of-reach",
    /ends in relu, which gives numbers from 0 up: \d+ of 60/,
  ],
};

describe("targets that do not suit them", () => {
  it.each(Object.entries(suspicious))("%s: a warning", async (_, [specs, loss, y, code, says]) => {
    const { fit, model } = trained(specs, loss, y);
    const { warnings } = await fit();
    expect(warnings.map((warning) => warning.code)).toEqual([code]);
    expect(warnings[0]!.message).toMatch(says);
    expect(warnings[0]!.message).toBe(`${warnings[0]!.received}, but ${warnings[0]!.expected}. ${warnings[0]!.hint}`);
    expect(model.history!.warnings).toBe(warnings);
  });
  it("every rule has its case", () => {
    const codes = Object.values(suspicious).map(([, , , code]) => code);
    expect(new Set(codes)).toEqual(new Set(targetRules.map(({ code }) => code)));
    expect(codes).toHaveLength(9);
  });

  it.each([
    [
      "several labels a row, asked one by one of a softmax",
      [dense(3, "softmax")],
      "binaryCrossentropy",
      oneHot.map((row, i) => (i === 0 ? [1, 1, 1] : row)),
      "fit/several-labels-on-softmax",
      /row 1 sums to 3/,
    ],
    [
      "rates that come out negative",
      [dense(1)],
      "poisson",
      amounts(1, 3),
      "fit/outputs-outside-domain",
      /\d+ of 32 outputs on the first 32 rows are such as -\d\.\d+, but poisson takes numbers from 0 up, and layer "dense" ends in linear, which gives any number/,
    ],
    [
      "labels from 1",
      [dense(3, "softmax")],
      "scce",
      index.map((l) => l + 1),
      "data/labels-from-one",
      /labels run from 1 to 3, but 3 classes are numbered 0 to 2/,
    ],
    [
      "labels 1 and 2",
      [dense(1, "sigmoid")],
      "bce",
      binary.map((v) => v + 1),
      "loss/out-of-domain",
      /holds 2, but binaryCrossentropy takes numbers from 0 to 1/,
    ],
    [
      "shares above 1",
      [dense(1, "sigmoid")],
      "bce",
      amounts(40, 50),
      "loss/out-of-domain",
      /takes numbers from 0 to 1/,
    ],
    [
      "counts below 0",
      [dense(1, "exponential")],
      "poisson",
      amounts(1),
      "loss/out-of-domain",
      /poisson takes numbers from 0 up/,
    ],
  ] as const)("%s: an error", async (_, specs, loss, y, code, says) => {
    const { fit, model } = trained(specs, loss, y as TensorLike);
    const before = (await model.getWeights()).map((w) => w.toArray());
    const error = await fit().catch((e: unknown) => e);
    expect(error).toBeInstanceOf(DataError);
    expect(error).toMatchObject({ code, message: expect.stringMatching(says) });
    expect((await model.getWeights()).map((w) => w.toArray())).toEqual(before);
  });

  it("one-hot rows under a sparse loss, and indices under a loss of rows: an error of shapes", async () => {
    const sparse = trained([dense(3, "softmax")], "sparseCategoricalCrossentropy", oneHot);
    await expect(sparse.fit()).rejects.toMatchObject({
      code: "data/target-shape",
      hint: /one-hot.*categoricalCrossentropy/,
    });
    const rows = trained([dense(3, "softmax")], "categoricalCrossentropy", index);
    await expect(rows.fit()).rejects.toMatchObject({ code: "data/target-shape", hint: /toCategorical/ });
  });

  it("labels that are too large without being counted from one are told where they are", async () => {
    for (const labels of [index.map((l) => 1 + 2 * l), index.map((l) => (l === 2 ? 3 : l))]) {
      const { fit } = trained([dense(3, "softmax")], "scce", labels);
      await expect(fit()).rejects.toMatchObject({ code: "loss/label-out-of-range" });
    }
  });

  it("right targets: nothing", async () => {
    const cases: readonly (readonly [readonly LayerSpec[], AnyLoss | string, TensorLike])[] = [
      [[dense(1, "sigmoid")], "binaryCrossentropy", binary],
      [[dense(3, "softmax")], "categoricalCrossentropy", oneHot],
      [[dense(3, "softmax")], "sparseCategoricalCrossentropy", index],
      [[dense(3, "sigmoid")], "binaryCrossentropy", rowsOf((i) => [i % 2, (i >> 1) % 2, (i >> 2) % 2])],
      [[dense(3, "sigmoid")], "binaryCrossentropy", rowsOf((i) => [1, i % 2, (i >> 1) % 2])],
      [[dense(1)], "meanSquaredError", amounts(30)],
      [[dense(1)], "meanSquaredError", amounts(0.01)],
      [[dense(1, "exponential")], "poisson", Float64Array.from(x.data.slice(0, 60), (v) => Math.round(1e4 * (v + 1)))],
      [[dense(1, "sigmoid")], "mse", binary],
      [[dense(3, "softmax")], "klDivergence", rowsOf((i) => [0.25, 0.75 - i / 100, i / 100])],
      [[dense(1)], "hinge", binary],
    ];
    for (const [specs, loss, y] of cases)
      expect((await trained(specs, loss, y).fit()).warnings, String(loss)).toEqual([]);
  });
});

describe("a warning is said", () => {
  const heard: string[] = [];
  const host = {
    terminal: { write: (text: string) => heard.push(text) },
    save: async () => {},
    appendText: async () => {},
  } as unknown as Host;

  it("once a compile, on the terminal, unless fit is to be silent", async () => {
    const { model, fit } = trained([dense(1, "tanh")], "hinge", binary, host);
    await fit();
    expect(heard).toEqual([]);
    model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    await model.fit(x, amounts(2), { verbose: 0 });
    expect(heard).toEqual([]);
    await model.fit(x, amounts(2));
    await model.fit(x, amounts(2));
    expect(heard).toHaveLength(1);
    expect(heard[0]).toMatch(/^warning: y runs from .* \[fit\/targets-out-of-reach\]\n$/);
    model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
    await model.fit(x, amounts(2));
    expect(heard).toHaveLength(2);
  });

  it("is seen by callbacks, and those of the pair come with every fit", async () => {
    const model = makeModel([dense(1, "sigmoid")]);
    model.compile({ optimizer: "sgd", loss: "hinge" });
    expect(model.compiled!.warnings.map(({ code }) => code)).toEqual(["compile/probabilities-as-logits"]);
    const seen: string[] = [];
    const history = await model.fit(x, new Tensor(binary, [60]), {
      callbacks: [
        { name: "look", onTrainBegin: ({ warnings }) => void seen.push(...warnings.map(({ code }) => code)) },
      ],
    });
    expect(seen).toEqual(["compile/probabilities-as-logits"]);
    expect(history.warnings).toBe(model.history!.warnings);
    expect(Object.keys(history)).toEqual(["epoch", "loss"]);
  });
});

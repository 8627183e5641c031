import { describe, expect, it } from "vitest";
import { SurprisalError } from "../../src/base/errors.ts";
import type { Tensor } from "../../src/base/tensor.ts";
import * as data from "../../src/data/index.ts";

const numbers = [
  [1.5, -2, 0.1],
  [2.25, 4, 0.1],
  [0.5, 7, 0.1],
  [3, -1, 0.1],
  [-0, 0, 0.1],
];
const gaps = numbers.map((row, i) => row.map((x, j) => (i === j ? Number.NaN : x)));
const words = [
  ["red", 3, true],
  ["blue", 1, false],
  [null, Number.NaN, true],
  ["red", 1, true],
  ["green", 1, true],
];
const labels = ["b", "a", "NaN", "a"];

/** Every transform, fitted, with rows to transform: a new one must be added here, or the count fails. */
const rowExamples: Record<string, [make: () => data.Transform, rows: data.FieldsLike]> = {
  Binarizer: [() => new data.Binarizer({ threshold: 0.5 }), numbers],
  ColumnTransformer: [
    () =>
      new data.ColumnTransformer(
        [
          { name: "words", transform: new data.OneHotEncoder(), columns: [0, 2] },
          { name: "sizes", transform: new data.SimpleImputer({ strategy: "median" }), columns: [1] },
        ],
        { remainder: "passthrough" },
      ),
    words,
  ],
  KBinsDiscretizer: [() => new data.KBinsDiscretizer({ nBins: 2 }), numbers],
  MaxAbsScaler: [() => new data.MaxAbsScaler(), gaps],
  MinMaxScaler: [() => new data.MinMaxScaler({ featureRange: [-1, 1], clip: true }), gaps],
  MissingIndicator: [() => new data.MissingIndicator(), words],
  Normalizer: [() => new data.Normalizer({ norm: "l1" }), numbers],
  OneHotEncoder: [() => new data.OneHotEncoder({ minFrequency: 2, handleUnknown: "infrequent_if_exist" }), words],
  OrdinalEncoder: [
    () => new data.OrdinalEncoder({ handleUnknown: "use_encoded_value", unknownValue: Number.NaN }),
    words,
  ],
  Pipeline: [
    () =>
      new data.Pipeline([
        { name: "fill", transform: new data.SimpleImputer() },
        { name: "scale", transform: new data.StandardScaler() },
      ]),
    gaps,
  ],
  PolynomialFeatures: [() => new data.PolynomialFeatures({ degree: [1, 3] }), numbers],
  PowerTransformer: [() => new data.PowerTransformer(), gaps],
  QuantileTransformer: [() => new data.QuantileTransformer({ nQuantiles: 4, outputDistribution: "normal" }), gaps],
  RobustScaler: [() => new data.RobustScaler({ unitVariance: true }), gaps],
  SimpleImputer: [() => new data.SimpleImputer({ strategy: "most_frequent", addIndicator: true }), words],
  StandardScaler: [() => new data.StandardScaler(), gaps.map((row) => [...row, Number.NaN])],
};
const labelExamples: Record<string, [data.LabelEncoder | data.LabelBinarizer | data.MultiLabelBinarizer, unknown]> = {
  LabelBinarizer: [new data.LabelBinarizer({ negLabel: -1 }).fit(labels), labels],
  LabelEncoder: [new data.LabelEncoder().fit(labels), labels],
  MultiLabelBinarizer: [new data.MultiLabelBinarizer().fit([labels, ["c"]]), [["c"], ["a", "b"]]],
};

/** Bits, so that −0 and NaN count. */
function bits(output: Tensor | data.Cell[][]): unknown {
  return "data" in output ? Array.from(output.data, (x) => (Object.is(x, -0) ? "-0" : String(x))) : output;
}
const throughJson = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

function thrown(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe("saving transforms", () => {
  it("covers all of them", () => {
    expect([...Object.keys(rowExamples), ...Object.keys(labelExamples)].sort()).toEqual(
      [...data.transforms.names].sort(),
    );
    expect(data.transforms.names).toHaveLength(19);
  });

  it.each(Object.entries(rowExamples))("%s comes back the same through JSON", (name, [make, rows]) => {
    const fitted = make().fit(rows);
    const config = fitted.toConfig();
    expect(config.name).toBe(name);
    const back = data.transforms.fromConfig(throughJson(config));
    expect(bits(back.transform(rows))).toEqual(bits(fitted.transform(rows)));
    expect(back.toConfig()).toEqual(config);
    expect(back.featureNamesOut?.(["a", "b", "c"])).toEqual(fitted.featureNamesOut?.(["a", "b", "c"]));
  });

  it.each(Object.entries(rowExamples))("%s comes back unfitted too", (_, [make, rows]) => {
    const back = data.transforms.fromConfig(throughJson(make().toConfig()));
    expect(thrown(() => back.transform(rows))).toMatchObject({ code: "transform/not-fitted" });
    expect(bits(back.fit(rows).transform(rows))).toEqual(bits(make().fit(rows).transform(rows)));
  });

  it.each(Object.entries(labelExamples))("%s comes back the same through JSON", (_, [fitted, values]) => {
    const back = data.transforms.labelsFromConfig(throughJson(fitted.toConfig()));
    expect(bits(back.transform(values as never))).toEqual(bits(fitted.transform(values as never)));
    expect(back.toConfig()).toEqual(fitted.toConfig());
  });

  it("keeps the text NaN apart from the number", () => {
    const encoder = new data.OrdinalEncoder().fit([["NaN"], [Number.NaN], ["Infinity"], [null]]);
    const back = data.transforms.fromConfig(throughJson(encoder.toConfig())) as data.OrdinalEncoder;
    expect(back.categories).toEqual([["Infinity", "NaN", null, Number.NaN]]);
  });
});

describe("reading what nobody saved", () => {
  type Loose = Record<string, unknown> & { options: Record<string, unknown>; state: Record<string, unknown> };
  const saved = (name: string): Loose => {
    const [make, rows] = rowExamples[name] as (typeof rowExamples)[string];
    return throughJson(make().fit(rows).toConfig()) as unknown as Loose;
  };
  const broken: [string, unknown][] = [
    ["null", null],
    ["a list", []],
    ["text", "StandardScaler"],
    ["no name", { options: {}, state: null }],
    ["an unknown name", { name: "Function", options: {}, state: null }],
    ["a name of Object", { name: "constructor", options: {}, state: null }],
    ["a label transform", { name: "LabelEncoder", options: {}, state: null }],
    ["a field too many", { ...saved("StandardScaler"), code: "1" }],
    ["options missing", { name: "StandardScaler", state: null }],
    ["options as a list", { name: "StandardScaler", options: [], state: null }],
    ["an unknown option", { name: "StandardScaler", options: { withMedian: true }, state: null }],
    ["an option of another type", { name: "StandardScaler", options: { withMean: "yes" }, state: null }],
    ["an object as an option", { name: "StandardScaler", options: { withMean: { valueOf: 1 } }, state: null }],
    [
      "an own __proto__",
      JSON.parse('{"name":"StandardScaler","options":{"__proto__":{"withMean":false}},"state":null}'),
    ],
    ["state as text", { ...saved("StandardScaler"), state: "x" }],
    ["a state field too many", { ...saved("StandardScaler"), state: { ...saved("StandardScaler").state, x: 1 } }],
    ["a state field missing", { ...saved("StandardScaler"), state: { mean: [0] } }],
    ["lengths that differ", { ...saved("MinMaxScaler"), state: { min: [0, 1], max: [1], rows: 2 } }],
    ["text among numbers", { ...saved("MaxAbsScaler"), state: { maxAbs: [1, "2"], rows: 2 } }],
    ["null among numbers", { ...saved("MaxAbsScaler"), state: { maxAbs: [1, null], rows: 2 } }],
    ["rows that are no count", { ...saved("MaxAbsScaler"), state: { maxAbs: [1], rows: 1.5 } }],
    [
      "categories twice",
      { name: "OrdinalEncoder", options: {}, state: { categories: [["a", "a"]], infrequent: [[]] } },
    ],
    [
      "a pooled place beyond",
      { name: "OrdinalEncoder", options: {}, state: { categories: [["a"]], infrequent: [[1]] } },
    ],
    [
      "a field of a strange kind",
      { name: "OrdinalEncoder", options: {}, state: { categories: [[{ number: "1" }]], infrequent: [[]] } },
    ],
    [
      "a dropped code beyond",
      { name: "OneHotEncoder", options: {}, state: { categories: [["a"]], infrequent: [[]], dropped: [1] } },
    ],
    ["edges out of order", { name: "KBinsDiscretizer", options: {}, state: { edges: [[0, 2, 1]] } }],
    ["quantiles out of order", { name: "QuantileTransformer", options: {}, state: { quantiles: [[0, 2, 1]] } }],
    ["a pipeline without steps", { name: "Pipeline", options: { steps: [] }, state: null }],
    [
      "a pipeline with a label transform",
      {
        name: "Pipeline",
        options: { steps: [{ name: "x", transform: { name: "LabelEncoder", options: {}, state: null } }] },
        state: null,
      },
    ],
    [
      "a part that names a later column",
      {
        name: "ColumnTransformer",
        options: { remainder: "drop", parts: [{ name: "x", transform: "drop", columns: [5] }] },
        state: { columns: 2 },
      },
    ],
  ];

  it.each(broken)("refuses %s", (_, config) => {
    expect(thrown(() => data.transforms.fromConfig(config))).toBeInstanceOf(SurprisalError);
  });

  it("refuses pipelines in pipelines without end", () => {
    let config: unknown = { name: "StandardScaler", options: {}, state: null };
    for (let i = 0; i < 5000; i++)
      config = { name: "Pipeline", options: { steps: [{ name: "s", transform: config }] }, state: null };
    expect(thrown(() => data.transforms.fromConfig(config))).toMatchObject({ code: "transform/too-deep" });
  });

  it("leaves Object alone", () => {
    expect(({} as { withMean?: unknown }).withMean).toBeUndefined();
  });
});

import { describe, expect, expectTypeOf, it } from "vitest";
import { InvalidArgumentError, SurprisalError, UnknownNameError } from "../../src/base/errors.ts";
import { Tensor, tensor } from "../../src/base/tensor.ts";
import * as data from "../../src/data/index.ts";

function thrown(run: () => unknown): SurprisalError {
  try {
    run();
  } catch (error) {
    if (error instanceof SurprisalError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

const walkthrough = { nSamples: 1000, nFeatures: 20, nInformative: 2, nRedundant: 10, randomState: 42 };

describe("makeClassification", () => {
  it("gives float64 features and int32 labels", () => {
    const [X, y] = data.makeClassification(walkthrough);
    expect([X.shape, X.dtype, y.shape, y.dtype]).toEqual([[1000, 20], "float64", [1000], "int32"]);
  });

  it("teaches the way out of the article's three-class call", () => {
    const error = thrown(() => data.makeClassification({ ...walkthrough, nClasses: 3 }));
    expect(error).toBeInstanceOf(InvalidArgumentError);
    expect(String(error)).toBe(
      "InvalidArgumentError [make-classification/too-many-clusters]: nClasses (3) × nClustersPerClass (2) = 6 clusters, but " +
        "nInformative = 2 leaves room for only 2 ** 2 = 4. Pass nClustersPerClass: 1, or nInformative: 3 or more.",
    );
  });

  it("both ways out work", () => {
    expect(data.makeClassification({ ...walkthrough, nClasses: 3, nClustersPerClass: 1 })[0].shape).toEqual([1000, 20]);
    expect(data.makeClassification({ ...walkthrough, nClasses: 3, nInformative: 3 })[0].shape).toEqual([1000, 20]);
  });

  it("names only ways out that exist", () => {
    const many = thrown(() => data.makeClassification({ nClasses: 5, nInformative: 2, nClustersPerClass: 1 }));
    expect(many.hint).toBe("Pass nInformative: 3 or more.");
    const three = thrown(() => data.makeClassification({ nClasses: 2, nInformative: 3, nClustersPerClass: 5 }));
    expect(three.hint).toBe("Pass nClustersPerClass: 4 or less, or nInformative: 4 or more.");
  });

  it("refuses an option it does not have, and names the nearest", () => {
    const error = thrown(() => data.makeClassification({ nSample: 10 } as data.MakeClassificationOptions));
    expect(error).toBeInstanceOf(UnknownNameError);
    expect(error.message).toContain('"nSamples"');
  });

  it("draws on from a stream that is passed in", () => {
    const stream = new data.RandomState(7);
    const [first] = data.makeClassification({ nSamples: 5, randomState: stream });
    const [second] = data.makeClassification({ nSamples: 5, randomState: stream });
    expect(first.toArray()).not.toEqual(second.toArray());
    expect(data.makeClassification({ nSamples: 5, randomState: 7 })[0].toArray()).toEqual(first.toArray());
  });
});

describe("trainTestSplit", () => {
  const X = tensor(
    [
      [0, 10],
      [1, 11],
      [2, 12],
      [3, 13],
      [4, 14],
    ],
    { dtype: "float64" },
  );
  const y = tensor([0, 1, 2, 3, 4], { dtype: "int32" });

  it("tensors in, tensors out, rows kept together", () => {
    const [XTrain, XTest, yTrain, yTest] = data.trainTestSplit(X, y, { testSize: 0.4, randomState: 42 });
    expectTypeOf(XTrain).toEqualTypeOf<Tensor>();
    expectTypeOf(yTest).toEqualTypeOf<Tensor>();
    expect([XTrain.shape, XTest.shape, yTrain.dtype, yTest.shape]).toEqual([[3, 2], [2, 2], "int32", [2]]);
    for (const [rows, labels] of [
      [XTrain, yTrain],
      [XTest, yTest],
    ] as const) {
      expect((rows.toArray() as number[][]).map((row) => row[0])).toEqual(labels.toArray());
    }
  });

  it("keeps the kind of each array, however many there are", () => {
    const words = ["a", "b", "c", "d", "e"];
    const typed = Float32Array.of(0, 1, 2, 3, 4);
    const parts = data.trainTestSplit(X, words, typed, { testSize: 2, randomState: 0 });
    expectTypeOf(parts).toEqualTypeOf<
      [Tensor, Tensor, string[], string[], Float32Array<ArrayBuffer>, Float32Array<ArrayBuffer>]
    >();
    const [, , wordsTrain, wordsTest, typedTrain] = parts;
    expect(wordsTrain).toHaveLength(3);
    expect([...wordsTrain, ...wordsTest].sort()).toEqual(words);
    expect(typedTrain).toBeInstanceOf(Float32Array);
    expect(wordsTrain).toEqual(Array.from(typedTrain, (i) => words[i]));
  });

  it("works without options, and on one array", () => {
    const [train, test] = data.trainTestSplit([1, 2, 3, 4]);
    expectTypeOf(train).toEqualTypeOf<(1 | 2 | 3 | 4)[]>();
    expect([train.length, test.length]).toEqual([3, 1]);
  });

  it("stratifies by a tensor", () => {
    const labels = new Tensor(
      Int32Array.from({ length: 40 }, (_, i) => (i < 30 ? 0 : 1)),
      [40],
    );
    const [, , train, test] = data.trainTestSplit(labels, labels, { testSize: 0.2, stratify: labels });
    const ones = (part: Tensor) => Array.from(part.data).filter((v) => v === 1).length;
    expect([ones(train), ones(test)]).toEqual([8, 2]);
  });

  it("copies: the parts share nothing with the input", () => {
    const mine = tensor([1, 2, 3, 4], { dtype: "float64" });
    const [train] = data.trainTestSplit(mine, { shuffle: false });
    train.data[0] = 99;
    expect(mine.data[0]).toBe(1);
  });

  it("splits more rows than a call takes arguments", () => {
    const many = Int32Array.from({ length: 300_000 }, (_, i) => i % 2);
    const [train, test] = data.trainTestSplit(many, { stratify: many });
    expect([train.length, test.length]).toEqual([225_000, 75_000]);
  });

  it.each([
    [() => data.trainTestSplit(X, [1, 2, 3], { testSize: 1 }), "split/lengths-differ"],
    [() => data.trainTestSplit([], { testSize: 1 }), "split/no-rows"],
    [() => data.trainTestSplit(X, { testSize: 5 }), "split/invalid-test-size"],
    [() => data.trainTestSplit(X, { testSize: Number.NaN }), "train-test-split/test-size"],
    [() => data.trainTestSplit(X, null as never), "train-test-split/options"],
    [() => data.trainTestSplit(X, { stratify: [0, 1, 0, 1, 2] }), "split/class-too-small"],
  ])("refuses %s", (run, code) => {
    expect(thrown(run).code).toBe(code);
  });
});

describe("folds", () => {
  it("take the data or the number of rows", () => {
    const X = tensor([[1], [2], [3], [4]]);
    const folds = new data.KFold({ nSplits: 2 }).split(X);
    expect(folds).toEqual(new data.KFold({ nSplits: 2 }).split(4));
    expect(folds.map(({ test }) => [...test])).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });

  it("say what is missing", () => {
    expect(thrown(() => new data.StratifiedKFold().split(10)).code).toBe("stratified-k-fold/missing-y");
  });
});

describe("scalers", () => {
  const rows = [
    [1, 2],
    [3, 2],
    [5, 2],
  ];

  it("take tensors, nested arrays and rows of typed arrays alike", () => {
    const fromArrays = new data.StandardScaler().fitTransform(rows);
    const fromTensor = new data.StandardScaler().fitTransform(tensor(rows, { dtype: "float64" }));
    const fromTyped = new data.StandardScaler().fitTransform(rows.map((row) => Float64Array.from(row)) as never);
    expect(fromTensor).toEqual(fromArrays);
    expect(fromTyped).toEqual(fromArrays);
    expect(fromArrays.dtype).toBe("float64");
  });

  it("keep float32", () => {
    expect(new data.StandardScaler().fitTransform(tensor(rows)).dtype).toBe("float32");
    expect(new data.MinMaxScaler().fitTransform(tensor(rows)).dtype).toBe("float32");
  });

  it("divide a column without spread by 1", () => {
    const scaler = new data.StandardScaler().fit(rows);
    expect([...(scaler.scale as Float64Array)]).toEqual([Math.sqrt(8 / 3), 1]);
    expect(scaler.transform([[3, 5]]).toArray()).toEqual([[0, 3]]);
  });

  it("a batch without a value in some column changes nothing there", () => {
    const scaler = new data.StandardScaler()
      .partialFit([
        [1, 1],
        [3, 2],
      ])
      .partialFit([[5, null]]);
    expect([...(scaler.var as Float64Array)]).toEqual([8 / 3, 0.25]);
  });

  it("leave the input alone", () => {
    const mine = tensor(rows, { dtype: "float64" });
    new data.StandardScaler().fitTransform(mine);
    expect(mine.toArray()).toEqual(rows);
  });

  it.each([
    ["text", [["a"], ["b"]], "standard-scaler/not-a-number"],
    ["ragged rows", [[1, 2], [3]], "standard-scaler/ragged"],
    ["a vector", [1, 2, 3], "standard-scaler/not-a-matrix"],
    ["nothing", [], "standard-scaler/empty"],
    ["empty rows", [[], []], "standard-scaler/empty"],
    ["infinity", [[1], [Infinity]], "standard-scaler/infinity"],
    ["a flat typed array", Float64Array.of(1, 2), "standard-scaler/not-a-matrix"],
    ["null", null, "standard-scaler/not-a-matrix"],
    ["a tensor of rank 3", new Tensor(new Float64Array(8), [2, 2, 2]), "standard-scaler/not-a-matrix"],
  ])("refuse %s", (_, x, code) => {
    expect(thrown(() => new data.StandardScaler().fit(x as never)).code).toBe(code);
  });

  it("say where a bad value is", () => {
    const error = thrown(() =>
      new data.Normalizer().fit([
        [1, 2],
        [3, Number.NaN],
      ]),
    );
    expect(error).toMatchObject({ code: "normalizer/missing", location: { row: 2, column: 1 } });
  });
});

describe("encoders", () => {
  it("number labels and name them back", () => {
    const encoder = new data.LabelEncoder();
    const codes = encoder.fitTransform(["pear", "apple", "pear"]);
    expect([codes.dtype, codes.toArray()]).toEqual(["int32", [1, 0, 1]]);
    expect(encoder.inverseTransform(codes)).toEqual(["pear", "apple", "pear"]);
    expect(encoder.classes).toEqual(["apple", "pear"]);
  });

  it("sort text by code point, not by UTF-16 unit", () => {
    expect(new data.LabelEncoder().fit(["\u{1f600}", "\uffee", "z"]).classes).toEqual(["z", "\uffee", "\u{1f600}"]);
  });

  it("refuse mixed and missing labels", () => {
    expect(thrown(() => new data.LabelEncoder().fit(["a", 1])).code).toBe("labels/mixed-types");
    expect(thrown(() => new data.LabelEncoder().fit(["a", null as never])).code).toBe("labels/missing");
  });

  it("take columns of text with missing values", () => {
    const encoder = new data.OneHotEncoder();
    expect(
      encoder
        .fitTransform([
          ["a", 1],
          [null, 2],
          [undefined, 2],
        ])
        .toArray(),
    ).toEqual([
      [1, 0, 1, 0],
      [0, 1, 0, 1],
      [0, 1, 0, 1],
    ]);
    expect(encoder.featureNamesOut(["word", "size"])).toEqual(["word_a", "word_None", "size_1", "size_2"]);
  });

  it("name row and column of an unseen category", () => {
    const encoder = new data.OneHotEncoder().fit([["a"], ["b"]]);
    const error = thrown(() => encoder.transform([["a"], ["c"]]));
    expect(error).toMatchObject({ code: "one-hot-encoder/unseen-category", location: { row: 2, column: 0 } });
  });
});

describe("SimpleImputer", () => {
  it("fills numbers into a tensor, text into rows", () => {
    const numbers = new data.SimpleImputer().fitTransform([
      [1, null],
      [3, 4],
    ]);
    expectTypeOf(numbers).toEqualTypeOf<Tensor>();
    expect(numbers.toArray()).toEqual([
      [1, 4],
      [3, 4],
    ]);
    const text = new data.SimpleImputer({ strategy: "most_frequent" }).fitTransform([
      ["a", 1],
      ["a", null],
      [null, 1],
    ]);
    expect(text).toEqual([
      ["a", 1],
      ["a", 1],
      ["a", 1],
    ]);
  });

  it("flags what was missing", () => {
    const imputer = new data.SimpleImputer({ strategy: "median", addIndicator: true });
    expect(
      imputer
        .fitTransform([
          [1, 2],
          [Number.NaN, 3],
        ])
        .toArray(),
    ).toEqual([
      [1, 2, 0],
      [1, 3, 1],
    ]);
    expect(imputer.featureNamesOut(["age", "size"])).toEqual(["age", "size", "missing_age"]);
  });
});

describe("toCategorical", () => {
  it("makes one-hot rows of a tensor or an array", () => {
    const y = tensor([0, 2, 1], { dtype: "int32" });
    expect(data.toCategorical(y, { numClasses: 3 }).toArray()).toEqual([
      [1, 0, 0],
      [0, 0, 1],
      [0, 1, 0],
    ]);
    expect(data.toCategorical([[1], [0]]).shape).toEqual([2, 2]);
  });
});

describe("class weights", () => {
  it("take tensors, records and maps", () => {
    const y = tensor([0, 0, 0, 1], { dtype: "int32" });
    expect([...data.computeClassWeight("balanced", [0, 1], y)]).toEqual([4 / 6, 2]);
    expect([...data.computeSampleWeight({ 0: 1, 1: 3 }, y)]).toEqual([1, 1, 1, 3]);
    expect([...data.computeSampleWeight(new Map([[1, 5]]), y)]).toEqual([1, 1, 1, 5]);
  });

  it("refuse a class that is not there", () => {
    expect(thrown(() => data.computeSampleWeight({ 7: 1 }, [0, 1])).code).toBe("compute-class-weight/class-weight");
  });
});

describe("RandomState", () => {
  it("gives numbers without a size, tensors with one", () => {
    const stream = new data.RandomState(0);
    expectTypeOf(stream.randomSample()).toEqualTypeOf<number>();
    expect(stream.randint(0, 10, [2, 3])).toMatchObject({ shape: [2, 3], dtype: "int32" });
    expect(stream.randint(0, 2 ** 40, 2).dtype).toBe("float64");
    expect(stream.choice(5)).toBeLessThan(5);
  });

  it("an integer and a list of it are different seeds", () => {
    expect(new data.RandomState(42).double()).not.toBe(new data.RandomState([42]).double());
  });
});

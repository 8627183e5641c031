/**
 * From a golden data case to a call of the library and a verdict. Cases: { id, fn, args, expect }, see the folder's README.
 * `dataDispatch[fn](args)` returns what `expect` holds, in plain arrays; `runDataCase` compares.
 */
import { decode, difference, type Tolerance } from "./compare-data.ts";
import { data, SurprisalError, Tensor } from "./library.ts";

export interface DataCase {
  readonly id: string;
  readonly fn: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly expect: unknown;
}

export interface DataVerdict {
  readonly status: "passed" | "failed" | "unsupported";
  readonly got?: unknown;
  readonly expected?: unknown;
  /** What differs, or what was thrown. */
  readonly error?: string;
}

// biome-ignore lint/suspicious/noExplicitAny: golden arguments are untyped by nature
type Args = any;
type Call = (args: Args) => unknown;

/** Tensors, typed arrays and big integers as the golden files write them. */
function plain(value: unknown): unknown {
  if (value instanceof Tensor) return value.toArray();
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number>);
  if (typeof value === "bigint") {
    return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : String(value);
  }
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
  }
  return value;
}

// --- RandomState -----------------------------------------------------------------------------------------------------

type Stream = InstanceType<typeof data.RandomState>;
const size = (args: Args) => args.size ?? undefined;

function randint(stream: Stream, args: Args): unknown {
  const low = args.high === undefined ? 0 : args.low;
  const high = args.high === undefined ? args.low : args.high;
  if (typeof low !== "string" && typeof high !== "string")
    return stream.randint(low, high, size(args) as number, args.dtype);
  return stream.randintBig(BigInt(low), BigInt(high), args.size, args.dtype);
}

function choice(stream: Stream, args: Args): unknown {
  const items = Array.isArray(args.a) ? args.a.length : args.a;
  const picked = stream.choice(items, { size: size(args), replace: args.replace, p: args.p }) as unknown;
  if (!Array.isArray(args.a)) return picked;
  const values = (x: unknown): unknown => (Array.isArray(x) ? x.map(values) : args.a[x as number]);
  return values(plain(picked));
}

const methods: Record<string, (stream: Stream, args: Args) => unknown> = {
  raw32: (s, a) => s.words(a.size),
  randomSample: (s, a) => s.randomSample(size(a)),
  uniform: (s, a) => s.uniform(a.low, a.high, size(a)),
  standardNormal: (s, a) => s.standardNormal(size(a)),
  normal: (s, a) => s.normal(a.loc, a.scale, size(a)),
  randint,
  permutation: (s, a) => s.permutation(a.x),
  shuffle: (s, a) => {
    const copy = [...a.x];
    s.shuffle(copy);
    return copy;
  },
  choice,
  poisson: (s, a) => s.poisson(a.lam, size(a)),
  exponential: (s, a) => s.exponential(a.scale, size(a)),
  standardExponential: (s, a) => s.standardExponential(size(a)),
  standardGamma: (s, a) => s.standardGamma(a.shape, size(a)),
  gamma: (s, a) => s.gamma(a.shape, a.scale, size(a)),
  multivariateNormal: (s, a) => s.multivariateNormal(a.mean, a.cov, a.size),
};

function randomState({ seed, calls }: Args): unknown {
  const stream = new data.RandomState(seed);
  const results = calls.map(({ method, args }: Args) => {
    const call = methods[method];
    if (call === undefined) throw new Error(`no such method: ${method}`);
    return call(stream, args);
  });
  return { results, hasGauss: stream.keptNormal !== undefined, gauss: stream.keptNormal ?? 0 };
}

// --- Generators ------------------------------------------------------------------------------------------------------

/** The generator's arrays by name, and the next double of its stream. */
function generator(make: (options: Args) => unknown, names: readonly string[]): Call {
  return (args) => {
    const stream = new data.RandomState(args.randomState ?? 0);
    const made = make({ ...args, randomState: stream });
    const arrays = made instanceof Tensor ? [made] : (made as unknown[]);
    const named = Object.fromEntries(arrays.map((array, i) => [names[i] as string, array]));
    return { ...named, nextRandomSample: stream.double() };
  };
}

const xy = ["X", "y"];

/** NumPy squeezes every axis of length 1 out of y and coef. */
function squeezed(result: Args): unknown {
  const squeeze = (x: unknown): unknown => (Array.isArray(x) && x.length === 1 ? squeeze(x[0]) : x);
  return result.coef === undefined ? result : { ...result, coef: squeeze(plain(result.coef)) };
}

// --- Splits ----------------------------------------------------------------------------------------------------------

function trainTestSplit({ arrays, nSamples, ...options }: Args): unknown {
  if (arrays === undefined) return data.trainTestIndices(nSamples, options);
  const numbers = (arrays[0] as unknown[]).map((_, i) => i);
  const parts = data.trainTestSplit(...(arrays as [unknown[]]), numbers, options) as unknown[][];
  return { train: parts.at(-2), test: parts.at(-1), parts: parts.slice(0, -2) };
}

interface AnySplitter {
  split(rows: number, y?: Args, groups?: Args): unknown;
}

function splitter(make: (options: Args) => AnySplitter): Call {
  return ({ nSamples, y, groups, ...options }) => {
    const rows = nSamples ?? (y ?? groups).length;
    return { folds: make(options).split(rows, y, groups) };
  };
}

// --- Transforms ------------------------------------------------------------------------------------------------------

/** scikit-learn reports one number where all columns saw as many rows. */
function oneIfEqual(values: unknown): unknown {
  const list = plain(values);
  return Array.isArray(list) && list.every((x) => x === list[0]) ? list[0] : list;
}

function transformer(make: (options: Args) => Args): Call {
  return (args) => {
    const made = make(args.options ?? {});
    if (args.partialFit !== undefined) {
      args.partialFit.forEach((batch: unknown, i: number) => {
        made.partialFit(batch, { sampleWeight: args.sampleWeights?.[i] });
      });
    } else if (args.fit !== undefined) {
      if (args.sampleWeight === undefined) made.fit(args.fit);
      else made.fit(args.fit, { sampleWeight: args.sampleWeight });
    }
    const transform = args.transform === undefined ? undefined : made.transform(args.transform);
    const inverseTransform =
      args.inverseTransform === undefined ? undefined : made.inverseTransform(args.inverseTransform);
    return fittedView(made, transform, inverseTransform);
  };
}

/** Reads attributes only when they are asked for: expected names decide. */
function fittedView(made: Args, transform: unknown, inverseTransform: unknown): unknown {
  return new Proxy(
    {},
    {
      get: (_, name: string) => {
        if (name === "transform") return transform;
        if (name === "inverseTransform") return inverseTransform;
        if (name === "featureNamesOut") return made.featureNamesOut();
        if (name === "nSamplesSeen") return oneIfEqual(made.nSamplesSeen);
        return made[name];
      },
    },
  );
}

const transforms: Record<string, (options: Args) => Args> = {
  StandardScaler: (o) => new data.StandardScaler(o),
  MinMaxScaler: (o) => new data.MinMaxScaler(o),
  MaxAbsScaler: (o) => new data.MaxAbsScaler(o),
  RobustScaler: (o) => new data.RobustScaler(o),
  Normalizer: (o) => new data.Normalizer(o),
  Binarizer: (o) => new data.Binarizer(o),
  OneHotEncoder: (o) => new data.OneHotEncoder(o),
  OrdinalEncoder: (o) => new data.OrdinalEncoder(o),
  LabelEncoder: (o) => new data.LabelEncoder(o),
  LabelBinarizer: (o) => new data.LabelBinarizer(o),
  MultiLabelBinarizer: (o) => new data.MultiLabelBinarizer(o),
  SimpleImputer: (o) => new data.SimpleImputer(o),
  MissingIndicator: (o) => new data.MissingIndicator(o),
  KBinsDiscretizer: (o) => new data.KBinsDiscretizer(o),
  PolynomialFeatures: (o) => new data.PolynomialFeatures(o),
  PowerTransformer: (o) => new data.PowerTransformer(o),
  QuantileTransformer: (o) => new data.QuantileTransformer(o),
  ColumnTransformer: ({ transformers, ...options }) => new data.ColumnTransformer(transformers.map(step), options),
  Pipeline: ({ steps }) => new data.Pipeline(steps.map(step)),
};

function step({ type, options, ...rest }: Args): Args {
  const made = type === "passthrough" || type === "drop" ? type : transforms[type]?.(options);
  return { ...rest, transform: made };
}

function walkthrough(args: Args): unknown {
  const [X, y] = data.makeClassification(args.makeClassification);
  const [XTrain, XTest, yTrain, yTest] = data.trainTestSplit(X, y, args.trainTestSplit);
  const scaler = new data.StandardScaler(args.StandardScaler).fit(XTrain);
  const { mean, scale } = scaler;
  return { mean, scale, xTrain: scaler.transform(XTrain), xTest: scaler.transform(XTest), yTrain, yTest };
}

// --- All of it -------------------------------------------------------------------------------------------------------

/** What each function of the golden files is here; results are shaped as `expect` is. */
export const dataDispatch: Record<string, Call> = {
  RandomState: randomState,
  makeClassification: generator(data.makeClassification, xy),
  makeRegression: (args) => squeezed(generator(data.makeRegression, ["X", "y", "coef"])(args)),
  makeBlobs: generator(data.makeBlobs, ["X", "y", "centers"]),
  makeMoons: generator(data.makeMoons, xy),
  makeCircles: generator(data.makeCircles, xy),
  makeMultilabelClassification: generator(data.makeMultilabelClassification, ["X", "Y", "pC", "pWC"]),
  makeGaussianQuantiles: generator(data.makeGaussianQuantiles, xy),
  makeFriedman1: generator(data.makeFriedman1, xy),
  makeFriedman2: generator(data.makeFriedman2, xy),
  makeFriedman3: generator(data.makeFriedman3, xy),
  makeSwissRoll: generator(data.makeSwissRoll, ["X", "t"]),
  makeSCurve: generator(data.makeSCurve, ["X", "t"]),
  makeLowRankMatrix: generator(data.makeLowRankMatrix, ["X"]),
  trainTestSplit,
  KFold: splitter((o) => new data.KFold(o)),
  StratifiedKFold: splitter((o) => new data.StratifiedKFold(o)),
  RepeatedKFold: splitter((o) => new data.RepeatedKFold(o)),
  RepeatedStratifiedKFold: splitter((o) => new data.RepeatedStratifiedKFold(o)),
  GroupKFold: splitter((o) => new data.GroupKFold(o)),
  GroupShuffleSplit: splitter((o) => new data.GroupShuffleSplit(o)),
  LeaveOneGroupOut: splitter(() => new data.LeaveOneGroupOut()),
  StratifiedGroupKFold: splitter((o) => new data.StratifiedGroupKFold(o)),
  ShuffleSplit: splitter((o) => new data.ShuffleSplit(o)),
  StratifiedShuffleSplit: splitter((o) => new data.StratifiedShuffleSplit(o)),
  TimeSeriesSplit: splitter((o) => new data.TimeSeriesSplit(o)),
  LeaveOneOut: splitter(() => new data.LeaveOneOut()),
  shuffle: ({ arrays, ...options }) => data.shuffle(...(arrays as [unknown[]]), options),
  resample: ({ arrays, ...options }) => data.resample(...(arrays as [unknown[]]), options),
  ...Object.fromEntries(Object.entries(transforms).map(([name, make]) => [name, transformer(make)])),
  labelBinarize: ({ y, ...options }) => data.labelBinarize(y, options),
  computeClassWeight: ({ classWeight, classes, y, ...options }) =>
    data.computeClassWeight(classWeight, classes, y, options),
  computeSampleWeight: ({ classWeight, y, ...options }) => data.computeSampleWeight(classWeight, y, options),
  toCategorical: ({ x, ...options }) => data.toCategorical(x, options),
  walkthrough,
};

// --- Tolerances ------------------------------------------------------------------------------------------------------

const real = 1e-12;
const exactMethods = new Set([
  "raw32",
  "randomSample",
  "uniform",
  "randint",
  "permutation",
  "shuffle",
  "choice",
  "poisson",
]);
/** Results that are labels, counts, indices or codes whatever the function. */
const exactFields = new Set([
  ...[
    "nextRandomSample",
    "Y",
    "folds",
    "train",
    "test",
    "parts",
    "categories",
    "classes",
    "dropIdx",
    "powers",
    "features",
  ],
  ...["infrequentCategories", "featureNamesOut", "nBins", "nQuantiles", "yTrain", "yTest", "hasGauss"],
]);
/** Functions whose results are codes or choices throughout. */
const exactFunctions = new Set([
  ...["shuffle", "resample", "trainTestSplit", "Binarizer", "OneHotEncoder", "OrdinalEncoder", "LabelEncoder"],
  ...["LabelBinarizer", "labelBinarize", "MultiLabelBinarizer", "MissingIndicator", "toCategorical"],
]);
const realTargets = new Set(["makeRegression", "makeFriedman1", "makeFriedman2", "makeFriedman3"]);

function tolerance({ fn, args }: DataCase, field: string): Tolerance {
  if (exactFunctions.has(fn) || exactFields.has(field)) return 0;
  if (field === "y" && !realTargets.has(fn)) return 0;
  if (fn === "KBinsDiscretizer" && field === "transform") return 0;
  if (fn === "makeMultilabelClassification" && field === "X") return 0;
  if (fn === "PowerTransformer") return 1e-6;
  if (fn === "makeLowRankMatrix" || (fn === "makeRegression" && args.effectiveRank != null)) return 1e-10;
  return real;
}

function callTolerance({ method, args }: Args): Tolerance {
  if (exactMethods.has(method)) return 0;
  const full =
    method === "multivariateNormal" &&
    args.cov.some((row: number[], i: number) => row.some((x, j) => i !== j && x !== 0));
  return full ? 1e-10 : real;
}

/** scikit-learn calls the pooled category "infrequent_sklearn", we call it "infrequent". */
function ourNames(expected: unknown): unknown {
  if (typeof expected === "string") return expected.replace(/infrequent_sklearn$/, "infrequent");
  return Array.isArray(expected) ? expected.map(ourNames) : expected;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function compareResults(test: DataCase, got: unknown, expected: unknown): string | undefined {
  if (test.fn === "RandomState") {
    const mine = plain(got) as { results: unknown[]; hasGauss: boolean; gauss: number };
    const theirs = expected as typeof mine;
    const calls = (test.args as Args).calls as Args[];
    for (const [i, call] of calls.entries()) {
      const found = difference(mine.results[i], theirs.results[i], callTolerance(call), `results[${i}]`);
      if (found !== undefined) return found;
    }
    const counts = difference(
      [mine.results.length, mine.hasGauss],
      [theirs.results.length, theirs.hasGauss],
      0,
      "state",
    );
    return counts ?? difference(mine.gauss, theirs.gauss, real, "gauss");
  }
  if (!isRecord(expected) || "sampled" in expected) {
    return difference(plain(got), ourNames(expected), tolerance(test, ""), "result");
  }
  for (const [field, value] of Object.entries(expected)) {
    const mine = plain((got as Record<string, unknown>)[field]);
    // Folds are records of index lists.
    const found =
      isRecord(value) || !isRecords(value)
        ? difference(mine, ourNames(value), tolerance(test, field), field)
        : foldsDifference(mine, value);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isRecords(value: unknown): value is Record<string, unknown>[] {
  return Array.isArray(value) && value.length > 0 && value.every(isRecord);
}

function foldsDifference(got: unknown, expected: readonly Record<string, unknown>[]): string | undefined {
  const lists = (folds: unknown) =>
    (folds as { train: unknown; test: unknown }[]).map(({ train, test }) => [train, test]);
  return difference(lists(got), lists(expected), 0, "folds");
}

function resultForReport(test: DataCase, got: unknown): unknown {
  const expected = test.expect;
  if (!isRecord(expected) || "sampled" in expected) return plain(got);
  return Object.fromEntries(
    Object.keys(expected).map((field) => [field, plain((got as Record<string, unknown>)[field])]),
  );
}

/**
 * Where ours differs from scikit-learn on purpose, with the reason; undefined for every other case. The check must show that
 * ours is the true value, or the case fails.
 */
function deviation({ fn, args }: DataCase): string | undefined {
  const batches = decode(args.partialFit) as (number[] | undefined)[][] | undefined;
  if (fn !== "StandardScaler" || batches === undefined) return undefined;
  const columns = (batches[0]?.[0] ?? []).map((_, j) => j);
  const isEmptyIn = (batch: (number[] | undefined)[], j: number) => batch.every((row) => Number.isNaN(row?.[j]));
  const affected = columns.filter((j) => batches.some((batch) => isEmptyIn(batch, j)));
  if (affected.length === 0 || affected.some((j) => batches.every((batch) => isEmptyIn(batch, j)))) return undefined;
  const inBatches = new data.StandardScaler(args.options as Args);
  const weights = args.sampleWeights as number[][] | undefined;
  batches.forEach((batch, i) => {
    inBatches.partialFit(batch as number[][], { sampleWeight: weights?.[i] });
  });
  const atOnce = new data.StandardScaler(args.options as Args);
  atOnce.fit(batches.flat() as number[][], { sampleWeight: weights?.flat() });
  const wrong = difference(plain(inBatches.var), plain(atOnce.var), real, "var");
  return wrong === undefined
    ? "declared deviation: scikit-learn's variance turns NaN for good when a column has no value in one batch; ours equals a fit of all rows"
    : undefined;
}

/** Runs a case: `{ throws }` expects a typed error, anything else equal results. */
export function runDataCase(test: DataCase): DataVerdict {
  const call = Object.hasOwn(dataDispatch, test.fn) ? dataDispatch[test.fn] : undefined;
  if (call === undefined) return { status: "unsupported", error: `no function ${test.fn}` };
  const expected = decode(test.expect);
  const mustThrow = isRecord(expected) && typeof expected.throws === "string";
  try {
    const got = call(decode(test.args));
    if (mustThrow) {
      return { status: "failed", got: plainSafe(got), expected, error: `went through, but ${expected.throws}` };
    }
    const found = compareResults(test, got, expected);
    if (found === undefined) return { status: "passed" };
    const reason = deviation(test);
    if (reason !== undefined) return { status: "unsupported", expected, error: reason };
    return { status: "failed", got: resultForReport(test, got), expected, error: found };
  } catch (error) {
    if (mustThrow && error instanceof SurprisalError) return { status: "passed" };
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { status: "failed", expected, error: `threw ${text}` };
  }
}

/** A view of a fitted transform has no fields of its own. */
function plainSafe(got: unknown): unknown {
  return isRecord(got) && Object.keys(got).length === 0 ? "a fitted transform" : plain(got);
}

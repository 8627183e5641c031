/** Shuffling and drawing rows of several arrays at once. */
import { InvalidArgumentError, ShapeError } from "../../base/errors.ts";
import { type RandomState, toRandomState } from "../../base/random/randomState.ts";
import { readRowLabels } from "../labels.ts";
import { flag, type OptionsOf, orNull, randomState, readOptions, unchecked, whole } from "../options.ts";
import { isSplittable, type Part, type Splittable, sharedRowCount, takeRows } from "./rows.ts";
import { approximateMode, rowsByClass } from "./stratify.ts";
import type { Stratify } from "./trainTestSplit.ts";

const stratify = unchecked<Stratify | null>(null);
const shuffleParams = {
  /** Rows to return; null for all. */
  nSamples: orNull(whole(1, 1)),
  randomState,
};
const resampleParams = {
  ...shuffleParams,
  /** False never draws a row twice. */
  replace: flag(true),
  /** Labels whose shares are kept. */
  stratify,
};
/** What `shuffle` takes. */
export type ShuffleOptions = OptionsOf<typeof shuffleParams>;
/** What `resample` takes. */
export type ResampleOptions = OptionsOf<typeof resampleParams>;

type PartsOf<A extends readonly unknown[]> = { [K in keyof A]: Part<A[K]> };

function divide<O>(args: readonly unknown[]): { arrays: Splittable[]; options: O } {
  const hasOptions = args.length > 0 && !isSplittable(args.at(-1));
  return {
    arrays: (hasOptions ? args.slice(0, -1) : args) as Splittable[],
    options: (hasOptions ? args.at(-1) : {}) as O,
  };
}

/** The rows of all arrays in one random order, with scikit-learn's draws: `const [X2, y2] = shuffle(X, y, { randomState: 0 })`. */
export function shuffle<const A extends readonly [Splittable, ...Splittable[]]>(
  ...args: [...arrays: A, options: ShuffleOptions]
): PartsOf<A>;
export function shuffle<const A extends readonly [Splittable, ...Splittable[]]>(...arrays: A): PartsOf<A>;
export function shuffle(...args: unknown[]): unknown[] {
  const { arrays, options } = divide<ShuffleOptions>(args);
  const given = readOptions("shuffle", shuffleParams, options);
  const n = sharedRowCount(arrays);
  const order = resampleIndices(n, { ...given, replace: false, stratify: null });
  return arrays.map((array) => takeRows(array, order));
}

/** Rows drawn at random, with replacement unless told otherwise (the bootstrap), with scikit-learn's draws. */
export function resample<const A extends readonly [Splittable, ...Splittable[]]>(
  ...args: [...arrays: A, options: ResampleOptions]
): PartsOf<A>;
export function resample<const A extends readonly [Splittable, ...Splittable[]]>(...arrays: A): PartsOf<A>;
export function resample(...args: unknown[]): unknown[] {
  const { arrays, options } = divide<ResampleOptions>(args);
  const order = resampleIndices(sharedRowCount(arrays), options);
  return arrays.map((array) => takeRows(array, order));
}

/** The row numbers that `resample` would draw from n rows. */
export function resampleIndices(n: number, options: ResampleOptions = {}): ArrayLike<number> {
  const given = readOptions("resample", resampleParams, options);
  const count = given.nSamples ?? n;
  const random = toRandomState(given.randomState);
  if (!given.replace && count > n) {
    throw new InvalidArgumentError("resample/too-many", {
      received: `${count} rows were asked for without replacement`,
      expected: `there are ${n}`,
      hint: "Ask for fewer, or pass replace: true.",
    });
  }
  if (given.stratify !== null) return stratified(n, count, given.replace, given.stratify, random);
  if (given.replace) return Int32Array.from({ length: count }, () => random.below(n));
  return random.permutation(n).subarray(0, count);
}

function stratified(n: number, count: number, replace: boolean, by: Stratify, random: RandomState): ArrayLike<number> {
  const labels = readRowLabels(by, "stratify");
  if (labels.length !== n) {
    throw new ShapeError("resample/stratify-length", {
      received: `stratify has ${labels.length} labels`,
      expected: `there are ${n} rows`,
      hint: "Pass one label per row.",
    });
  }
  const { rows } = rowsByClass(labels);
  const counts = approximateMode(
    rows.map((of) => of.length),
    count,
    random,
  );
  const drawn = rows.flatMap((of, i) => {
    const picked = random.choice(of.length, { size: counts[i] as number, replace });
    return Array.from(picked.data, (at) => of[at] as number);
  });
  return random.permutation(drawn);
}

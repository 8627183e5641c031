/** One split of any number of arrays into a training and a test part. */
import { InvalidArgumentError, ShapeError } from "../../base/errors.ts";
import { toRandomState } from "../../base/random/randomState.ts";
import { type Label, type LabelsLike, readRowLabels } from "../labels.ts";
import { flag, type OptionsOf, randomState, readOptions, unchecked } from "../options.ts";
import { type Fold, isSplittable, type Part, type Splittable, sharedRowCount, takeRows } from "./rows.ts";
import { partSizes, size } from "./sizes.ts";
import { stratifiedFolds } from "./stratify.ts";

/** Labels to stratify by: a vector, or rows of several labels, each distinct row being a class. */
export type Stratify = LabelsLike | readonly (readonly Label[])[];
const stratify = unchecked<Stratify | null>(null);

const params = {
  /** Rows to hold out: a count (1 is one row), or a share above 0 and below 1. Default 0.25, or what trainSize leaves. */
  testSize: size,
  /** Rows to train on, likewise. Default: what testSize leaves. */
  trainSize: size,
  /** False takes the rows as they stand, the test part after the training part. */
  shuffle: flag(true),
  /** Labels whose shares both parts keep; needs shuffle. */
  stratify,
  randomState,
};
/** What `trainTestSplit` takes. */
export type TrainTestSplitOptions = OptionsOf<typeof params>;

type Parts<A extends readonly unknown[]> = A extends readonly [infer First, ...infer Rest]
  ? [train: Part<First>, test: Part<First>, ...Parts<Rest>]
  : [];

/**
 * Splits arrays of as many rows each, with scikit-learn's draws: `const [XTrain, XTest, yTrain, yTest] = trainTestSplit(X, y, { … })`.
 * What comes back is of the kind that came in: tensors for tensors, typed arrays for typed arrays, plain arrays for plain ones.
 * @throws ShapeError when lengths differ, InvalidArgumentError for sizes or classes that leave a part empty.
 */
export function trainTestSplit<const A extends readonly [Splittable, ...Splittable[]]>(
  ...args: [...arrays: A, options: TrainTestSplitOptions]
): Parts<A>;
export function trainTestSplit<const A extends readonly [Splittable, ...Splittable[]]>(...arrays: A): Parts<A>;
export function trainTestSplit(...args: unknown[]): unknown[] {
  const last = args.at(-1);
  const hasOptions = args.length > 0 && !isSplittable(last);
  const arrays = (hasOptions ? args.slice(0, -1) : args) as Splittable[];
  const options = (hasOptions ? last : {}) as TrainTestSplitOptions;
  // Options first: a misspelt option should not hide behind an odd array.
  readOptions("train-test-split", params, options);
  const { train, test } = trainTestIndices(sharedRowCount(arrays), options);
  return arrays.flatMap((array) => [takeRows(array, train), takeRows(array, test)]);
}

/** The row numbers that `trainTestSplit` would take for n rows. */
export function trainTestIndices(n: number, options: TrainTestSplitOptions = {}): Fold {
  const given = readOptions("train-test-split", params, options);
  sharedRowCount([n]);
  const sizes = partSizes(n, given.testSize, given.trainSize, 0.25);
  if (!given.shuffle) {
    if (given.stratify !== null) {
      throw new InvalidArgumentError("train-test-split/stratify-needs-shuffle", {
        received: "stratify was given with shuffle: false",
        expected: "rows that stay in order cannot keep the class shares",
        hint: "Leave out one of the two.",
      });
    }
    const order = Int32Array.from({ length: sizes.train + sizes.test }, (_, i) => i);
    return { train: order.slice(0, sizes.train), test: order.slice(sizes.train) };
  }
  const random = toRandomState(given.randomState);
  if (given.stratify !== null) {
    const labels = readRowLabels(given.stratify, "stratify");
    if (labels.length !== n) {
      throw new ShapeError("train-test-split/stratify-length", {
        received: `stratify has ${labels.length} labels`,
        expected: `there are ${n} rows`,
        hint: "Pass one label per row.",
      });
    }
    return stratifiedFolds(labels, sizes, 1, random)[0] as Fold;
  }
  return shuffledFold(n, sizes, random);
}

/** Test rows come from the front of the permutation. */
export function shuffledFold(
  n: number,
  sizes: { readonly train: number; readonly test: number },
  random: ReturnType<typeof toRandomState>,
): Fold {
  const order = random.permutation(n);
  return { train: order.slice(sizes.test, sizes.test + sizes.train), test: order.slice(0, sizes.test) };
}

/** Independent random splits. */
import { toRandomState } from "../../base/random/randomState.ts";
import { type LabelsLike, number, readRowLabels } from "../labels.ts";
import { type OptionsOf, randomState, readOptions, type ValuesOf, whole } from "../options.ts";
import { foldOf, labelsOf, type Rows, type Splitter } from "./folds.ts";
import { type Fold, sharedRowCount } from "./rows.ts";
import { partSizes, size } from "./sizes.ts";
import { stratifiedFolds } from "./stratify.ts";
import { shuffledFold } from "./trainTestSplit.ts";

const params = {
  /** Splits, 1 or more. */
  nSplits: whole(10, 1),
  /** A count, or a share above 0 and below 1. */
  testSize: size,
  trainSize: size,
  randomState,
};
/** What `ShuffleSplit` takes. */
export type ShuffleSplitOptions = OptionsOf<typeof params>;

/** Random splits; testSize is 0.1 unless given. */
export class ShuffleSplit implements Splitter {
  readonly options: ValuesOf<typeof params>;

  constructor(options: ShuffleSplitOptions = {}) {
    this.options = readOptions("shuffle-split", params, options);
  }

  split(rows: Rows): Fold[] {
    const n = sharedRowCount([rows]);
    const sizes = partSizes(n, this.options.testSize, this.options.trainSize, 0.1);
    const random = toRandomState(this.options.randomState);
    return Array.from({ length: this.options.nSplits }, () => shuffledFold(n, sizes, random));
  }
}

/** Random splits that keep the share of every class; testSize is 0.1 unless given. */
export class StratifiedShuffleSplit implements Splitter {
  readonly options: ValuesOf<typeof params>;

  constructor(options: ShuffleSplitOptions = {}) {
    this.options = readOptions("stratified-shuffle-split", params, options);
  }

  split(rows: Rows, y?: LabelsLike): Fold[] {
    const n = sharedRowCount([rows]);
    const labels = labelsOf(y === undefined ? y : readRowLabels(y, "y"), "y", n, "stratified-shuffle-split");
    const sizes = partSizes(n, this.options.testSize, this.options.trainSize, 0.1);
    return stratifiedFolds(labels, sizes, this.options.nSplits, toRandomState(this.options.randomState));
  }
}

/** Random splits of whole groups; sizes count groups, testSize is 0.2 and nSplits 5 unless given. */
export class GroupShuffleSplit implements Splitter {
  readonly options: ValuesOf<typeof params>;

  constructor(options: ShuffleSplitOptions = {}) {
    this.options = readOptions("group-shuffle-split", params, { ...options, nSplits: options.nSplits ?? 5 });
  }

  split(rows: Rows, _y?: LabelsLike, groups?: LabelsLike): Fold[] {
    const n = sharedRowCount([rows]);
    const { classes, codes } = number(labelsOf(groups, "groups", n, "group-shuffle-split"), "groups");
    const sizes = partSizes(classes.length, this.options.testSize, this.options.trainSize, 0.2);
    const random = toRandomState(this.options.randomState);
    return Array.from({ length: this.options.nSplits }, () => {
      const fold = shuffledFold(classes.length, sizes, random);
      const side = (part: Int32Array) => {
        const inside = new Set(part);
        return foldOf(n, (row) => inside.has(codes[row] as number)).test;
      };
      return { train: side(fold.train), test: side(fold.test) };
    });
  }
}

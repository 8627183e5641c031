/** Folds that never divide a group. */
import { InvalidArgumentError } from "../../base/errors.ts";
import { toRandomState } from "../../base/random/randomState.ts";
import { evenCounts } from "../evenCounts.ts";
import { argmax } from "../extremes.ts";
import { type LabelsLike, number } from "../labels.ts";
import { flag, type OptionsOf, randomState, readOptions, type ValuesOf, whole } from "../options.ts";
import { checkUnusedSeed, foldOf, labelsOf, type Rows, type Splitter, tooManySplits } from "./folds.ts";
import { type Fold, sharedRowCount } from "./rows.ts";

const params = {
  /** Folds, 2 or more. */
  nSplits: whole(5, 2),
  /** Deals the groups out at random instead of by size. */
  shuffle: flag(false),
  /** Only with shuffle. */
  randomState,
};
/** What `GroupKFold` takes. */
export type GroupKFoldOptions = OptionsOf<typeof params>;

/** Each group is tested in one fold; large groups are placed first, each in the fold with the fewest rows so far. */
export class GroupKFold implements Splitter {
  readonly options: ValuesOf<typeof params>;

  constructor(options: GroupKFoldOptions = {}) {
    this.options = readOptions("group-k-fold", params, options);
    checkUnusedSeed(options, this.options.shuffle, "group-k-fold");
  }

  split(rows: Rows, _y?: LabelsLike, groups?: LabelsLike): Fold[] {
    const n = sharedRowCount([rows]);
    const { classes, codes, counts } = number(labelsOf(groups, "groups", n, "group-k-fold"), "groups");
    const { nSplits, shuffle } = this.options;
    if (nSplits > classes.length) throw tooManySplits("group-k-fold", nSplits, classes.length, "groups");
    const foldOfGroup = new Int32Array(classes.length);
    if (shuffle) {
      const order = toRandomState(this.options.randomState).permutation(classes.length);
      let start = 0;
      evenCounts(classes.length, nSplits).forEach((size, fold) => {
        for (const group of order.subarray(start, (start += size))) foldOfGroup[group] = fold;
      });
    } else {
      const rowsInFold = new Int32Array(nSplits);
      // Ascending and stable, then backwards: of groups alike the later comes first.
      const bySize = Array.from(counts.keys()).sort((a, b) => (counts[a] as number) - (counts[b] as number));
      for (const group of bySize.reverse()) {
        const lightest = argmax(rowsInFold.map((rows) => -rows));
        rowsInFold[lightest] = (rowsInFold[lightest] as number) + (counts[group] as number);
        foldOfGroup[group] = lightest;
      }
    }
    return Array.from({ length: nSplits }, (_, fold) => foldOf(n, (row) => foldOfGroup[codes[row] as number] === fold));
  }
}

/** As many folds as groups, each tested once. */
export class LeaveOneGroupOut implements Splitter {
  split(rows: Rows, _y?: LabelsLike, groups?: LabelsLike): Fold[] {
    const n = sharedRowCount([rows]);
    const { classes, codes } = number(labelsOf(groups, "groups", n, "leave-one-group-out"), "groups");
    if (classes.length < 2) {
      throw new InvalidArgumentError("leave-one-group-out/one-group", {
        received: "there is one group only",
        expected: "leaving it out leaves nothing to train on",
        hint: "Pass two groups or more.",
      });
    }
    return classes.map((_, group) => foldOf(n, (row) => codes[row] === group));
  }
}

/** K-fold cross-validation: every row is tested once. */
import { toRandomState } from "../../base/random/randomState.ts";
import { evenCounts } from "../evenCounts.ts";
import { largest } from "../extremes.ts";
import type { Label, LabelsLike } from "../labels.ts";
import { number } from "../labels.ts";
import { flag, type OptionsOf, randomState, readOptions, type ValuesOf, whole } from "../options.ts";
import { checkClasses, checkUnusedSeed, foldOf, labelsOf, type Rows, type Splitter, tooManySplits } from "./folds.ts";
import { type Fold, sharedRowCount } from "./rows.ts";

const params = {
  /** Folds, 2 or more. */
  nSplits: whole(5, 2),
  /** Shuffles before cutting. Default: rows as they stand. */
  shuffle: flag(false),
  /** Only with shuffle. */
  randomState,
};
/** What `KFold` takes. */
export type KFoldOptions = OptionsOf<typeof params>;

/** Folds of nearly equal size; the first ones get one row more where it does not divide. Test rows ascend. */
export class KFold implements Splitter {
  readonly options: ValuesOf<typeof params>;

  /** @throws InvalidArgumentError for nSplits below 2, or a seed without shuffle. */
  constructor(options: KFoldOptions = {}) {
    this.options = readOptions("k-fold", params, options);
    checkUnusedSeed(options, this.options.shuffle, "k-fold");
  }

  /** @throws InvalidArgumentError when there are fewer rows than folds. */
  split(rows: Rows): Fold[] {
    const n = sharedRowCount([rows]);
    const { nSplits, shuffle } = this.options;
    if (nSplits > n) throw tooManySplits("k-fold", nSplits, n, n === 1 ? "row" : "rows");
    const order = Int32Array.from({ length: n }, (_, i) => i);
    if (shuffle) toRandomState(this.options.randomState).shuffle(order);
    let start = 0;
    return evenCounts(n, nSplits).map((size) => {
      const test = new Set(order.subarray(start, (start += size)));
      return foldOf(n, (row) => test.has(row));
    });
  }
}

/** Folds that keep the share of every class. */
export class StratifiedKFold implements Splitter {
  readonly options: ValuesOf<typeof params>;

  /** @throws InvalidArgumentError for nSplits below 2, or a seed without shuffle. */
  constructor(options: KFoldOptions = {}) {
    this.options = readOptions("stratified-k-fold", params, options);
    checkUnusedSeed(options, this.options.shuffle, "stratified-k-fold");
  }

  /** @throws InvalidArgumentError when every class has fewer rows than there are folds, or y holds fractions. */
  split(rows: Rows, y?: LabelsLike): Fold[] {
    const where = "stratified-k-fold";
    const n = sharedRowCount([rows]);
    const labels = labelsOf(y, "y", n, where);
    checkClasses(labels, where);
    const { codes, counts } = byAppearance(labels);
    const { nSplits, shuffle } = this.options;
    const most = largest(counts);
    if (nSplits > n || nSplits > most) throw tooManySplits(where, nSplits, most, "rows of the largest class");
    const random = toRandomState(this.options.randomState);
    // Dealing the sorted labels out like cards says how many of each class every fold gets.
    const sorted = Int32Array.from(codes).sort();
    const testFold = new Int32Array(n);
    counts.forEach((_, k) => {
      const folds: number[] = [];
      for (let fold = 0; fold < nSplits; fold++) {
        for (let i = fold; i < n; i += nSplits) if (sorted[i] === k) folds.push(fold);
      }
      if (shuffle) random.shuffle(folds);
      let next = 0;
      for (let i = 0; i < n; i++) if (codes[i] === k) testFold[i] = folds[next++] as number;
    });
    return Array.from({ length: nSplits }, (_, fold) => foldOf(n, (row) => testFold[row] === fold));
  }
}

/** Classes numbered in the order in which they first occur. */
function byAppearance(labels: readonly Label[]): { codes: Int32Array; counts: number[] } {
  const { codes: sorted } = number(labels, "y");
  const place = new Map<number, number>();
  const counts: number[] = [];
  const codes = sorted.map((code) => {
    const at = place.get(code) ?? place.size;
    place.set(code, at);
    counts[at] = (counts[at] ?? 0) + 1;
    return at;
  });
  return { codes, counts };
}

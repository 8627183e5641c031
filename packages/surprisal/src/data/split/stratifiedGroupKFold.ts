/** Folds that never divide a group and keep the shares of the classes as well as whole groups allow. */
import { largest } from "../extremes.ts";
import { type LabelsLike, number } from "../labels.ts";
import { type OptionsOf, readOptions, type ValuesOf, whole } from "../options.ts";
import { checkClasses, foldOf, labelsOf, type Rows, type Splitter, tooManySplits } from "./folds.ts";
import { type Fold, sharedRowCount } from "./rows.ts";

const where = "stratified-group-k-fold";

const params = {
  /** Folds, 2 or more. */
  nSplits: whole(5, 2),
};
/** What `StratifiedGroupKFold` takes. */
export type StratifiedGroupKFoldOptions = OptionsOf<typeof params>;

/** Groups with the most uneven classes are placed first, each in the fold that it leaves the most even. */
export class StratifiedGroupKFold implements Splitter {
  readonly options: ValuesOf<typeof params>;

  constructor(options: StratifiedGroupKFoldOptions = {}) {
    this.options = readOptions(where, params, options);
  }

  split(rows: Rows, y?: LabelsLike, groups?: LabelsLike): Fold[] {
    const n = sharedRowCount([rows]);
    const { nSplits } = this.options;
    const labels = labelsOf(y, "y", n, where);
    checkClasses(labels, where);
    const classes = number(labels, "y");
    const members = number(labelsOf(groups, "groups", n, where), "groups");
    const most = largest(classes.counts);
    if (nSplits > most) throw tooManySplits(where, nSplits, most, "rows of the largest class");
    if (nSplits > members.classes.length) throw tooManySplits(where, nSplits, members.classes.length, "groups");

    const k = classes.classes.length;
    const perGroup = members.classes.map(() => new Float64Array(k));
    members.codes.forEach((group, row) => {
      const counts = perGroup[group] as Float64Array;
      const code = classes.codes[row] as number;
      counts[code] = (counts[code] as number) + 1;
    });
    const spread = perGroup.map(standardDeviation);
    const order = Array.from(perGroup.keys()).sort((a, b) => (spread[b] as number) - (spread[a] as number));
    const perFold = Array.from({ length: nSplits }, () => new Float64Array(k));
    const foldOfGroup = new Int32Array(perGroup.length);
    for (const group of order) {
      const counts = perGroup[group] as Float64Array;
      const fold = bestFold(perFold, counts, classes.counts);
      foldOfGroup[group] = fold;
      add(perFold[fold] as Float64Array, counts, 1);
    }
    return perFold.map((_, fold) => foldOf(n, (row) => foldOfGroup[members.codes[row] as number] === fold));
  }
}

function add(target: Float64Array, counts: Float64Array, sign: number): void {
  counts.forEach((x, i) => {
    target[i] = (target[i] as number) + sign * x;
  });
}

function mean(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, x) => sum + x, 0) / values.length;
}

function standardDeviation(values: ArrayLike<number>): number {
  const middle = mean(values);
  return Math.sqrt(mean(Array.from(values, (x) => (x - middle) ** 2)));
}

/** The fold after which the classes are spread most evenly over the folds; of folds alike the one with the fewest rows. */
function bestFold(perFold: readonly Float64Array[], counts: Float64Array, totals: Int32Array): number {
  let best = 0;
  let bestSpread = Infinity;
  let bestRows = Infinity;
  perFold.forEach((fold, i) => {
    add(fold, counts, 1);
    const perClass = Array.from(totals, (total, c) =>
      standardDeviation(perFold.map((of) => (of[c] as number) / total)),
    );
    add(fold, counts, -1);
    const spread = mean(perClass);
    const rows = fold.reduce((sum, x) => sum + x, 0);
    const alike = Math.abs(spread - bestSpread) <= 1e-8 + 1e-5 * Math.abs(bestSpread);
    if (spread < bestSpread || (alike && rows < bestRows)) {
      best = i;
      bestSpread = spread;
      bestRows = rows;
    }
  });
  return best;
}

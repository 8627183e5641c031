/** Splits in order of time, and one row at a time. */
import { InvalidArgumentError } from "../../base/errors.ts";
import { type OptionsOf, orNull, readOptions, type ValuesOf, whole } from "../options.ts";
import { foldOf, type Rows, type Splitter, tooManySplits } from "./folds.ts";
import { type Fold, sharedRowCount } from "./rows.ts";

const params = {
  /** Splits, 2 or more. */
  nSplits: whole(5, 2),
  /** Most rows to train on; null for all that come before. */
  maxTrainSize: orNull(whole(1, 1)),
  /** Rows to test on; null for rows / (nSplits + 1), rounded down. */
  testSize: orNull(whole(1, 1)),
  /** Rows left out between the parts. */
  gap: whole(0, 0),
};
/** What `TimeSeriesSplit` takes. */
export type TimeSeriesSplitOptions = OptionsOf<typeof params>;

/** Each test part follows its training part; the last test part ends with the last row. */
export class TimeSeriesSplit implements Splitter {
  readonly options: ValuesOf<typeof params>;

  constructor(options: TimeSeriesSplitOptions = {}) {
    this.options = readOptions("time-series-split", params, options);
  }

  split(rows: Rows): Fold[] {
    const n = sharedRowCount([rows]);
    const { nSplits, maxTrainSize, gap } = this.options;
    if (nSplits + 1 > n)
      throw tooManySplits("time-series-split", nSplits + 1, n, "rows, one more than which are needed");
    const size = this.options.testSize ?? Math.floor(n / (nSplits + 1));
    if (n - gap - size * nSplits <= 0) {
      throw new InvalidArgumentError("time-series-split/no-training-rows", {
        received: `${nSplits} test parts of ${size} rows and a gap of ${gap} take all ${n} rows`,
        expected: "at least one must be left to train on",
        hint: "Pass a smaller testSize, gap or nSplits.",
      });
    }
    const from = (start: number, stop: number) => Int32Array.from({ length: stop - start }, (_, i) => start + i);
    return Array.from({ length: nSplits }, (_, i) => {
      const start = n - (nSplits - i) * size;
      const end = start - gap;
      return {
        train: from(maxTrainSize === null ? 0 : Math.max(0, end - maxTrainSize), end),
        test: from(start, start + size),
      };
    });
  }
}

/** As many folds as rows, each row tested alone. */
export class LeaveOneOut implements Splitter {
  split(rows: Rows): Fold[] {
    const n = sharedRowCount([rows]);
    if (n < 2) {
      throw new InvalidArgumentError("leave-one-out/one-row", {
        received: "there is one row only",
        expected: "leaving it out leaves nothing to train on",
        hint: "Pass two rows or more.",
      });
    }
    return Array.from({ length: n }, (_, i) => foldOf(n, (row) => row === i));
  }
}

/** K-fold cross-validation several times over, each time shuffled anew from one stream. */
import { toRandomState } from "../../base/random/randomState.ts";
import type { LabelsLike } from "../labels.ts";
import { type OptionsOf, randomState, readOptions, type ValuesOf, whole } from "../options.ts";
import type { Rows, Splitter } from "./folds.ts";
import { KFold, StratifiedKFold } from "./kFold.ts";
import type { Fold } from "./rows.ts";

const params = {
  /** Folds, 2 or more. */
  nSplits: whole(5, 2),
  /** Times, 1 or more. */
  nRepeats: whole(10, 1),
  randomState,
};
/** What `RepeatedKFold` takes. */
export type RepeatedKFoldOptions = OptionsOf<typeof params>;

abstract class Repeated implements Splitter {
  readonly options: ValuesOf<typeof params>;
  abstract readonly inner: new (
    options: object,
  ) => Splitter;

  constructor(options: RepeatedKFoldOptions = {}) {
    this.options = readOptions("repeated-k-fold", params, options);
  }

  split(rows: Rows, y?: LabelsLike): Fold[] {
    const { nSplits, nRepeats } = this.options;
    const stream = toRandomState(this.options.randomState);
    const once = () => new this.inner({ nSplits, shuffle: true, randomState: stream });
    return Array.from({ length: nRepeats }, () => once().split(rows, y)).flat();
  }
}

/** `KFold`, shuffled, nRepeats times. */
export class RepeatedKFold extends Repeated {
  readonly inner = KFold;
}

/** `StratifiedKFold`, shuffled, nRepeats times. */
export class RepeatedStratifiedKFold extends Repeated {
  readonly inner = StratifiedKFold;
}

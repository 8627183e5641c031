/** Sets of labels as rows of 0 and 1. */
import { InvalidArgumentError, ShapeError } from "../../base/errors.ts";
import { Tensor } from "../../base/tensor.ts";
import { type Label, type LabelsLike, number, readLabels } from "../labels.ts";
import { badOption, type OptionsOf, param, readOptions, show } from "../options.ts";
import { decodeOptions, encodeCell, encodeOptions, readState } from "./config.ts";
import { readClasses } from "./labelEncoder.ts";
import { readMatrix } from "./matrix.ts";
import { type NumbersLike, notFitted, type TransformConfig } from "./transform.ts";

const where = "multi-label-binarizer";

const params = {
  /** The columns in order; null for those that occur, sorted. */
  classes: param<readonly Label[] | null>(null, readGivenClasses),
};
/** What `MultiLabelBinarizer` takes. */
export type MultiLabelBinarizerOptions = OptionsOf<typeof params>;

function readGivenClasses(value: unknown): readonly Label[] | null {
  if (value === null) return null;
  const classes = readLabels(value as LabelsLike, "classes");
  if (new Set(classes).size < classes.length) {
    throw badOption(where, "classes", value, "no class may occur twice");
  }
  return classes;
}

/** Sets of labels as rows of 0 and 1, one column per class. */
export class MultiLabelBinarizer {
  static readonly transformName = "MultiLabelBinarizer";
  readonly options: { readonly classes: readonly Label[] | null };
  #classes: readonly Label[] | undefined;

  /** @throws InvalidArgumentError when a given class occurs twice. */
  constructor(options: MultiLabelBinarizerOptions = {}) {
    this.options = readOptions(where, params, options);
  }

  /** @param y for each row its labels, in any order, repeats allowed. */
  fit(y: readonly (readonly Label[])[]): this {
    const sets = readSets(y);
    this.#classes = this.options.classes ?? number(sets.flat(), "y").classes;
    return this;
  }

  /** Int32 [n, classes]; labels that fit did not see are left out. */
  transform(y: readonly (readonly Label[])[]): Tensor {
    const classes = this.#fitted("transform");
    const places = new Map(classes.map((label, i) => [label, i]));
    const sets = readSets(y);
    const data = new Int32Array(sets.length * classes.length);
    sets.forEach((set, i) => {
      for (const label of set) {
        const place = places.get(label);
        if (place !== undefined) data[i * classes.length + place] = 1;
      }
    });
    return new Tensor(data, [sets.length, classes.length]);
  }

  fitTransform(y: readonly (readonly Label[])[]): Tensor {
    return this.fit(y).transform(y);
  }

  /** For each row the labels whose entry is 1. @throws InvalidArgumentError for entries other than 0 and 1. */
  inverseTransform(x: NumbersLike): Label[][] {
    const classes = this.#fitted("inverseTransform");
    const { data, rows } = readMatrix(x, { where: where, missing: "refuse", columns: classes.length });
    const odd = data.find((value) => value !== 0 && value !== 1);
    if (odd !== undefined) {
      throw new InvalidArgumentError(`${where}/not-binary`, {
        received: `an entry is ${odd}`,
        expected: "entries are 0 or 1",
        hint: "Compare probabilities with a threshold first.",
      });
    }
    return Array.from({ length: rows }, (_, i) => classes.filter((__, j) => data[i * classes.length + j] === 1));
  }

  get classes(): Label[] | undefined {
    return this.#classes && [...this.#classes];
  }

  #fitted(method: string): readonly Label[] {
    if (this.#classes === undefined) throw notFitted("MultiLabelBinarizer", method);
    return this.#classes;
  }

  toConfig(): TransformConfig {
    const state = this.#classes ? { classes: this.#classes.map(encodeCell) } : null;
    return { name: MultiLabelBinarizer.transformName, options: encodeOptions(this.options), state };
  }

  static fromConfig(config: TransformConfig): MultiLabelBinarizer {
    const made = new MultiLabelBinarizer(decodeOptions(config.options, where));
    made.#classes = readState(config, where, readClasses);
    return made;
  }
}

function readSets(y: readonly (readonly Label[])[]): Label[][] {
  if (Array.isArray(y) && y.every(Array.isArray)) return y.map((set, i) => readLabels(set, `y[${i}]`));
  throw new ShapeError(`${where}/not-sets`, {
    received: `y is ${show(y)}`,
    expected: "a list of lists of labels, one per row, is needed",
    hint: "For one label per row use LabelEncoder or toCategorical.",
  });
}

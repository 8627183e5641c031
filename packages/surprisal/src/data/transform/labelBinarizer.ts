/** Labels as rows of a low and a high value, one column per class (one column in all for two classes). */
import { Tensor } from "../../base/tensor.ts";
import { argmax } from "../extremes.ts";
import { type Label, type LabelsLike, number, readLabels } from "../labels.ts";
import { badOption, type OptionsOf, readOptions, type ValuesOf, whole } from "../options.ts";
import { decodeOptions, encodeCell, encodeOptions, readState } from "./config.ts";
import { readClasses } from "./labelEncoder.ts";
import { empty, readMatrix } from "./matrix.ts";
import { type NumbersLike, notFitted, type TransformConfig } from "./transform.ts";

const where = "label-binarizer";

const params = {
  /** The value for "not this class". */
  negLabel: whole(0, Number.MIN_SAFE_INTEGER),
  /** The value for "this class"; above negLabel. */
  posLabel: whole(1, Number.MIN_SAFE_INTEGER),
};
/** What `LabelBinarizer` takes. */
export type LabelBinarizerOptions = OptionsOf<typeof params>;

function checkedOptions(options: LabelBinarizerOptions): ValuesOf<typeof params> {
  const given = readOptions(where, params, options);
  if (given.negLabel < given.posLabel) return given;
  throw badOption(where, "negLabel", given.negLabel, `it must be below posLabel (${given.posLabel})`);
}

/** One column per class; two classes give one column, which is high for the second. */
export class LabelBinarizer {
  static readonly transformName = "LabelBinarizer";
  readonly options: ValuesOf<typeof params>;
  #classes: readonly Label[] | undefined;

  /** @throws InvalidArgumentError unless negLabel is below posLabel. */
  constructor(options: LabelBinarizerOptions = {}) {
    this.options = checkedOptions(options);
  }

  /** @throws ShapeError for a matrix or no labels, DTypeError for mixed types. */
  fit(y: LabelsLike): this {
    const labels = readLabels(y, "y");
    if (labels.length === 0) throw empty(where, 0);
    this.#classes = number(labels, "y").classes;
    return this;
  }

  /** Int32 [n, classes] ([n, 1] for one or two); a label that fit did not see has no high value. */
  transform(y: LabelsLike): Tensor {
    return labelBinarize(y, { classes: this.#fitted("transform"), ...this.options });
  }

  fitTransform(y: LabelsLike): Tensor {
    return this.fit(y).transform(y);
  }

  /** The class of the largest value of each row; of a single column, whether it lies above the middle of low and high. */
  inverseTransform(x: NumbersLike): Label[] {
    const classes = this.#fitted("inverseTransform");
    const width = classes.length > 2 ? classes.length : 1;
    const { data, rows } = readMatrix(x, { where, missing: "refuse", columns: width });
    const middle = (this.options.negLabel + this.options.posLabel) / 2;
    return Array.from({ length: rows }, (_, i) => {
      const row = data.subarray(i * width, (i + 1) * width);
      if (width > 1) return classes[argmax(row)] as Label;
      return (classes.length === 2 && (row[0] as number) > middle ? classes[1] : classes[0]) as Label;
    });
  }

  get classes(): Label[] | undefined {
    return this.#classes && [...this.#classes];
  }

  #fitted(method: string): readonly Label[] {
    if (this.#classes === undefined) throw notFitted("LabelBinarizer", method);
    return this.#classes;
  }

  toConfig(): TransformConfig {
    const state = this.#classes ? { classes: this.#classes.map(encodeCell) } : null;
    return { name: LabelBinarizer.transformName, options: encodeOptions(this.options), state };
  }

  static fromConfig(config: TransformConfig): LabelBinarizer {
    const made = new LabelBinarizer(decodeOptions(config.options, where));
    made.#classes = readState(config, where, readClasses);
    return made;
  }
}

/** What `labelBinarize` takes. */
export interface LabelBinarizeOptions extends LabelBinarizerOptions {
  /** The columns, in this order. */
  readonly classes: readonly Label[];
}

/** Int32 [n, classes], or [n, 1] for one or two classes. A label outside the classes has no high value. */
export function labelBinarize(y: LabelsLike, { classes, ...rest }: LabelBinarizeOptions): Tensor {
  const { negLabel, posLabel } = checkedOptions(rest);
  const columns = readLabels(classes, "classes");
  const places = new Map(columns.map((label, i) => [label, i]));
  if (places.size < columns.length || columns.length === 0) {
    throw badOption(where, "classes", classes, "one or more distinct labels are needed");
  }
  const labels = readLabels(y, "y");
  const single = columns.length <= 2;
  const width = single ? 1 : columns.length;
  const data = new Int32Array(labels.length * width).fill(negLabel);
  labels.forEach((label, i) => {
    const place = places.get(label);
    if (place === undefined) return;
    if (!single) data[i * width + place] = posLabel;
    else if (place === 1) data[i] = posLabel;
  });
  return new Tensor(data, [labels.length, width]);
}

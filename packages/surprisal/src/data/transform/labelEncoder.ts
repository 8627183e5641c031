/** Labels as whole numbers. */
import { DataError } from "../../base/errors.ts";
import { Tensor } from "../../base/tensor.ts";
import { type Label, type LabelsLike, number, readLabels } from "../labels.ts";
import { type OptionsOf, readOptions, show } from "../options.ts";
import { type ConfigReader, decodeOptions, encodeCell, readState } from "./config.ts";
import { empty } from "./matrix.ts";
import { notFitted, type TransformConfig } from "./transform.ts";

const where = "label-encoder";
const params = {};
export type LabelEncoderOptions = OptionsOf<typeof params>;

/** Codes 0, 1, … for labels, in order (numbers by value, text by code point, false before true). */
export class LabelEncoder {
  static readonly transformName = "LabelEncoder";
  #classes: readonly Label[] | undefined;

  constructor(options: LabelEncoderOptions = {}) {
    readOptions(where, params, options);
  }

  /** @throws ShapeError for a matrix or no labels, DTypeError for mixed types, DataError for a missing label. */
  fit(y: LabelsLike): this {
    const labels = readLabels(y, "y");
    if (labels.length === 0) throw empty(where, 0);
    this.#classes = number(labels, "y").classes;
    return this;
  }

  /** Int32 [n]. @throws DataError for a label that fit did not see. */
  transform(y: LabelsLike): Tensor {
    const classes = this.#fitted("transform");
    const codes = new Map(classes.map((label, i) => [label, i]));
    const labels = readLabels(y, "y");
    return new Tensor(
      Int32Array.from(labels, (label, i) => {
        const code = codes.get(label);
        if (code !== undefined) return code;
        throw new DataError(
          `${where}/unseen-label`,
          {
            received: `y holds ${show(label)} at index ${i}`,
            expected: `the labels seen in fit are ${show(classes)}`,
            hint: "Fit on all labels, or drop the row.",
          },
          { row: i + 1 },
        );
      }),
      [labels.length],
    );
  }

  fitTransform(y: LabelsLike): Tensor {
    return this.fit(y).transform(y);
  }

  /** The labels of codes. @throws DataError for a code beyond the classes. */
  inverseTransform(codes: Tensor | ArrayLike<number>): Label[] {
    const classes = this.#fitted("inverseTransform");
    return Array.from(codes instanceof Tensor ? codes.data : codes, (code, i) => {
      const label = Number.isInteger(code) && code >= 0 ? classes[code] : undefined;
      if (label !== undefined) return label;
      throw new DataError(
        `${where}/no-such-code`,
        {
          received: `the code ${show(code)} came at index ${i}`,
          expected: `there are the codes 0 to ${classes.length - 1}`,
          hint: "Pass whole numbers, e.g. the place of the largest probability.",
        },
        { row: i + 1 },
      );
    });
  }

  /** Labels in the order of their codes. */
  get classes(): Label[] | undefined {
    return this.#classes && [...this.#classes];
  }

  #fitted(method: string): readonly Label[] {
    if (this.#classes === undefined) throw notFitted("LabelEncoder", method);
    return this.#classes;
  }

  toConfig(): TransformConfig {
    const state = this.#classes ? { classes: this.#classes.map(encodeCell) } : null;
    return { name: LabelEncoder.transformName, options: {}, state };
  }

  static fromConfig(config: TransformConfig): LabelEncoder {
    const made = new LabelEncoder(decodeOptions(config.options, where));
    made.#classes = readState(config, where, readClasses);
    return made;
  }
}

/** Distinct labels of one type. */
export function readClasses(reader: ConfigReader): readonly Label[] {
  const classes = reader.cells("classes");
  if (new Set(classes).size < classes.length) throw reader.fail("classes", show(classes), "no class may occur twice");
  return readLabels(classes as Label[], "classes");
}

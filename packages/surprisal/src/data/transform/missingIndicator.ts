/** Columns that say where a value was missing. */
import { DataError } from "../../base/errors.ts";
import { Tensor } from "../../base/tensor.ts";
import { type Cell, isMissing } from "../labels.ts";
import { flag, type OptionsOf, oneOf, readOptions, type ValuesOf } from "../options.ts";
import { decodeOptions, encodeOptions, readState } from "./config.ts";
import { readTable } from "./table.ts";
import { type FieldsLike, inputNamesOf, notFitted, type Transform, type TransformConfig } from "./transform.ts";

const where = "missing-indicator";

const params = {
  /** "missing-only": columns that had missing values in fit; "all": every column. */
  features: oneOf("missing-only", ["missing-only", "all"]),
  /** Refuses missing values in a column that had none in fit; for "missing-only". */
  errorOnNew: flag(true),
};
/** What `MissingIndicator` takes. */
export type MissingIndicatorOptions = OptionsOf<typeof params>;

interface State {
  readonly columns: number;
  readonly features: readonly number[];
}

/** True where a value is NaN, null or undefined. */
export class MissingIndicator implements Transform {
  static readonly transformName = "MissingIndicator";
  readonly options: ValuesOf<typeof params>;
  #state: State | undefined;

  constructor(options: MissingIndicatorOptions = {}) {
    this.options = readOptions(where, params, options);
  }

  fit(x: FieldsLike): this {
    const { columns } = readTable(x, where);
    const all = this.options.features === "all";
    const features = Array.from(columns.keys()).filter((j) => all || (columns[j] as readonly Cell[]).some(isMissing));
    this.#state = { columns: columns.length, features };
    return this;
  }

  /** Bool [n, features]. @throws DataError for a missing value where fit saw none, unless errorOnNew is false. */
  transform(x: FieldsLike): Tensor {
    const { columns, features } = this.#fitted("transform");
    const table = readTable(x, where, columns);
    if (this.options.errorOnNew) {
      table.columns.forEach((column, j) => {
        const row = features.includes(j) ? -1 : column.findIndex(isMissing);
        if (row < 0) return;
        throw new DataError(
          `${where}/new-missing`,
          {
            received: `column ${j} has a missing value in row ${row}`,
            expected: "it had none in fit",
            hint: 'Pass features: "all" or errorOnNew: false.',
          },
          { row: row + 1, column: j },
        );
      });
    }
    const data = new Uint8Array(table.rows * features.length);
    features.forEach((j, k) => {
      (table.columns[j] as readonly Cell[]).forEach((value, i) => {
        data[i * features.length + k] = isMissing(value) ? 1 : 0;
      });
    });
    return new Tensor(data, [table.rows, features.length]);
  }

  fitTransform(x: FieldsLike): Tensor {
    return this.fit(x).transform(x);
  }

  /** The columns that are looked at. */
  get features(): number[] | undefined {
    return this.#state && [...this.#state.features];
  }

  featureNamesOut(inputNames?: readonly string[]): string[] {
    const { columns, features } = this.#fitted("featureNamesOut");
    const names = inputNamesOf(inputNames, columns, where);
    return features.map((j) => `missing_${names[j]}`);
  }

  #fitted(method: string): State {
    if (this.#state === undefined) throw notFitted("MissingIndicator", method);
    return this.#state;
  }

  toConfig(): TransformConfig {
    const s = this.#state;
    const state = s ? { columns: s.columns, features: s.features } : null;
    return { name: MissingIndicator.transformName, options: encodeOptions(this.options), state };
  }

  static fromConfig(config: TransformConfig): MissingIndicator {
    const made = new MissingIndicator(decodeOptions(config.options, where));
    made.#state = readState(config, where, (reader) => {
      const columns = reader.whole("columns", 1);
      return { columns, features: reader.wholes("features", columns - 1) };
    });
    return made;
  }
}

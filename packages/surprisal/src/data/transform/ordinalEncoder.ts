/** Categories as their numbers. */
import { DataError, InvalidArgumentError } from "../../base/errors.ts";
import { Tensor } from "../../base/tensor.ts";
import { type Cell, isMissing } from "../labels.ts";
import { badOption, type OptionsOf, oneOf, orNull, param, readOptions, type ValuesOf } from "../options.ts";
import {
  type Category,
  categoryParams,
  fitCategories,
  grouping,
  placesOf,
  readCategories,
  unseen,
} from "./categories.ts";
import { decodeOptions, encodeCell, encodeOptions, readState } from "./config.ts";
import { readMatrix } from "./matrix.ts";
import { readTable } from "./table.ts";
import { type FieldsLike, type NumbersLike, notFitted, type Transform, type TransformConfig } from "./transform.ts";

const where = "ordinal-encoder";

/** A whole number, or NaN. */
const code = param<number>(Number.NaN, (value, name) => {
  if (typeof value === "number" && (Number.isNaN(value) || Number.isSafeInteger(value))) return value;
  throw badOption(where, name, value, "a whole number or NaN is needed");
});

const params = {
  ...categoryParams,
  /** What transform does with a category that fit did not see: "error", or "use_encoded_value" for unknownValue. */
  handleUnknown: oneOf("error", ["error", "use_encoded_value"]),
  /** The code of unseen categories: a whole number that no category has, or NaN. Only with "use_encoded_value". */
  unknownValue: orNull(code),
  /** The code of missing values. */
  encodedMissingValue: code,
};
/** What `OrdinalEncoder` takes. */
export type OrdinalEncoderOptions = OptionsOf<typeof params>;

interface Column {
  readonly category: Category;
  readonly places: Map<Cell, number>;
  readonly codes: Int32Array;
  readonly names: readonly Cell[];
}

/** Codes 0, 1, … in the order of the categories (numbers by value, text by code point), column by column. */
export class OrdinalEncoder implements Transform {
  static readonly transformName = "OrdinalEncoder";
  readonly options: ValuesOf<typeof params>;
  #columns: readonly Column[] | undefined;

  /** @throws InvalidArgumentError unless unknownValue is given exactly when it is used. */
  constructor(options: OrdinalEncoderOptions = {}) {
    this.options = readOptions(where, params, options);
    const { handleUnknown, unknownValue } = this.options;
    if ((handleUnknown === "use_encoded_value") !== (unknownValue !== null)) {
      const expected = 'unknownValue and handleUnknown: "use_encoded_value" come together';
      throw badOption(where, "unknownValue", unknownValue, expected, "Pass both or neither.");
    }
  }

  fit(x: FieldsLike): this {
    const table = readTable(x, where);
    const categories = fitCategories(table, this.options, this.options.handleUnknown === "error", where);
    this.#columns = this.#layOut(categories);
    return this;
  }

  #layOut(categories: readonly Category[]): Column[] {
    return categories.map((category, j) => {
      const { codes, names } = grouping(category);
      this.#checkCodes(category, names, j);
      return { category, places: placesOf(category.values), codes, names };
    });
  }

  #checkCodes(category: Category, names: readonly Cell[], column: number): void {
    const known = names.filter((name) => !isMissing(name)).length;
    const taken = (value: number | null) => value !== null && value >= 0 && value < known;
    const { unknownValue, encodedMissingValue } = this.options;
    const hasMissing = category.values.some(isMissing);
    const wrong = taken(unknownValue)
      ? "unknownValue"
      : hasMissing && taken(encodedMissingValue)
        ? "encodedMissingValue"
        : "";
    if (wrong !== "") {
      throw new InvalidArgumentError(`${where}/code-taken`, {
        received: `${wrong} is ${this.options[wrong as "unknownValue"]}`,
        expected: `that is already the code of a category of column ${column}`,
        hint: "Pass a negative number or NaN.",
      });
    }
  }

  /** Float64 [n, columns]. @throws DataError for an unseen category, unless handleUnknown allows it. */
  transform(x: FieldsLike): Tensor {
    const columns = this.#fitted("transform");
    const table = readTable(x, where, columns.length);
    const { unknownValue, encodedMissingValue } = this.options;
    const data = new Float64Array(table.rows * columns.length);
    columns.forEach(({ places, codes }, j) => {
      (table.columns[j] as readonly Cell[]).forEach((value, row) => {
        const place = places.get(value);
        if (place === undefined && unknownValue === null)
          throw unseen(value, j, where, "the categories seen in fit", row);
        const known = isMissing(value) ? encodedMissingValue : (codes[place as number] as number);
        data[row * columns.length + j] = place === undefined ? (unknownValue as number) : known;
      });
    });
    return new Tensor(data, [table.rows, columns.length]);
  }

  fitTransform(x: FieldsLike): Tensor {
    return this.fit(x).transform(x);
  }

  /** The categories of codes: null for unknownValue, "infrequent" for pooled ones. @throws DataError for any other code. */
  inverseTransform(x: NumbersLike): Cell[][] {
    const columns = this.#fitted("inverseTransform");
    const matrix = readMatrix(x, { where, missing: "keep", columns: columns.length });
    return Array.from({ length: matrix.rows }, (_, i) =>
      columns.map((column, j) => this.#nameOf(matrix.data[i * columns.length + j] as number, column, i, j)),
    );
  }

  #nameOf(value: number, { category, names }: Column, row: number, column: number): Cell {
    const { unknownValue, encodedMissingValue } = this.options;
    const missing = category.values.find(isMissing);
    if (missing !== undefined && Object.is(value, encodedMissingValue)) return missing;
    if (unknownValue !== null && Object.is(value, unknownValue)) return null;
    if (Number.isInteger(value) && value >= 0 && value < names.length) return names[value] as Cell;
    throw new DataError(
      `${where}/no-such-code`,
      {
        received: `row ${row}, column ${column} holds the code ${value}`,
        expected: `that column has the codes 0 to ${names.length - 1}`,
        hint: "Pass what transform returned.",
      },
      { row: row + 1, column },
    );
  }

  /** Categories of each column. */
  get categories(): Cell[][] | undefined {
    return this.#columns?.map((column) => [...column.category.values]);
  }

  /** Pooled categories of each column, null where none are. */
  get infrequentCategories(): (Cell[] | null)[] | undefined {
    return this.#columns?.map(({ category: { values, infrequent } }) =>
      infrequent.length === 0 ? null : infrequent.map((place) => values[place] as Cell),
    );
  }

  #fitted(method: string): readonly Column[] {
    if (this.#columns === undefined) throw notFitted("OrdinalEncoder", method);
    return this.#columns;
  }

  toConfig(): TransformConfig {
    const state = this.#columns && {
      categories: this.#columns.map((column) => column.category.values.map(encodeCell)),
      infrequent: this.#columns.map((column) => column.category.infrequent),
    };
    return { name: OrdinalEncoder.transformName, options: encodeOptions(this.options), state: state ?? null };
  }

  static fromConfig(config: TransformConfig): OrdinalEncoder {
    const made = new OrdinalEncoder(decodeOptions(config.options, where));
    made.#columns = readState(config, where, (reader) => made.#layOut(readCategories(reader, where)));
    return made;
  }
}

/** Missing values filled, column by column. */
import { DataError, DTypeError } from "../../base/errors.ts";
import { Tensor } from "../../base/tensor.ts";
import { type Cell, compareLabels, isMissing, type Label } from "../labels.ts";
import { badOption, flag, type OptionsOf, oneOf, param, readOptions, show, type ValuesOf } from "../options.ts";
import { decodeOptions, encodeCell, encodeOptions, readState } from "./config.ts";
import { quantile, sorted } from "./quantiles.ts";
import { type Columns, readTable } from "./table.ts";
import {
  type FieldsLike,
  inputNamesOf,
  type NumbersLike,
  notFitted,
  type Table,
  type Transform,
  type TransformConfig,
} from "./transform.ts";

const where = "simple-imputer";

const params = {
  /** What to fill with: the mean or median of the column, its most frequent value (of equals the least), or fillValue. */
  strategy: oneOf("mean", ["mean", "median", "most_frequent", "constant"]),
  /** For "constant". Default: 0 for numbers, "missing_value" for text. */
  fillValue: field(null),
  /** What counts as missing. Default NaN, which null and undefined match too; null matches those two only. */
  missingValues: field(Number.NaN),
  /** Appends a column of 0 and 1 for every column that had missing values in fit. */
  addIndicator: flag(false),
  /** Keeps columns that held nothing in fit, filled with 0 (or fillValue); else they are left out. */
  keepEmptyFeatures: flag(false),
};
/** What `SimpleImputer` takes. */
export type SimpleImputerOptions = OptionsOf<typeof params>;

function field(fallback: Cell) {
  return param<Cell>(fallback, (value, name) => {
    if (value === null || typeof value === "string" || typeof value === "number") return value;
    throw badOption(where, name, value, "text, a number or null is needed");
  });
}

interface State {
  /** What each column is filled with; NaN for a column that is left out. */
  readonly statistics: readonly Cell[];
  /** Columns that had missing values. */
  readonly flagged: readonly number[];
  /** Whether columns of text were seen. */
  readonly text: boolean;
}

/** Fills missing values with what was learnt in fit. Columns of numbers give a tensor, tables with text give plain rows. */
export class SimpleImputer implements Transform {
  static readonly transformName = "SimpleImputer";
  readonly options: ValuesOf<typeof params>;
  #state: State | undefined;

  constructor(options: SimpleImputerOptions = {}) {
    this.options = readOptions(where, params, options);
  }

  /** @throws DTypeError for the mean or median of text, DataError for infinity. */
  fit(x: FieldsLike): this {
    const table = readTable(x, where);
    const text = this.#check(table);
    const { strategy, fillValue } = this.options;
    if (text && (strategy === "mean" || strategy === "median")) {
      throw new DTypeError(`${where}/text`, {
        received: `strategy is "${strategy}" and the data holds text`,
        expected: "only numbers have one",
        hint: 'Pass strategy: "most_frequent" or "constant", or fill the columns of text on their own.',
      });
    }
    if (strategy === "constant" && !text && typeof fillValue === "string") {
      throw badOption(where, "fillValue", fillValue, "the data are numbers, so the fill value must be one");
    }
    this.#state = {
      statistics: table.columns.map((column) => this.#statistic(column, text)),
      flagged: Array.from(table.columns.keys()).filter((j) => this.#isMissingIn(table.columns[j] as readonly Cell[])),
      text,
    };
    return this;
  }

  /** Whether there is text. Refuses infinity, and NaN where something else marks what is missing. */
  #check(table: Columns): boolean {
    let text = false;
    table.columns.forEach((column, j) => {
      column.forEach((value, i) => {
        text ||= typeof value === "string";
        const strange = value === Infinity || value === -Infinity || (isMissing(value) && !this.#missing(value));
        if (!strange) return;
        throw new DataError(
          `${where}/${isMissing(value) ? "other-marker" : "infinity"}`,
          {
            received: `row ${i}, column ${j} holds ${show(value)}`,
            expected: isMissing(value)
              ? `${show(this.options.missingValues)} marks what is missing`
              : "finite numbers are needed",
            hint: isMissing(value) ? "Use one marker only." : "Drop the row, or replace the value.",
          },
          { row: i + 1, column: j },
        );
      });
    });
    return text;
  }

  #missing(value: Cell): boolean {
    const marker = this.options.missingValues;
    if (typeof marker === "number" && Number.isNaN(marker)) return isMissing(value);
    return (value ?? null) === (marker ?? null);
  }

  #isMissingIn(column: readonly Cell[]): boolean {
    return column.some((value) => this.#missing(value));
  }

  #statistic(column: readonly Cell[], text: boolean): Cell {
    const { strategy, fillValue, keepEmptyFeatures } = this.options;
    const known = column.filter((value): value is Label => !this.#missing(value));
    const constant = fillValue ?? (text ? "missing_value" : 0);
    if (known.length === 0) return keepEmptyFeatures ? (strategy === "constant" ? constant : 0) : Number.NaN;
    if (strategy === "constant") return constant;
    if (strategy === "most_frequent") return mostFrequent(known);
    const numbers = known.map(Number);
    return strategy === "median"
      ? quantile(sorted(numbers), 0.5)
      : numbers.reduce((sum, v) => sum + v, 0) / numbers.length;
  }

  /** Rows without missing values: a float64 tensor if fit saw numbers only, else plain rows. */
  transform(x: NumbersLike): Tensor;
  transform(x: Table): Cell[][];
  transform(x: FieldsLike): Tensor | Cell[][] {
    const { statistics, flagged, text } = this.#fitted("transform");
    const table = readTable(x, where, statistics.length);
    if (this.#check(table) && !text) {
      throw new DTypeError(`${where}/not-a-number`, {
        received: "the rows hold text",
        expected: "fit saw numbers only",
        hint: "Pass the same columns in the same order as in fit.",
      });
    }
    const filled = this.#keptColumns().map((j) =>
      (table.columns[j] as readonly Cell[]).map((value) => (this.#missing(value) ? statistics[j] : value)),
    );
    const indicator = this.options.addIndicator ? flagged : [];
    const flags = indicator.map((j) =>
      (table.columns[j] as readonly Cell[]).map((value) => Number(this.#missing(value))),
    );
    const columns = [...filled, ...flags];
    if (text) return Array.from({ length: table.rows }, (_, i) => columns.map((column) => column[i]));
    const data = new Float64Array(table.rows * columns.length);
    columns.forEach((column, j) => {
      column.forEach((value, i) => {
        data[i * columns.length + j] = Number(value);
      });
    });
    const out = new Tensor(data, [table.rows, columns.length]);
    return x instanceof Tensor && x.dtype === "float32" ? out.cast("float32") : out;
  }

  fitTransform(x: NumbersLike): Tensor;
  fitTransform(x: Table): Cell[][];
  fitTransform(x: FieldsLike): Tensor | Cell[][] {
    return this.fit(x).transform(x as Table);
  }

  #keptColumns(): number[] {
    const { statistics } = this.#fitted("transform");
    return Array.from(statistics.keys()).filter((j) => !isMissing(statistics[j]));
  }

  /** What each column is filled with; NaN for a column that held nothing and is left out. */
  get statistics(): Cell[] | undefined {
    return this.#state && [...this.#state.statistics];
  }

  /** The names of the columns that are kept, then `missing_x0` for those that are flagged. */
  featureNamesOut(inputNames?: readonly string[]): string[] {
    const { statistics, flagged } = this.#fitted("featureNamesOut");
    const names = inputNamesOf(inputNames, statistics.length, where);
    const indicator = this.options.addIndicator ? flagged : [];
    return [...this.#keptColumns().map((j) => names[j] as string), ...indicator.map((j) => `missing_${names[j]}`)];
  }

  #fitted(method: string): State {
    if (this.#state === undefined) throw notFitted("SimpleImputer", method);
    return this.#state;
  }

  toConfig(): TransformConfig {
    const s = this.#state;
    const state = s ? { statistics: s.statistics.map(encodeCell), flagged: s.flagged, text: s.text } : null;
    return { name: SimpleImputer.transformName, options: encodeOptions(this.options), state };
  }

  static fromConfig(config: TransformConfig): SimpleImputer {
    const made = new SimpleImputer(decodeOptions(config.options, where));
    made.#state = readState(config, where, (reader) => {
      const statistics = reader.cells("statistics");
      const text = reader.flag("text");
      if (!text && statistics.some((value) => typeof value !== "number")) {
        throw reader.fail("statistics", show(statistics), "numbers are needed where there is no text");
      }
      return { statistics, flagged: reader.wholes("flagged", statistics.length - 1), text };
    });
    return made;
  }
}

function mostFrequent(values: readonly Label[]): Label {
  const counts = new Map<Label, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let best = values[0] as Label;
  for (const [value, count] of counts) {
    const lead = count - (counts.get(best) as number);
    if (lead > 0 || (lead === 0 && typeof value === typeof best && compareLabels(value, best) < 0)) best = value;
  }
  return best;
}

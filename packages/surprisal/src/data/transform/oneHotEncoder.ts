/** One column of 0 and 1 per category. */
import { DataError, InvalidArgumentError } from "../../base/errors.ts";
import { Tensor } from "../../base/tensor.ts";
import { argmax } from "../extremes.ts";
import type { Cell } from "../labels.ts";
import { badOption, type OptionsOf, oneOf, param, readOptions, show, type ValuesOf } from "../options.ts";
import {
  type Category,
  categoryNamer,
  categoryParams,
  fitCategories,
  grouping,
  infrequentName,
  placesOf,
  readCategories,
  unseen,
} from "./categories.ts";
import { decodeOptions, encodeCell, encodeOptions, readState } from "./config.ts";
import { readMatrix } from "./matrix.ts";
import { readTable } from "./table.ts";
import {
  type FieldsLike,
  inputNamesOf,
  type NumbersLike,
  notFitted,
  type Transform,
  type TransformConfig,
} from "./transform.ts";

const where = "one-hot-encoder";

const params = {
  ...categoryParams,
  /** Leaves out one category of each column: null for none, "first", "if_binary", or one category per column. */
  drop: param<null | "first" | "if_binary" | readonly Cell[]>(null, (value, name) => {
    if (value === null || value === "first" || value === "if_binary" || Array.isArray(value)) return value;
    throw badOption(where, name, value, 'null, "first", "if_binary" or one category per column is needed');
  }),
  /**
   * What transform does with a category that fit did not see: "error"; "ignore" gives a row of zeros;
   * "infrequent_if_exist" counts it as infrequent where some are pooled, else gives zeros.
   */
  handleUnknown: oneOf("error", ["error", "ignore", "infrequent_if_exist"]),
};
/** What `OneHotEncoder` takes. */
export type OneHotEncoderOptions = OptionsOf<typeof params>;

/** One input column: which output columns it has. */
interface Block {
  readonly category: Category;
  readonly places: Map<Cell, number>;
  /** Code of each category, rare ones sharing the last. */
  readonly codes: Int32Array;
  /** What each code stands for. */
  readonly names: readonly Cell[];
  /** The code that is left out, or −1. */
  readonly dropped: number;
  /** First output column. */
  readonly start: number;
  readonly width: number;
}

/** One-hot columns for columns of text, numbers or booleans; missing values are a category of their own, the last. */
export class OneHotEncoder implements Transform {
  static readonly transformName = "OneHotEncoder";
  readonly options: ValuesOf<typeof params>;
  #blocks: readonly Block[] | undefined;

  constructor(options: OneHotEncoderOptions = {}) {
    this.options = readOptions(where, params, options);
  }

  /** @throws DTypeError for a column of mixed types, InvalidArgumentError for categories or drop that do not fit. */
  fit(x: FieldsLike): this {
    const table = readTable(x, where);
    const categories = fitCategories(table, this.options, this.options.handleUnknown === "error", where);
    this.#blocks = this.#layOut(categories, (category, j, names) =>
      this.#droppedCode(category, j, names, categories.length),
    );
    return this;
  }

  #layOut(
    categories: readonly Category[],
    dropped: (c: Category, j: number, names: readonly Cell[]) => number,
  ): Block[] {
    let start = 0;
    return categories.map((category, j) => {
      const { codes, names } = grouping(category);
      const drop = dropped(category, j, names);
      const width = names.length - (drop >= 0 ? 1 : 0);
      const block = { category, places: placesOf(category.values), codes, names, dropped: drop, start, width };
      start += width;
      return block;
    });
  }

  #droppedCode(category: Category, j: number, names: readonly Cell[], columns: number): number {
    const { drop } = this.options;
    if (drop === null) return -1;
    if (drop === "first") return 0;
    if (drop === "if_binary") return names.length === 2 ? 0 : -1;
    if (drop.length !== columns)
      throw badOption(where, "drop", drop, `one category for each of ${columns} columns is needed`);
    const place = placesOf(category.values).get(drop[j] ?? null);
    if (place === undefined || category.infrequent.includes(place)) {
      throw new InvalidArgumentError(`${where}/drop-unknown`, {
        received: `drop names ${show(drop[j])} for column ${j}`,
        expected:
          place === undefined ? "no such category occurs there" : "that category is pooled with other rare ones",
        hint: `Its categories are ${show(category.values)}.`,
      });
    }
    return grouping(category).codes[place] as number;
  }

  /** Float64 [n, output columns] of 0 and 1. @throws DataError for an unseen category, unless handleUnknown allows it. */
  transform(x: FieldsLike): Tensor {
    const blocks = this.#fitted("transform");
    const table = readTable(x, where, blocks.length);
    const width = totalWidth(blocks);
    const data = new Float64Array(table.rows * width);
    blocks.forEach((block, j) => {
      (table.columns[j] as readonly Cell[]).forEach((value, row) => {
        const code = this.#codeOf(value, block, j, row);
        if (code < 0 || code === block.dropped) return;
        const column = block.dropped >= 0 && code > block.dropped ? code - 1 : code;
        data[row * width + block.start + column] = 1;
      });
    });
    return new Tensor(data, [table.rows, width]);
  }

  /** −1: a row of zeros. */
  #codeOf(value: Cell, block: Block, column: number, row: number): number {
    const place = block.places.get(value);
    if (place !== undefined) return block.codes[place] as number;
    const { handleUnknown } = this.options;
    if (handleUnknown === "error") throw unseen(value, column, where, "the categories seen in fit", row);
    return handleUnknown === "infrequent_if_exist" && block.category.infrequent.length > 0
      ? block.names.length - 1
      : -1;
  }

  fitTransform(x: FieldsLike): Tensor {
    return this.fit(x).transform(x);
  }

  /**
   * The categories of one-hot rows (the largest entry counts). A row of zeros is the dropped category where one is dropped,
   * else null where unknown values are allowed, else an error. Pooled categories come back as "infrequent".
   */
  inverseTransform(x: NumbersLike): Cell[][] {
    const blocks = this.#fitted("inverseTransform");
    const { data, columns, rows } = readMatrix(x, { where, missing: "refuse", columns: totalWidth(blocks) });
    return Array.from({ length: rows }, (_, i) =>
      blocks.map((block, j) => {
        const start = i * columns + block.start;
        return this.#nameOf(data.subarray(start, start + block.width), block, i, j);
      }),
    );
  }

  #nameOf(entries: Float64Array, block: Block, row: number, column: number): Cell {
    const kept = block.names.filter((_, code) => code !== block.dropped);
    const zeros = entries.every((x) => x === 0);
    if (!zeros) return kept[argmax(entries)] as Cell;
    if (block.dropped >= 0) return block.names[block.dropped] as Cell;
    const { handleUnknown } = this.options;
    const pooled = block.category.infrequent.length > 0;
    if (handleUnknown === "ignore" || (handleUnknown === "infrequent_if_exist" && !pooled)) return null;
    throw new DataError(
      `${where}/row-of-zeros`,
      {
        received: `row ${row} has only zeros for input column ${column}`,
        expected: "one of its columns must stand out, since none was dropped",
        hint: 'Pass handleUnknown: "ignore" to get null for it.',
      },
      { row: row + 1, column },
    );
  }

  /** Categories of each input column. */
  get categories(): Cell[][] | undefined {
    return this.#blocks?.map((block) => [...block.category.values]);
  }

  /** Pooled categories of each input column, null where none are. */
  get infrequentCategories(): (Cell[] | null)[] | undefined {
    return this.#blocks?.map(({ category: { values, infrequent } }) =>
      infrequent.length === 0 ? null : infrequent.map((place) => values[place] as Cell),
    );
  }

  /** Place in `categories` of what is left out in each column, null where nothing is; null if nothing is anywhere. */
  get dropIdx(): (number | null)[] | null | undefined {
    if (this.#blocks === undefined) return undefined;
    if (this.options.drop === null) return null;
    return this.#blocks.map(({ codes, dropped }) => (dropped < 0 ? null : codes.indexOf(dropped)));
  }

  /** `x0_red` for the column of category red of the first input. */
  featureNamesOut(inputNames?: readonly string[]): string[] {
    const blocks = this.#fitted("featureNamesOut");
    const names = inputNamesOf(inputNames, blocks.length, where);
    return blocks.flatMap(({ names: codes, dropped, category }, j) => {
      const show = categoryNamer(category.values);
      return codes.flatMap((value, code) => {
        const pooled = category.infrequent.length > 0 && code === codes.length - 1;
        return code === dropped ? [] : [`${names[j]}_${pooled ? infrequentName : show(value)}`];
      });
    });
  }

  #fitted(method: string): readonly Block[] {
    if (this.#blocks === undefined) throw notFitted("OneHotEncoder", method);
    return this.#blocks;
  }

  toConfig(): TransformConfig {
    const state = this.#blocks && {
      categories: this.#blocks.map((block) => block.category.values.map(encodeCell)),
      infrequent: this.#blocks.map((block) => block.category.infrequent),
      dropped: this.#blocks.map((block) => block.dropped),
    };
    return { name: OneHotEncoder.transformName, options: encodeOptions(this.options), state: state ?? null };
  }

  static fromConfig(config: TransformConfig): OneHotEncoder {
    const made = new OneHotEncoder(decodeOptions(config.options, where));
    made.#blocks = readState(config, where, (reader) => {
      const categories = readCategories(reader, where);
      const dropped = reader.numbers("dropped", categories.length);
      return made.#layOut(categories, (_, j, names) => {
        const code = dropped[j] as number;
        if (!Number.isInteger(code) || code < -1 || code >= names.length) {
          throw reader.fail("dropped", show(code), "a place among the categories, or -1, is needed");
        }
        return code;
      });
    });
    return made;
  }
}

function totalWidth(blocks: readonly Block[]): number {
  return blocks.reduce((sum, block) => sum + block.width, 0);
}

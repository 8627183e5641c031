/** Several transforms side by side, each on its own columns. */
import { DTypeError } from "../../base/errors.ts";
import { Tensor } from "../../base/tensor.ts";
import { largest } from "../extremes.ts";
import type { Cell } from "../labels.ts";
import { badOption, type OptionsOf, oneOf, readOptions, show, type ValuesOf } from "../options.ts";
import { ConfigReader, decodeOptions, encodeOptions } from "./config.ts";
import { readTable } from "./table.ts";
import {
  type FieldsLike,
  inputNamesOf,
  type Json,
  notFitted,
  type Table,
  type Transform,
  type TransformConfig,
} from "./transform.ts";

const where = "column-transformer";

const params = {
  /** What happens to columns that no part names: they are left out, or put last as they are. */
  remainder: oneOf("drop", ["drop", "passthrough"]),
};
/** What `ColumnTransformer` takes. */
export type ColumnTransformerOptions = OptionsOf<typeof params>;

/** One transform and the columns it gets. */
export interface ColumnPart {
  /** Prefix of the output names. */
  readonly name: string;
  /** A transform, or what to do without one. */
  readonly transform: Transform | "passthrough" | "drop";
  /** Which columns it gets, in this order. */
  readonly columns: readonly number[];
}

/** Puts the outputs of several transforms next to each other, in the order given. All outputs must be numbers. */
export class ColumnTransformer implements Transform {
  static readonly transformName = "ColumnTransformer";
  readonly options: ValuesOf<typeof params>;
  readonly parts: readonly ColumnPart[];
  #columns: number | undefined;

  /** @throws InvalidArgumentError when a name occurs twice or columns are not whole numbers. */
  constructor(parts: readonly ColumnPart[], options: ColumnTransformerOptions = {}) {
    this.options = readOptions(where, params, options);
    const names = parts.map((part) => part.name);
    if (parts.length === 0 || new Set(names).size < names.length) {
      throw badOption(where, "parts", names, "one or more parts with names of their own are needed");
    }
    for (const { name, columns } of parts) {
      if (columns.length === 0 || columns.some((j) => !Number.isSafeInteger(j) || j < 0)) {
        throw badOption(where, "columns", columns, `part "${name}" needs column numbers from 0`);
      }
    }
    this.parts = [...parts];
  }

  /** @throws InvalidArgumentError when a part names a column that is not there. */
  fit(x: FieldsLike): this {
    const table = readTable(x, where);
    const width = table.columns.length;
    for (const { name, transform, columns } of this.parts) {
      const beyond = columns.find((j) => j >= width);
      if (beyond !== undefined)
        throw badOption(where, "columns", columns, `part "${name}" may name columns 0 to ${width - 1}`);
      if (typeof transform !== "string") transform.fit(pick(table.columns, columns));
    }
    this.#columns = width;
    return this;
  }

  /** What is named by no part. */
  #rest(width: number): ColumnPart[] {
    const named = new Set(this.parts.flatMap((part) => part.columns));
    const columns = Array.from({ length: width }, (_, j) => j).filter((j) => !named.has(j));
    return columns.length > 0 ? [{ name: "remainder", transform: this.options.remainder, columns }] : [];
  }

  /** Float64 [n, columns of all parts]. @throws DTypeError for text that passes through. */
  transform(x: FieldsLike): Tensor {
    const width = this.#fitted("transform");
    const table = readTable(x, where, width);
    const outputs = [...this.parts, ...this.#rest(width)].flatMap(({ name, transform, columns }) => {
      if (transform === "drop") return [];
      const rows = pick(table.columns, columns);
      return [toRows(transform === "passthrough" ? rows : transform.transform(rows), name)];
    });
    const joined = Array.from({ length: table.rows }, (_, i) => outputs.flatMap((rows) => rows[i] as number[]));
    return new Tensor(Float64Array.from(joined.flat()), [table.rows, joined[0]?.length ?? 0]);
  }

  fitTransform(x: FieldsLike): Tensor {
    return this.fit(x).transform(x);
  }

  /** `name__column`, each part naming its own columns. */
  featureNamesOut(inputNames?: readonly string[]): string[] {
    const width = this.#fitted("featureNamesOut");
    const names = inputNamesOf(inputNames, width, where);
    return [...this.parts, ...this.#rest(width)].flatMap(({ name, transform, columns }) => {
      if (transform === "drop") return [];
      const own = columns.map((j) => names[j] as string);
      const out = typeof transform === "string" ? own : (transform.featureNamesOut?.(own) ?? own);
      return out.map((column) => `${name}__${column}`);
    });
  }

  #fitted(method: string): number {
    if (this.#columns === undefined) throw notFitted("ColumnTransformer", method);
    return this.#columns;
  }

  toConfig(): TransformConfig {
    const parts = this.parts.map(({ name, transform, columns }) => ({
      name,
      transform: typeof transform === "string" ? transform : (transform.toConfig() as unknown as Json),
      columns,
    }));
    const options = { ...encodeOptions(this.options), parts };
    return {
      name: ColumnTransformer.transformName,
      options,
      state: this.#columns === undefined ? null : { columns: this.#columns },
    };
  }

  static fromConfig(config: TransformConfig, restore: (config: unknown) => Transform): ColumnTransformer {
    const { parts, ...options } = config.options;
    if (!Array.isArray(parts)) throw badOption(where, "parts", parts, "a list is needed");
    const restored = parts.map((record) => {
      const reader = new ConfigReader(record, where);
      const name = reader.raw("name");
      if (typeof name !== "string") throw reader.fail("name", show(name), "text is needed");
      const inner = reader.raw("transform");
      const transform = inner === "passthrough" || inner === "drop" ? inner : restore(inner);
      const columns = reader.wholes("columns", Number.MAX_SAFE_INTEGER);
      reader.end();
      return { name, transform, columns } as const;
    });
    const made = new ColumnTransformer(restored, decodeOptions(options, where));
    if (config.state !== null) {
      const reader = new ConfigReader(config.state, where);
      made.#columns = reader.whole("columns", 1);
      reader.end();
      const widest = largest(restored.flatMap((part) => part.columns));
      if (widest >= made.#columns) throw reader.fail("columns", show(made.#columns), "a part names a later column");
    }
    return made;
  }
}

function pick(columns: readonly (readonly Cell[])[], which: readonly number[]): Table {
  const rows = (columns[0] as readonly Cell[]).length;
  return Array.from({ length: rows }, (_, i) => which.map((j) => (columns[j] as readonly Cell[])[i]));
}

function toRows(output: Tensor | Table, part: string): number[][] {
  const rows = output instanceof Tensor ? (output.toArray() as Table) : output;
  return rows.map((row, i) =>
    row.map((value, j) => {
      if (typeof value === "number" || typeof value === "boolean") return Number(value);
      if (value === null || value === undefined) return Number.NaN;
      throw new DTypeError(`${where}/text-output`, {
        received: `row ${i}, output column ${j} of part "${part}" is ${show(value)}`,
        expected: "all parts must give numbers",
        hint: "Give the column an encoder, or drop it.",
      });
    }),
  );
}

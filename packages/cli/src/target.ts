/** The target as a model sees it, and back: class numbers with their labels, or a standardised number. */
import { DataError, InvalidArgumentError, type Tensor, tensor } from "surprisal";
import { LabelEncoder, StandardScaler, type TransformConfig, toCategorical, transforms } from "surprisal/data";
import { valuesOf } from "./columns/convert.ts";
import { type Column, plainValue, type Table } from "./table/table.ts";
import { type Label, type Target, type Task, tasks } from "./task.ts";

/** As the model file keeps it. The labels stand here and nowhere else. */
export interface TargetConfig {
  readonly name: string;
  readonly task: Task;
  /** A LabelEncoder for classes; a StandardScaler for numbers, null where the loss needs them as they are. */
  readonly encoder: TransformConfig | null;
  /** Whether the model is trained on rows of 0 and 1 instead of class numbers. */
  readonly oneHot: boolean;
}

/** What was predicted for rows, in the target's own words. */
export type Decoded =
  | {
      readonly labels: readonly Label[];
      readonly codes: Int32Array /** [row][class] */;
      readonly probabilities: readonly number[][];
    }
  | { readonly numbers: Float64Array };

export class TargetCoder {
  readonly config: TargetConfig;
  /** Classes in the order of their numbers; undefined for regression. */
  readonly labels: readonly Label[] | undefined;
  readonly #encoder: LabelEncoder | StandardScaler | undefined;

  private constructor(config: TargetConfig, encoder: LabelEncoder | StandardScaler | undefined) {
    this.config = config;
    this.#encoder = encoder;
    this.labels = encoder instanceof LabelEncoder ? encoder.classes : undefined;
  }

  /** Learns labels from all rows, the scale of numbers from training rows only. */
  static fit(target: Target, trainRows: ArrayLike<number>, how: { scale: boolean; oneHot: boolean }): TargetCoder {
    const { name, task, values } = target;
    const make = (encoder: LabelEncoder | StandardScaler | undefined) =>
      new TargetCoder({ name, task, encoder: encoder?.toConfig() ?? null, oneHot: how.oneHot }, encoder);
    if (task !== "regression") return make(new LabelEncoder().fit(values as Label[]));
    const column = Float64Array.from(trainRows, (row) => values[row] as number);
    return make(how.scale ? new StandardScaler().fit(tensor(column, { shape: [column.length, 1] })) : undefined);
  }

  /** @throws InvalidArgumentError for anything but what `config` was. */
  static fromConfig(config: TargetConfig): TargetCoder {
    const { name, task, encoder } = config;
    const bad = (what: string) =>
      new InvalidArgumentError("cli/target-config", {
        received: `the target's record ${what}`,
        expected: "it must be as surprisal fit wrote it",
        hint: "Fit the model again.",
      });
    if (typeof name !== "string" || !tasks.includes(task) || typeof config.oneHot !== "boolean")
      throw bad("has no name, task or code");
    if (task === "regression") {
      const scaler = encoder === null ? undefined : transforms.fromConfig(encoder);
      if (scaler !== undefined && !(scaler instanceof StandardScaler))
        throw bad("holds another transform than a scaler");
      return new TargetCoder(config, scaler);
    }
    const coder = transforms.labelsFromConfig(encoder);
    const classes = coder instanceof LabelEncoder ? coder.classes : undefined;
    if (!(coder instanceof LabelEncoder) || classes === undefined) throw bad("holds no labels");
    // Class numbers follow the order of the labels: a list in another order would swap them without a sign.
    if (String(new LabelEncoder().fit(classes).classes) !== String(classes))
      throw bad("holds labels out of their order");
    if (task === "binary" ? classes.length !== 2 : classes.length < 2)
      throw bad(`holds ${classes.length} labels for a ${task} task`);
    return new TargetCoder(config, coder);
  }

  /** Units of the model's output. */
  get units(): number {
    return this.config.task === "multiclass" ? (this.labels?.length ?? 1) : 1;
  }

  /** Class numbers, or the numbers themselves. @throws DataError for a label that fit did not see. */
  codes(values: ArrayLike<Label>): Float64Array {
    return this.#encoder instanceof LabelEncoder
      ? Float64Array.from(this.#encoder.transform(Array.from(values)).data)
      : Float64Array.from(values as ArrayLike<number>);
  }

  /** What the model is trained on, from `codes`; for another loss, rows of 0 and 1 or class numbers as that one takes them. */
  encode(codes: Float64Array, oneHot = this.config.oneHot): Tensor {
    if (this.#encoder instanceof StandardScaler)
      return this.#encoder.transform(tensor(codes, { shape: [codes.length, 1] }));
    if (oneHot) return toCategorical(Int32Array.from(codes), { numClasses: this.units });
    return this.config.task === "multiclass"
      ? tensor(Int32Array.from(codes))
      : tensor(codes, { shape: [codes.length, 1] });
  }

  /** The model's output in the target's words. */
  decode(output: Tensor): Decoded {
    const rows = output.shape[0] as number;
    if (this.labels === undefined) {
      const natural =
        this.#encoder instanceof StandardScaler ? this.#encoder.inverseTransform(output.cast("float64")) : output;
      return { numbers: Float64Array.from(natural.data) };
    }
    const labels = this.labels;
    const width = this.units;
    const probabilities = Array.from({ length: rows }, (_, row) => {
      const p = Array.from(output.data.subarray(row * width, (row + 1) * width));
      return width === 1 ? [1 - (p[0] as number), p[0] as number] : p;
    });
    const codes = Int32Array.from(probabilities, (p) => p.indexOf(Math.max(...p)));
    return { labels: Array.from(codes, (code) => labels[code] as Label), codes, probabilities };
  }

  /**
   * The true values in a table, and the rows that have one.
   * @throws DataError for a label that the model does not know, or text where a number is needed.
   */
  truth(column: Column, table: Table): { rows: Int32Array; codes: Float64Array } {
    const known = new Map((this.labels ?? []).map((label, code) => [String(label), code]));
    const numbers = this.labels === undefined ? valuesOf(column, "number", table.file) : undefined;
    const rows: number[] = [];
    const codes: number[] = [];
    for (let row = 0; row < table.rows; row++) {
      const value = plainValue(column.data, row);
      if (value === null) continue;
      const code = numbers === undefined ? known.get(String(value)) : numbers[row];
      if (code === undefined) throw unknownLabel(value, row, column.name, table.file, this.labels ?? []);
      rows.push(row);
      codes.push(code);
    }
    return { rows: Int32Array.from(rows), codes: Float64Array.from(codes) };
  }
}

function unknownLabel(value: Label, row: number, name: string, file: string, labels: readonly Label[]): DataError {
  return new DataError(
    "table/unknown-label",
    {
      received: `row ${row + 1}, column ${JSON.stringify(name)} of ${file} holds ${JSON.stringify(value)}`,
      expected: `the model knows the classes ${labels.map((label) => JSON.stringify(label)).join(", ")}`,
      hint: "Check the spelling, or leave such rows out.",
    },
    { file, row: row + 1, column: name },
  );
}

/** Transforms of one row or one value at a time: they learn nothing but the number of columns. */
import type { Tensor } from "../../base/tensor.ts";
import { type OptionsOf, oneOf, readOptions, real, type ValuesOf } from "../options.ts";
import { decodeOptions, encodeOptions, readState } from "./config.ts";
import { type Matrix, mapColumns, readMatrix, toTensor } from "./matrix.ts";
import { withoutZero } from "./moments.ts";
import { type NumbersLike, notFitted, type Transform, type TransformConfig } from "./transform.ts";

const normalizerParams = {
  /** "l2": root of the sum of squares; "l1": sum of absolute values; "max": largest absolute value. */
  norm: oneOf("l2", ["l1", "l2", "max"]),
};
/** What `Normalizer` takes. */
export type NormalizerOptions = OptionsOf<typeof normalizerParams>;

const norms: Record<"l1" | "l2" | "max", (row: Float64Array) => number> = {
  l1: (row) => row.reduce((sum, x) => sum + Math.abs(x), 0),
  l2: (row) => Math.sqrt(row.reduce((sum, x) => sum + x * x, 0)),
  max: (row) => row.reduce((most, x) => Math.max(most, Math.abs(x)), 0),
};

/** Every row divided by its norm; a row of zeros stays. NaN is refused. */
export class Normalizer implements Transform {
  static readonly transformName = "Normalizer";
  readonly options: ValuesOf<typeof normalizerParams>;
  #columns: number | undefined;

  constructor(options: NormalizerOptions = {}) {
    this.options = readOptions("normalizer", normalizerParams, options);
  }

  fit(x: NumbersLike): this {
    this.#columns = readMatrix(x, { where: "normalizer", missing: "refuse" }).columns;
    return this;
  }

  /** Float64 [n, columns]; float32 for a float32 tensor. */
  transform(x: NumbersLike): Tensor {
    const matrix = fittedMatrix(x, this.#columns, "Normalizer", "normalizer");
    const norm = norms[this.options.norm];
    const data = new Float64Array(matrix.data.length);
    for (let at = 0; at < data.length; at += matrix.columns) {
      const row = matrix.data.subarray(at, at + matrix.columns);
      const size = withoutZero(norm(row));
      data.set(
        row.map((value) => value / size),
        at,
      );
    }
    return toTensor(data, matrix.columns, matrix);
  }

  fitTransform(x: NumbersLike): Tensor {
    return this.fit(x).transform(x);
  }

  toConfig(): TransformConfig {
    const state = this.#columns === undefined ? null : { columns: this.#columns };
    return { name: Normalizer.transformName, options: encodeOptions(this.options), state };
  }

  static fromConfig(config: TransformConfig): Normalizer {
    const made = new Normalizer(decodeOptions(config.options, "normalizer"));
    made.#columns = readState(config, "normalizer", (reader) => reader.whole("columns", 1));
    return made;
  }
}

const binarizerParams = {
  /** Values strictly above become 1, others 0. */
  threshold: real(0),
};
/** What `Binarizer` takes. */
export type BinarizerOptions = OptionsOf<typeof binarizerParams>;

/** 1 above the threshold, else 0. NaN is refused. */
export class Binarizer implements Transform {
  static readonly transformName = "Binarizer";
  readonly options: ValuesOf<typeof binarizerParams>;
  #columns: number | undefined;

  constructor(options: BinarizerOptions = {}) {
    this.options = readOptions("binarizer", binarizerParams, options);
  }

  fit(x: NumbersLike): this {
    this.#columns = readMatrix(x, { where: "binarizer", missing: "refuse" }).columns;
    return this;
  }

  /** Float64 [n, columns]; float32 for a float32 tensor. */
  transform(x: NumbersLike): Tensor {
    const { threshold } = this.options;
    return mapColumns(fittedMatrix(x, this.#columns, "Binarizer", "binarizer"), (value) => (value > threshold ? 1 : 0));
  }

  fitTransform(x: NumbersLike): Tensor {
    return this.fit(x).transform(x);
  }

  toConfig(): TransformConfig {
    const state = this.#columns === undefined ? null : { columns: this.#columns };
    return { name: Binarizer.transformName, options: encodeOptions(this.options), state };
  }

  static fromConfig(config: TransformConfig): Binarizer {
    const made = new Binarizer(decodeOptions(config.options, "binarizer"));
    made.#columns = readState(config, "binarizer", (reader) => reader.whole("columns", 1));
    return made;
  }
}

function fittedMatrix(x: NumbersLike, columns: number | undefined, name: string, where: string): Matrix {
  if (columns === undefined) throw notFitted(name, "transform");
  return readMatrix(x, { where, missing: "refuse", columns });
}

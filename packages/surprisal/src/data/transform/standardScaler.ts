/** Zero mean and unit variance for every column. */
import type { Tensor } from "../../base/tensor.ts";
import { flag, type OptionsOf, readOptions, type ValuesOf } from "../options.ts";
import { decodeOptions, encodeNumbers, encodeOptions, readState } from "./config.ts";
import { type Matrix, mapColumns, readMatrix, readWeights } from "./matrix.ts";
import { addBatch, isConstant, type Moments } from "./moments.ts";
import { type NumbersLike, notFitted, type Transform, type TransformConfig } from "./transform.ts";

const where = "standard-scaler";

const params = {
  /** Subtracts the mean. */
  withMean: flag(true),
  /** Divides by the standard deviation. */
  withStd: flag(true),
};
/** What `StandardScaler` takes. */
export type StandardScalerOptions = OptionsOf<typeof params>;

/** What `fit` takes besides the rows. */
export interface FitOptions {
  /** One weight of 0 or more per row. Default: all alike. */
  readonly sampleWeight?: ArrayLike<number> | Tensor | undefined;
}

/**
 * (x − mean) / standard deviation, column by column. NaN is left out of the fit and kept. A column without spread (up to the
 * rounding error of its mean) is divided by 1. Sums are formed as scikit-learn forms them (Chan, Golub and LeVeque,
 * "Algorithms for computing the sample variance", 1983), so batches by `partialFit` give the same as one `fit`.
 */
export class StandardScaler implements Transform {
  static readonly transformName = "StandardScaler";
  readonly options: ValuesOf<typeof params>;
  #moments: Moments | undefined;

  constructor(options: StandardScalerOptions = {}) {
    this.options = readOptions(where, params, options);
  }

  /** @throws ShapeError, DTypeError, DataError (infinity) for data that is not a matrix of numbers. */
  fit(x: NumbersLike, options: FitOptions = {}): this {
    this.#moments = undefined;
    return this.partialFit(x, options);
  }

  /** Adds rows to what was seen so far. */
  partialFit(x: NumbersLike, options: FitOptions = {}): this {
    const columns = this.#moments?.mean.length;
    const matrix = readMatrix(x, { where, missing: "keep", ...(columns === undefined ? {} : { columns }) });
    this.#moments = addBatch(this.#moments, matrix, readWeights(options.sampleWeight, matrix.rows, where));
    return this;
  }

  /** Float64 [n, columns]; float32 for a float32 tensor. */
  transform(x: NumbersLike): Tensor {
    const { mean, scale } = this.#steps("transform");
    return mapColumns(this.#read(x), (value, j) => (value - (mean[j] as number)) / (scale[j] as number));
  }

  fitTransform(x: NumbersLike, options: FitOptions = {}): Tensor {
    return this.fit(x, options).transform(x);
  }

  inverseTransform(x: NumbersLike): Tensor {
    const { mean, scale } = this.#steps("inverseTransform");
    return mapColumns(this.#read(x), (value, j) => value * (scale[j] as number) + (mean[j] as number));
  }

  /** Column means; undefined before fit, or when neither mean nor deviation is used. */
  get mean(): Float64Array | undefined {
    return this.options.withMean || this.options.withStd ? this.#moments?.mean : undefined;
  }

  /** Column variances (divided by the number of rows); undefined without withStd. */
  get var(): Float64Array | undefined {
    return this.options.withStd ? this.#moments?.variance : undefined;
  }

  /** What columns are divided by; undefined without withStd. */
  get scale(): Float64Array | undefined {
    return this.options.withStd && this.#moments ? scaleOf(this.#moments) : undefined;
  }

  /** Rows (or their weight) that each column was fitted on; NaN does not count. */
  get nSamplesSeen(): Float64Array | undefined {
    return this.#moments?.count;
  }

  #read(x: NumbersLike): Matrix {
    return readMatrix(x, { where, missing: "keep", columns: (this.#moments as Moments).mean.length });
  }

  #steps(method: string): { mean: Float64Array; scale: Float64Array } {
    if (this.#moments === undefined) throw notFitted("StandardScaler", method);
    const columns = this.#moments.mean.length;
    return {
      mean: this.options.withMean ? this.#moments.mean : new Float64Array(columns),
      scale: this.scale ?? new Float64Array(columns).fill(1),
    };
  }

  toConfig(): TransformConfig {
    const m = this.#moments;
    const state = m && {
      mean: encodeNumbers(m.mean),
      variance: encodeNumbers(m.variance),
      count: encodeNumbers(m.count),
    };
    return { name: StandardScaler.transformName, options: encodeOptions(this.options), state: state ?? null };
  }

  static fromConfig(config: TransformConfig): StandardScaler {
    const made = new StandardScaler(decodeOptions(config.options, where));
    made.#moments = readState(config, where, (reader) => {
      const mean = reader.numbers("mean");
      return { mean, variance: reader.numbers("variance", mean.length), count: reader.numbers("count", mean.length) };
    });
    return made;
  }
}

function scaleOf({ mean, variance, count }: Moments): Float64Array {
  return variance.map((v, j) => (isConstant(v, mean[j] as number, count[j] as number) ? 1 : Math.sqrt(v)));
}

/** Columns brought to a range. */
import type { Tensor } from "../../base/tensor.ts";
import { badOption, flag, listOf, type OptionsOf, readOptions, real, type ValuesOf } from "../options.ts";
import { decodeOptions, encodeNumbers, encodeOptions, readState } from "./config.ts";
import { mapColumns, readMatrix } from "./matrix.ts";
import { withoutZero } from "./moments.ts";
import { type NumbersLike, notFitted, type Transform, type TransformConfig } from "./transform.ts";

const where = "min-max-scaler";

const params = {
  /** Where the least and the greatest value of a column go. */
  featureRange: listOf(real(0), [0, 1], 2),
  /** Cuts values outside the fitted range. */
  clip: flag(false),
};
/** What `MinMaxScaler` takes. */
export type MinMaxScalerOptions = OptionsOf<typeof params>;

interface State {
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly rows: number;
}

/** low + (x − min)/(max − min)·(high − low), column by column. NaN is left out of the fit and kept. */
export class MinMaxScaler implements Transform {
  static readonly transformName = "MinMaxScaler";
  readonly options: ValuesOf<typeof params>;
  #state: State | undefined;

  /** @throws InvalidArgumentError unless featureRange ascends. */
  constructor(options: MinMaxScalerOptions = {}) {
    this.options = readOptions(where, params, options);
    const [low, high] = this.#range();
    if (!(low < high)) throw badOption(where, "featureRange", [low, high], "its first number must be below its second");
  }

  #range(): [number, number] {
    return this.options.featureRange as readonly number[] as [number, number];
  }

  fit(x: NumbersLike): this {
    this.#state = undefined;
    return this.partialFit(x);
  }

  /** Adds rows to what was seen so far. */
  partialFit(x: NumbersLike): this {
    const before = this.#state;
    const matrix = readMatrix(x, { where, missing: "keep", ...(before && { columns: before.min.length }) });
    const min = before?.min.slice() ?? new Float64Array(matrix.columns).fill(Number.NaN);
    const max = before?.max.slice() ?? min.slice();
    matrix.data.forEach((value, i) => {
      const j = i % matrix.columns;
      // The negated comparison also replaces NaN, with which a column starts.
      if (!Number.isNaN(value) && !((min[j] as number) <= value)) min[j] = value;
      if (!Number.isNaN(value) && !((max[j] as number) >= value)) max[j] = value;
    });
    this.#state = { min, max, rows: (before?.rows ?? 0) + matrix.rows };
    return this;
  }

  /** Float64 [n, columns]; float32 for a float32 tensor. */
  transform(x: NumbersLike): Tensor {
    const { scale, offset } = this.#steps("transform");
    const [low, high] = this.#range();
    const { clip } = this.options;
    return mapColumns(this.#read(x), (value, j) => {
      const y = value * (scale[j] as number) + (offset[j] as number);
      return clip ? Math.min(Math.max(y, low), high) : y;
    });
  }

  fitTransform(x: NumbersLike): Tensor {
    return this.fit(x).transform(x);
  }

  inverseTransform(x: NumbersLike): Tensor {
    const { scale, offset } = this.#steps("inverseTransform");
    return mapColumns(this.#read(x), (value, j) => (value - (offset[j] as number)) / (scale[j] as number));
  }

  /** Least value of each column. */
  get dataMin(): Float64Array | undefined {
    return this.#state?.min;
  }

  /** Greatest value of each column. */
  get dataMax(): Float64Array | undefined {
    return this.#state?.max;
  }

  get dataRange(): Float64Array | undefined {
    const state = this.#state;
    return state?.max.map((max, j) => max - (state.min[j] as number));
  }

  /** Factor of each column. */
  get scale(): Float64Array | undefined {
    const [low, high] = this.#range();
    return this.dataRange?.map((range) => (high - low) / withoutZero(range));
  }

  /** Added to each column after the factor. */
  get min(): Float64Array | undefined {
    const { scale, dataMin } = this;
    return scale && dataMin?.map((min, j) => this.#range()[0] - min * (scale[j] as number));
  }

  /** Rows seen. */
  get nSamplesSeen(): number | undefined {
    return this.#state?.rows;
  }

  #read(x: NumbersLike) {
    return readMatrix(x, { where, missing: "keep", columns: (this.#state as State).min.length });
  }

  #steps(method: string): { scale: Float64Array; offset: Float64Array } {
    const { scale, min } = this;
    if (scale === undefined || min === undefined) throw notFitted("MinMaxScaler", method);
    return { scale, offset: min };
  }

  toConfig(): TransformConfig {
    const s = this.#state;
    const state = s ? { min: encodeNumbers(s.min), max: encodeNumbers(s.max), rows: s.rows } : null;
    return { name: MinMaxScaler.transformName, options: encodeOptions(this.options), state };
  }

  static fromConfig(config: TransformConfig): MinMaxScaler {
    const made = new MinMaxScaler(decodeOptions(config.options, where));
    made.#state = readState(config, where, (reader) => {
      const min = reader.numbers("min");
      return { min, max: reader.numbers("max", min.length), rows: reader.whole("rows") };
    });
    return made;
  }
}

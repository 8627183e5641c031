/** Columns divided by their largest absolute value: zeros stay zeros. */
import type { Tensor } from "../../base/tensor.ts";
import { type OptionsOf, readOptions } from "../options.ts";
import { decodeOptions, encodeNumbers, readState } from "./config.ts";
import { mapColumns, readMatrix } from "./matrix.ts";
import { withoutZero } from "./moments.ts";
import { type NumbersLike, notFitted, type Transform, type TransformConfig } from "./transform.ts";

const where = "max-abs-scaler";
const params = {};
export type MaxAbsScalerOptions = OptionsOf<typeof params>;

interface State {
  readonly maxAbs: Float64Array;
  readonly rows: number;
}

/** x / max|x|, column by column. NaN is left out of the fit and kept. */
export class MaxAbsScaler implements Transform {
  static readonly transformName = "MaxAbsScaler";
  #state: State | undefined;

  constructor(options: MaxAbsScalerOptions = {}) {
    readOptions(where, params, options);
  }

  fit(x: NumbersLike): this {
    this.#state = undefined;
    return this.partialFit(x);
  }

  /** Adds rows to what was seen so far. */
  partialFit(x: NumbersLike): this {
    const before = this.#state;
    const matrix = readMatrix(x, { where, missing: "keep", ...(before && { columns: before.maxAbs.length }) });
    const maxAbs = before?.maxAbs.slice() ?? new Float64Array(matrix.columns).fill(Number.NaN);
    matrix.data.forEach((value, i) => {
      const j = i % matrix.columns;
      const size = Math.abs(value);
      if (!Number.isNaN(size) && !((maxAbs[j] as number) >= size)) maxAbs[j] = size;
    });
    this.#state = { maxAbs, rows: (before?.rows ?? 0) + matrix.rows };
    return this;
  }

  /** Float64 [n, columns]; float32 for a float32 tensor. */
  transform(x: NumbersLike): Tensor {
    const scale = this.#fitted("transform");
    return mapColumns(this.#read(x), (value, j) => value / (scale[j] as number));
  }

  fitTransform(x: NumbersLike): Tensor {
    return this.fit(x).transform(x);
  }

  inverseTransform(x: NumbersLike): Tensor {
    const scale = this.#fitted("inverseTransform");
    return mapColumns(this.#read(x), (value, j) => value * (scale[j] as number));
  }

  /** Largest absolute value of each column. */
  get maxAbs(): Float64Array | undefined {
    return this.#state?.maxAbs;
  }

  /** What columns are divided by: maxAbs, or 1 where that is 0. */
  get scale(): Float64Array | undefined {
    return this.#state?.maxAbs.map(withoutZero);
  }

  get nSamplesSeen(): number | undefined {
    return this.#state?.rows;
  }

  #fitted(method: string): Float64Array {
    const { scale } = this;
    if (scale === undefined) throw notFitted("MaxAbsScaler", method);
    return scale;
  }

  #read(x: NumbersLike) {
    return readMatrix(x, { where, missing: "keep", columns: (this.#state as State).maxAbs.length });
  }

  toConfig(): TransformConfig {
    const s = this.#state;
    const state = s ? { maxAbs: encodeNumbers(s.maxAbs), rows: s.rows } : null;
    return { name: MaxAbsScaler.transformName, options: {}, state };
  }

  static fromConfig(config: TransformConfig): MaxAbsScaler {
    const made = new MaxAbsScaler(decodeOptions(config.options, where));
    made.#state = readState(config, where, (reader) => ({
      maxAbs: reader.numbers("maxAbs"),
      rows: reader.whole("rows"),
    }));
    return made;
  }
}

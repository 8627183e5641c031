/** Columns centred and scaled by quantiles, which outliers do not move. */
import { normalQuantile } from "../../base/normalQuantile.ts";
import type { Tensor } from "../../base/tensor.ts";
import { badOption, flag, listOf, type OptionsOf, readOptions, real, type ValuesOf } from "../options.ts";
import { decodeOptions, encodeNumbers, encodeOptions, readState } from "./config.ts";
import { columnOf, mapColumns, readMatrix } from "./matrix.ts";
import { withoutZero } from "./moments.ts";
import { quantile, sorted } from "./quantiles.ts";
import { type NumbersLike, notFitted, type Transform, type TransformConfig } from "./transform.ts";

const where = "robust-scaler";

const params = {
  /** Subtracts the median. */
  withCentering: flag(true),
  /** Divides by the distance of two quantiles. */
  withScaling: flag(true),
  /** The two quantiles in percent, ascending. */
  quantileRange: listOf(real(0, { min: 0, max: 100 }), [25, 75], 2),
  /** Makes normal data have unit variance. */
  unitVariance: flag(false),
};
/** What `RobustScaler` takes. */
export type RobustScalerOptions = OptionsOf<typeof params>;

interface State {
  readonly center: Float64Array;
  readonly scale: Float64Array;
}

/** (x − median) / (high quantile − low quantile), column by column. NaN is left out of the fit and kept. */
export class RobustScaler implements Transform {
  static readonly transformName = "RobustScaler";
  readonly options: ValuesOf<typeof params>;
  #state: State | undefined;

  /** @throws InvalidArgumentError unless quantileRange ascends within 0 … 100. */
  constructor(options: RobustScalerOptions = {}) {
    this.options = readOptions(where, params, options);
    const [low, high] = this.options.quantileRange as readonly number[] as [number, number];
    if (low > high) throw badOption(where, "quantileRange", [low, high], "its first number must not exceed its second");
  }

  fit(x: NumbersLike): this {
    const matrix = readMatrix(x, { where, missing: "keep" });
    const { withCentering, withScaling, unitVariance, quantileRange } = this.options;
    const [low, high] = quantileRange.map((percent) => percent / 100) as [number, number];
    const adjust = unitVariance ? normalQuantile(high) - normalQuantile(low) : 1;
    const columns = Array.from({ length: matrix.columns }, (_, j) => sorted(columnOf(matrix, j)));
    this.#state = {
      center: Float64Array.from(columns, (column) => (withCentering ? quantile(column, 0.5) : 0)),
      scale: Float64Array.from(columns, (column) =>
        withScaling ? withoutZero(quantile(column, high) - quantile(column, low)) / adjust : 1,
      ),
    };
    return this;
  }

  /** Float64 [n, columns]; float32 for a float32 tensor. */
  transform(x: NumbersLike): Tensor {
    const { center, scale } = this.#fitted("transform");
    return mapColumns(this.#read(x), (value, j) => (value - (center[j] as number)) / (scale[j] as number));
  }

  fitTransform(x: NumbersLike): Tensor {
    return this.fit(x).transform(x);
  }

  inverseTransform(x: NumbersLike): Tensor {
    const { center, scale } = this.#fitted("inverseTransform");
    return mapColumns(this.#read(x), (value, j) => value * (scale[j] as number) + (center[j] as number));
  }

  /** Column medians; undefined without withCentering. */
  get center(): Float64Array | undefined {
    return this.options.withCentering ? this.#state?.center : undefined;
  }

  /** What columns are divided by; undefined without withScaling. */
  get scale(): Float64Array | undefined {
    return this.options.withScaling ? this.#state?.scale : undefined;
  }

  #fitted(method: string): State {
    if (this.#state === undefined) throw notFitted("RobustScaler", method);
    return this.#state;
  }

  #read(x: NumbersLike) {
    return readMatrix(x, { where, missing: "keep", columns: (this.#state as State).scale.length });
  }

  toConfig(): TransformConfig {
    const s = this.#state;
    const state = s ? { center: encodeNumbers(s.center), scale: encodeNumbers(s.scale) } : null;
    return { name: RobustScaler.transformName, options: encodeOptions(this.options), state };
  }

  static fromConfig(config: TransformConfig): RobustScaler {
    const made = new RobustScaler(decodeOptions(config.options, where));
    made.#state = readState(config, where, (reader) => {
      const center = reader.numbers("center");
      return { center, scale: reader.numbers("scale", center.length) };
    });
    return made;
  }
}

/** Columns made uniform or normal by their own quantiles. */
import { normalQuantile } from "../../base/normalQuantile.ts";
import { insertAfter } from "../../base/random/choice.ts";
import type { Tensor } from "../../base/tensor.ts";
import { linspace } from "../generate/shuffled.ts";
import { badOption, type OptionsOf, oneOf, orNull, readOptions, seed, type ValuesOf, whole } from "../options.ts";
import { resampleIndices } from "../split/resample.ts";
import { decodeOptions, encodeNumbers, encodeOptions, readState } from "./config.ts";
import { columnOf, mapColumns, readMatrix } from "./matrix.ts";
import { normalCdf } from "./normalCdf.ts";
import { quantile, sorted } from "./quantiles.ts";
import { type NumbersLike, notFitted, type Transform, type TransformConfig } from "./transform.ts";

const where = "quantile-transformer";

const params = {
  /** Quantiles to remember, 1 or more; no more than rows are used. */
  nQuantiles: whole(1000, 1),
  outputDistribution: oneOf("uniform", ["uniform", "normal"]),
  /** Fits on so many rows at most, drawn at random; null for all. */
  subsample: orNull(whole(10_000, 1), 10_000),
  /** For subsample. */
  randomState: seed,
};
/** What `QuantileTransformer` takes. */
export type QuantileTransformerOptions = OptionsOf<typeof params>;

/** Shares nearer to 0 or 1 than this are taken as the ends. */
const edge = 1e-7;
const lowest = normalQuantile(edge - Number.EPSILON);
/** Not −lowest: rounding near 1 is coarser. */
const highest = normalQuantile(1 - (edge - Number.EPSILON));

/** Each value becomes its share of the column (or the normal of that share). NaN is left out of the fit and kept. */
export class QuantileTransformer implements Transform {
  static readonly transformName = "QuantileTransformer";
  readonly options: ValuesOf<typeof params>;
  /** Ascending quantiles of each column. */
  #quantiles: readonly Float64Array[] | undefined;

  /** @throws InvalidArgumentError when nQuantiles exceeds subsample. */
  constructor(options: QuantileTransformerOptions = {}) {
    this.options = readOptions(where, params, options);
    const { nQuantiles, subsample } = this.options;
    if (subsample !== null && nQuantiles > subsample) {
      throw badOption(where, "nQuantiles", nQuantiles, `it must not exceed subsample (${subsample})`);
    }
  }

  fit(x: NumbersLike): this {
    const matrix = readMatrix(x, { where, missing: "keep" });
    const { nQuantiles, subsample, randomState } = this.options;
    const references = linspace(0, 1, Math.min(nQuantiles, matrix.rows)).map((q) => (q * 100) / 100);
    const draws = subsample !== null && subsample < matrix.rows;
    const rows = draws ? resampleIndices(matrix.rows, { replace: false, nSamples: subsample, randomState }) : undefined;
    this.#quantiles = Array.from({ length: matrix.columns }, (_, j) => {
      const column = columnOf(matrix, j);
      const ascending = sorted(rows ? Float64Array.from(rows, (i) => column[i] as number) : column);
      let most = -Infinity;
      // Interpolation may round a quantile below its predecessor.
      return references.map((q) => (most = Math.max(most, quantile(ascending, q))));
    });
    return this;
  }

  /** Float64 [n, columns]; float32 for a float32 tensor. */
  transform(x: NumbersLike): Tensor {
    const quantiles = this.#fitted("transform");
    const normal = this.options.outputDistribution === "normal";
    const references = this.references as Float64Array;
    const matrix = readMatrix(x, { where, missing: "keep", columns: quantiles.length });
    return mapColumns(matrix, (value, j) => {
      const share = shareOf(value, quantiles[j] as Float64Array, references, normal ? edge : 0);
      return normal ? clip(normalQuantile(share)) : share;
    });
  }

  fitTransform(x: NumbersLike): Tensor {
    return this.fit(x).transform(x);
  }

  inverseTransform(x: NumbersLike): Tensor {
    const quantiles = this.#fitted("inverseTransform");
    const normal = this.options.outputDistribution === "normal";
    const references = this.references as Float64Array;
    const matrix = readMatrix(x, { where, missing: "keep", columns: quantiles.length });
    return mapColumns(matrix, (value, j) => {
      const of = quantiles[j] as Float64Array;
      const share = normal ? normalCdf(value) : value;
      const margin = normal ? edge : 0;
      if (atLeast(share + margin, 1, normal)) return of.at(-1) as number;
      if (atLeast(-(share - margin), 0, normal)) return of[0] as number;
      return interpolate(share, references, of);
    });
  }

  /** One row per quantile, one column per input column. */
  get quantiles(): number[][] | undefined {
    const quantiles = this.#quantiles;
    return quantiles?.[0] && Array.from(quantiles[0], (_, i) => quantiles.map((of) => of[i] as number));
  }

  /** The shares whose quantiles are remembered. */
  get references(): Float64Array | undefined {
    const count = this.#quantiles?.[0]?.length;
    return count === undefined ? undefined : linspace(0, 1, count);
  }

  /** Quantiles in use. */
  get nQuantiles(): number | undefined {
    return this.#quantiles?.[0]?.length;
  }

  #fitted(method: string): readonly Float64Array[] {
    if (this.#quantiles === undefined) throw notFitted("QuantileTransformer", method);
    return this.#quantiles;
  }

  toConfig(): TransformConfig {
    const state = this.#quantiles ? { quantiles: this.#quantiles.map(encodeNumbers) } : null;
    return { name: QuantileTransformer.transformName, options: encodeOptions(this.options), state };
  }

  static fromConfig(config: TransformConfig): QuantileTransformer {
    const made = new QuantileTransformer(decodeOptions(config.options, where));
    made.#quantiles = readState(config, where, (reader) => {
      const quantiles = reader.numberLists("quantiles");
      const count = quantiles[0]?.length ?? 0;
      if (
        count === 0 ||
        quantiles.some((of) => of.length !== count || of.some((q, i) => q < (of[i - 1] ?? -Infinity)))
      ) {
        throw reader.fail("quantiles", "uneven or out of order", "as many ascending numbers per column are needed");
      }
      return quantiles;
    });
    return made;
  }
}

/** Within the margin strictly beyond the bound, or with no margin on or beyond it. */
function atLeast(value: number, bound: number, strict: boolean): boolean {
  return strict ? value > bound : value === bound;
}

/** The mean of interpolating from below and from above, which differ on a plateau. */
function shareOf(x: number, quantiles: Float64Array, references: Float64Array, margin: number): number {
  if (Number.isNaN(x)) return x;
  const low = quantiles[0] as number;
  const high = quantiles.at(-1) as number;
  if (margin > 0 ? x - margin < low : x === low) return 0;
  if (margin > 0 ? x + margin > high : x === high) return 1;
  const negated = (values: Float64Array) => values.map((v) => -v).reverse();
  return 0.5 * (interpolate(x, quantiles, references) - interpolate(-x, negated(quantiles), negated(references)));
}

function clip(x: number): number {
  return Math.min(Math.max(x, lowest), highest);
}

/** Piecewise linear through (xs, ys), constant outside; xs ascend, of equal ones the last counts. */
function interpolate(x: number, xs: Float64Array, ys: Float64Array): number {
  const last = xs.length - 1;
  const at = insertAfter(xs, x) - 1;
  if (at < 0) return ys[0] as number;
  if (at >= last || xs[at] === x) return ys[Math.min(at, last)] as number;
  const slope = ((ys[at + 1] as number) - (ys[at] as number)) / ((xs[at + 1] as number) - (xs[at] as number));
  return slope * (x - (xs[at] as number)) + (ys[at] as number);
}

/** Numbers cut into bins. */

import { insertAfter } from "../../base/random/choice.ts";
import { RandomState } from "../../base/random/randomState.ts";
import type { Tensor } from "../../base/tensor.ts";
import { argmax } from "../extremes.ts";
import { linspace } from "../generate/shuffled.ts";
import {
  badOption,
  either,
  listOf,
  type OptionsOf,
  oneOf,
  orNull,
  readOptions,
  seed,
  type ValuesOf,
  whole,
} from "../options.ts";
import { decodeOptions, encodeNumbers, encodeOptions, readState } from "./config.ts";
import { kMeansOnLine } from "./kMeansLine.ts";
import { columnOf, mapColumns, readMatrix, readWeights, toTensor } from "./matrix.ts";
import { averagedQuantile, quantile, sorted, weightedQuantiles } from "./quantiles.ts";
import type { FitOptions } from "./standardScaler.ts";
import { inputNamesOf, type NumbersLike, notFitted, type Transform, type TransformConfig } from "./transform.ts";

const where = "k-bins-discretizer";

const params = {
  /** Bins of every column, or one number per column; 2 or more. */
  nBins: either(whole(5, 2), listOf(whole(2, 2)), Array.isArray),
  /** "onehot-dense" (also as "onehot") gives one column per bin, "ordinal" the bin's number. */
  encode: oneOf("onehot", ["onehot", "onehot-dense", "ordinal"]),
  /** Edges: evenly spaced, quantiles, or midway between the centers of k-means. */
  strategy: oneOf("quantile", ["uniform", "quantile", "kmeans"]),
  /** How quantiles between two values are formed. */
  quantileMethod: oneOf("averaged_inverted_cdf", ["averaged_inverted_cdf", "inverted_cdf", "linear"]),
  /** Fits on so many rows at most, drawn at random with replacement; null for all. */
  subsample: orNull(whole(200_000, 1), 200_000),
  /** For subsample. */
  randomState: seed,
};
/** What `KBinsDiscretizer` takes. */
export type KBinsDiscretizerOptions = OptionsOf<typeof params>;

/** A bin holds its left edge; the first and last bin are open outwards. Bins without width are merged. NaN is refused. */
export class KBinsDiscretizer implements Transform {
  static readonly transformName = "KBinsDiscretizer";
  readonly options: ValuesOf<typeof params>;
  #edges: readonly Float64Array[] | undefined;

  constructor(options: KBinsDiscretizerOptions = {}) {
    this.options = readOptions(where, params, options);
  }

  /** @throws InvalidArgumentError when nBins lists another number of columns, or weights come with even spacing. */
  fit(x: NumbersLike, options: FitOptions = {}): this {
    const matrix = readMatrix(x, { where, missing: "refuse" });
    const weights = readWeights(options.sampleWeight, matrix.rows, where);
    const { nBins, subsample, randomState, strategy } = this.options;
    if (weights !== undefined && strategy === "uniform") {
      throw badOption(where, "strategy", strategy, "evenly spaced edges have no use for sampleWeight");
    }
    const bins = typeof nBins === "number" ? new Array<number>(matrix.columns).fill(nBins) : nBins;
    if (bins.length !== matrix.columns) {
      throw badOption(where, "nBins", nBins, `one number for each of the ${matrix.columns} columns is needed`);
    }
    if (subsample === null || matrix.rows <= subsample) {
      this.#edges = bins.map((n, j) => this.#edgesOf(columnOf(matrix, j), n, weights));
      return this;
    }
    // Drawn with replacement, heavy rows more often: the weights have then done their work.
    const random = new RandomState(randomState);
    const rows = random.choice(matrix.rows, { size: subsample, ...(weights && { p: shares(weights) }) }).data;
    this.#edges = bins.map((n, j) => {
      const column = columnOf(matrix, j);
      return this.#edgesOf(
        Float64Array.from(rows, (i) => column[i] as number),
        n,
      );
    });
    return this;
  }

  #edgesOf(column: Float64Array, bins: number, weights?: Float64Array): Float64Array {
    const counted = sorted(weights === undefined ? column : column.filter((_, i) => (weights[i] as number) !== 0));
    const low = counted[0] as number;
    const high = counted.at(-1) as number;
    if (counted.length === 0 || low === high) return Float64Array.of(-Infinity, Infinity);
    const even = linspace(low, high, bins + 1);
    if (this.options.strategy === "uniform") return even;
    const edges =
      this.options.strategy === "quantile"
        ? this.#quantileEdges(column, bins, weights)
        : kMeansEdges(column, even, weights);
    return edges.filter((edge, i) => i === 0 || edge - (edges[i - 1] as number) > 1e-8);
  }

  #quantileEdges(column: Float64Array, bins: number, weights?: Float64Array): Float64Array {
    const levels = linspace(0, 100, bins + 1).map((percent) => percent / 100);
    const method = this.options.quantileMethod;
    if (weights !== undefined) return weightedQuantiles(column, weights, levels, method === "averaged_inverted_cdf");
    const ascending = sorted(column);
    if (method === "linear") return levels.map((q) => quantile(ascending, q));
    if (method === "averaged_inverted_cdf") return levels.map((q) => averagedQuantile(ascending, q));
    return weightedQuantiles(column, new Float64Array(column.length).fill(1), levels, false);
  }

  /** Float64 bin numbers [n, columns], or 0 and 1 [n, bins of all columns]; float32 for a float32 tensor. */
  transform(x: NumbersLike): Tensor {
    const edges = this.#fitted("transform");
    const matrix = readMatrix(x, { where, missing: "refuse", columns: edges.length });
    const inner = edges.map((of) => of.subarray(1, -1));
    const bin = (value: number, j: number) => insertAfter(inner[j] as Float64Array, value);
    if (this.options.encode === "ordinal") return mapColumns(matrix, bin);
    const starts = startsOf(edges);
    const width = starts.at(-1) as number;
    const data = new Float64Array(matrix.rows * width);
    matrix.data.forEach((value, i) => {
      const j = i % matrix.columns;
      data[Math.floor(i / matrix.columns) * width + (starts[j] as number) + bin(value, j)] = 1;
    });
    return toTensor(data, width, matrix);
  }

  fitTransform(x: NumbersLike, options: FitOptions = {}): Tensor {
    return this.fit(x, options).transform(x);
  }

  /** The middle of each bin. */
  inverseTransform(x: NumbersLike): Tensor {
    const edges = this.#fitted("inverseTransform");
    const middle = (bin: number, j: number) => {
      const of = edges[j] as Float64Array;
      if (Number.isInteger(bin) && bin >= 0 && bin < of.length - 1)
        return ((of[bin] as number) + (of[bin + 1] as number)) / 2;
      throw badOption(where, `bin of column ${j}`, bin, `it has the bins 0 to ${of.length - 2}`);
    };
    if (this.options.encode === "ordinal") {
      return mapColumns(readMatrix(x, { where, missing: "refuse", columns: edges.length }), middle);
    }
    const starts = startsOf(edges);
    const width = starts.at(-1) as number;
    const matrix = readMatrix(x, { where, missing: "refuse", columns: width });
    const data = new Float64Array(matrix.rows * edges.length);
    for (let i = 0; i < matrix.rows; i++) {
      edges.forEach((_, j) => {
        const block = matrix.data.subarray(i * width + (starts[j] as number), i * width + (starts[j + 1] as number));
        data[i * edges.length + j] = middle(argmax(block), j);
      });
    }
    return toTensor(data, edges.length, matrix);
  }

  /** Edges of each column's bins, from −∞ to ∞ for a column of one value. */
  get binEdges(): Float64Array[] | undefined {
    return this.#edges?.map((edges) => edges.slice());
  }

  /** Bins of each column after merging. */
  get nBins(): number[] | undefined {
    return this.#edges?.map((edges) => edges.length - 1);
  }

  featureNamesOut(inputNames?: readonly string[]): string[] {
    const edges = this.#fitted("featureNamesOut");
    const names = inputNamesOf(inputNames, edges.length, where);
    if (this.options.encode === "ordinal") return [...names];
    return edges.flatMap((of, j) => Array.from({ length: of.length - 1 }, (_, k) => `${names[j]}_${k}.0`));
  }

  #fitted(method: string): readonly Float64Array[] {
    if (this.#edges === undefined) throw notFitted("KBinsDiscretizer", method);
    return this.#edges;
  }

  toConfig(): TransformConfig {
    const state = this.#edges ? { edges: this.#edges.map(encodeNumbers) } : null;
    return { name: KBinsDiscretizer.transformName, options: encodeOptions(this.options), state };
  }

  static fromConfig(config: TransformConfig): KBinsDiscretizer {
    const made = new KBinsDiscretizer(decodeOptions(config.options, where));
    made.#edges = readState(config, where, (reader) => {
      const edges = reader.numberLists("edges");
      for (const of of edges) {
        if (of.length < 2 || of.some((edge, i) => i > 0 && !(edge > (of[i - 1] as number)))) {
          throw reader.fail("edges", "out of order", "two or more ascending edges per column are needed");
        }
      }
      return edges;
    });
    return made;
  }
}

/** First output column of each input column, and the number of output columns. */
function startsOf(edges: readonly Float64Array[]): number[] {
  let start = 0;
  return [...edges.map((of) => (start += of.length - 1) - (of.length - 1)), start];
}

function shares(weights: Float64Array): number[] {
  const total = weights.reduce((sum, w) => sum + w, 0);
  return Array.from(weights, (w) => w / total);
}

function kMeansEdges(column: Float64Array, even: Float64Array, weights?: Float64Array): Float64Array {
  const start = even.slice(1).map((edge, i) => (edge + (even[i] as number)) * 0.5);
  const centers = kMeansOnLine(column, start, weights).sort();
  const middles = centers.slice(1).map((c, i) => (c + (centers[i] as number)) * 0.5);
  return Float64Array.of(even[0] as number, ...middles, even.at(-1) as number);
}

/** Products of columns. */
import type { Tensor } from "../../base/tensor.ts";
import { badOption, either, flag, listOf, type OptionsOf, readOptions, type ValuesOf, whole } from "../options.ts";
import { decodeOptions, encodeOptions, readState } from "./config.ts";
import { readMatrix, toTensor } from "./matrix.ts";
import { inputNamesOf, type NumbersLike, notFitted, type Transform, type TransformConfig } from "./transform.ts";

const where = "polynomial-features";

const params = {
  /** Highest degree of a product, or [lowest, highest]. */
  degree: either(whole(2, 0), listOf(whole(0, 0), [], 2), Array.isArray),
  /** Leaves out powers: no column occurs twice in a product. */
  interactionOnly: flag(false),
  /** Puts a column of 1 first. */
  includeBias: flag(true),
};
/** What `PolynomialFeatures` takes. */
export type PolynomialFeaturesOptions = OptionsOf<typeof params>;

/** All products of columns up to a degree: 1, x₀, x₁, x₀², x₀x₁, x₁², … by degree, then in the order of the columns. */
export class PolynomialFeatures implements Transform {
  static readonly transformName = "PolynomialFeatures";
  readonly options: ValuesOf<typeof params>;
  #columns: number | undefined;

  /** @throws InvalidArgumentError for a negative degree, or a lowest above the highest. */
  constructor(options: PolynomialFeaturesOptions = {}) {
    this.options = readOptions(where, params, options);
    const [low, high] = this.#degrees();
    if (low > high) throw badOption(where, "degree", [low, high], "the lowest must not exceed the highest");
    if (high === 0 && !this.options.includeBias) {
      throw badOption(where, "degree", high, "degree 0 without the bias leaves no column");
    }
  }

  #degrees(): [number, number] {
    const { degree } = this.options;
    return typeof degree === "number" ? [0, degree] : (degree as readonly number[] as [number, number]);
  }

  fit(x: NumbersLike): this {
    this.#columns = readMatrix(x, { where, missing: "refuse" }).columns;
    return this;
  }

  /** For each output column the columns whose product it is. */
  #products(columns: number): number[][] {
    const [low, high] = this.#degrees();
    const step = this.options.interactionOnly ? 1 : 0;
    const products: number[][] = this.options.includeBias ? [[]] : [];
    const extend = (picked: readonly number[], from: number, left: number): void => {
      if (left === 0) products.push([...picked]);
      else for (let j = from; j < columns; j++) extend([...picked, j], j + step, left - 1);
    };
    for (let degree = Math.max(1, low); degree <= high; degree++) extend([], 0, degree);
    return products;
  }

  /** Float64 [n, products]; float32 for a float32 tensor. */
  transform(x: NumbersLike): Tensor {
    const columns = this.#fitted("transform");
    const matrix = readMatrix(x, { where, missing: "refuse", columns });
    const products = this.#products(columns);
    const data = new Float64Array(matrix.rows * products.length);
    for (let i = 0; i < matrix.rows; i++) {
      products.forEach((product, k) => {
        let value = 1;
        for (const j of product) value *= matrix.data[i * columns + j] as number;
        data[i * products.length + k] = value;
      });
    }
    return toTensor(data, products.length, matrix);
  }

  fitTransform(x: NumbersLike): Tensor {
    return this.fit(x).transform(x);
  }

  /** For each output column the exponent of every input column. */
  get powers(): number[][] | undefined {
    const columns = this.#columns;
    return columns === undefined ? undefined : this.#products(columns).map((product) => powersOf(product, columns));
  }

  /** `x0^2 x1`. */
  featureNamesOut(inputNames?: readonly string[]): string[] {
    const columns = this.#fitted("featureNamesOut");
    const names = inputNamesOf(inputNames, columns, where);
    return this.#products(columns).map((product) => {
      const powers = powersOf(product, columns);
      const parts = powers.flatMap((p, j) => (p === 0 ? [] : [p === 1 ? names[j] : `${names[j]}^${p}`]));
      return parts.join(" ") || "1";
    });
  }

  #fitted(method: string): number {
    if (this.#columns === undefined) throw notFitted("PolynomialFeatures", method);
    return this.#columns;
  }

  toConfig(): TransformConfig {
    const state = this.#columns === undefined ? null : { columns: this.#columns };
    return { name: PolynomialFeatures.transformName, options: encodeOptions(this.options), state };
  }

  static fromConfig(config: TransformConfig): PolynomialFeatures {
    const made = new PolynomialFeatures(decodeOptions(config.options, where));
    made.#columns = readState(config, where, (reader) => reader.whole("columns", 1));
    return made;
  }
}

function powersOf(product: readonly number[], columns: number): number[] {
  const powers = new Array<number>(columns).fill(0);
  for (const j of product) powers[j] = (powers[j] as number) + 1;
  return powers;
}

/** Columns made more normal by a power. */
import { DataError } from "../../base/errors.ts";
import type { Tensor } from "../../base/tensor.ts";
import { flag, type OptionsOf, oneOf, readOptions, type ValuesOf } from "../options.ts";
import { decodeOptions, encodeNumbers, encodeOptions, readState } from "./config.ts";
import { columnOf, type Matrix, mapColumns, readMatrix } from "./matrix.ts";
import { minimise } from "./minimise.ts";
import { addBatch, isConstant } from "./moments.ts";
import { StandardScaler } from "./standardScaler.ts";
import { type NumbersLike, notFitted, type Transform, type TransformConfig } from "./transform.ts";

const where = "power-transformer";

const params = {
  /** "yeo-johnson" takes any numbers, "box-cox" positive ones only. */
  method: oneOf("yeo-johnson", ["yeo-johnson", "box-cox"]),
  /** Then brings every column to zero mean and unit variance. */
  standardize: flag(true),
};
/** What `PowerTransformer` takes. */
export type PowerTransformerOptions = OptionsOf<typeof params>;

interface Family {
  forward(x: number, lambda: number): number;
  inverse(y: number, lambda: number): number;
  /** log of the derivative of `forward` in x, over (λ − 1). */
  logSlope(x: number): number;
}

const families: Record<"yeo-johnson" | "box-cox", Family> = {
  // Yeo and Johnson, "A new family of power transformations to improve normality or symmetry", 2000.
  "yeo-johnson": {
    forward: (x, lambda) => (x >= 0 ? power(Math.log1p(x), lambda) : -power(Math.log1p(-x), 2 - lambda)),
    inverse: (y, lambda) => (y >= 0 ? Math.expm1(root(y, lambda)) : -Math.expm1(root(-y, 2 - lambda))),
    logSlope: (x) => Math.sign(x) * Math.log1p(Math.abs(x)),
  },
  // Box and Cox, "An analysis of transformations", 1964.
  "box-cox": {
    forward: (x, lambda) => power(Math.log(x), lambda),
    inverse: (y, lambda) => Math.exp(root(y, lambda)),
    logSlope: Math.log,
  },
};

/** (eˡᵃ − 1)/a, which is l at a = 0. */
function power(log: number, a: number): number {
  return a === 0 ? log : Math.expm1(log * a) / a;
}

/** The log that `power` came from. */
function root(y: number, a: number): number {
  return a === 0 ? y : Math.log1p(y * a) / a;
}

/** The exponent of each column maximises the likelihood of a normal. NaN is left out of the fit and kept. */
export class PowerTransformer implements Transform {
  static readonly transformName = "PowerTransformer";
  readonly options: ValuesOf<typeof params>;
  #lambdas: Float64Array | undefined;
  #scaler: StandardScaler | undefined;

  constructor(options: PowerTransformerOptions = {}) {
    this.options = readOptions(where, params, options);
  }

  /** @throws DataError for a value of 0 or less with "box-cox", or a column without any value. */
  fit(x: NumbersLike): this {
    const matrix = this.#read(x);
    const { mean, variance, count } = addBatch(undefined, matrix);
    this.#lambdas = Float64Array.from(mean, (_, j) => {
      if (count[j] === 0) throw new DataError(`${where}/empty-column`, noValues(j), { column: j });
      if (isConstant(variance[j] as number, mean[j] as number, count[j] as number)) return 1;
      return this.#bestExponent(columnOf(matrix, j).filter((value) => !Number.isNaN(value)));
    });
    this.#scaler = this.options.standardize ? new StandardScaler().fit(this.#powers(matrix)) : undefined;
    return this;
  }

  #read(x: NumbersLike, columns?: number): Matrix {
    const matrix = readMatrix(x, { where, missing: "keep", ...(columns === undefined ? {} : { columns }) });
    const bad = this.options.method === "box-cox" ? matrix.data.findIndex((value) => value <= 0) : -1;
    if (bad >= 0) {
      const row = Math.floor(bad / matrix.columns);
      const column = bad % matrix.columns;
      throw new DataError(
        `${where}/not-positive`,
        {
          received: `row ${row}, column ${column} holds ${matrix.data[bad]}`,
          expected: "Box-Cox needs numbers above 0",
          hint: 'Pass method: "yeo-johnson".',
        },
        { row: row + 1, column },
      );
    }
    return matrix;
  }

  #bestExponent(column: Float64Array): number {
    const { forward, logSlope } = families[this.options.method];
    const slope = column.reduce((sum, value) => sum + logSlope(value), 0);
    const n = column.length;
    const cost = (lambda: number) => {
      const y = column.map((value) => forward(value, lambda));
      const mean = y.reduce((sum, v) => sum + v, 0) / n;
      const variance = y.reduce((sum, v) => sum + (v - mean) ** 2, 0) / n;
      const value = (n / 2) * Math.log(variance) - (lambda - 1) * slope;
      return Number.isNaN(value) ? Infinity : value;
    };
    return minimise(cost, -2, 2);
  }

  #powers(matrix: Matrix): Tensor {
    const { forward } = families[this.options.method];
    const lambdas = this.#lambdas as Float64Array;
    return mapColumns(matrix, (value, j) => forward(value, lambdas[j] as number));
  }

  /** Float64 [n, columns]; float32 for a float32 tensor. */
  transform(x: NumbersLike): Tensor {
    const powers = this.#powers(this.#read(x, this.#fitted("transform").length));
    return this.#scaler ? this.#scaler.transform(powers) : powers;
  }

  fitTransform(x: NumbersLike): Tensor {
    return this.fit(x).transform(x);
  }

  inverseTransform(x: NumbersLike): Tensor {
    const lambdas = this.#fitted("inverseTransform");
    const { inverse } = families[this.options.method];
    const powers = this.#scaler ? this.#scaler.inverseTransform(x) : x;
    const matrix = readMatrix(powers, { where, missing: "keep", columns: lambdas.length });
    return mapColumns(matrix, (value, j) => inverse(value, lambdas[j] as number));
  }

  /** Exponent of each column; 1 for a column without spread. */
  get lambdas(): Float64Array | undefined {
    return this.#lambdas;
  }

  #fitted(method: string): Float64Array {
    if (this.#lambdas === undefined) throw notFitted("PowerTransformer", method);
    return this.#lambdas;
  }

  toConfig(): TransformConfig {
    const scaler = this.#scaler?.toConfig().state ?? null;
    const state = this.#lambdas ? { lambdas: encodeNumbers(this.#lambdas), scaler } : null;
    return { name: PowerTransformer.transformName, options: encodeOptions(this.options), state };
  }

  static fromConfig(config: TransformConfig): PowerTransformer {
    const made = new PowerTransformer(decodeOptions(config.options, where));
    made.#lambdas = readState(config, where, (reader) => {
      const lambdas = reader.numbers("lambdas");
      const state = reader.raw("scaler");
      if ((state !== null) !== made.options.standardize)
        throw reader.fail("scaler", "there or missing", "standardize says so");
      if (state === null) return lambdas;
      made.#scaler = StandardScaler.fromConfig({
        name: "StandardScaler",
        options: {},
        state: state as TransformConfig["state"],
      });
      if (made.#scaler.mean?.length !== lambdas.length)
        throw reader.fail("scaler", "of other columns", "one per column");
      return lambdas;
    });
    return made;
  }
}

function noValues(column: number) {
  return {
    received: `column ${column} holds no number`,
    expected: "an exponent needs numbers to fit",
    hint: "Drop the column, or fill it first.",
  };
}

/**
 * `RandomState`: the stream of numbers that NumPy's legacy `RandomState` gives for the same seed and the same calls, so that
 * data made or split here equal data made or split there. For training, `ThreefryStream` is used instead.
 */
import { InvalidArgumentError } from "../errors.ts";
import { sizeOf } from "../shape.ts";
import { Tensor } from "../tensor.ts";
import { boundedIntegers, type IntegerDType, integerDTypes, interval } from "./bounded.ts";
import { checkProbabilities, pickByProbability, pickDistinctByProbability } from "./choice.ts";
import { exponential, gamma, poisson, polarPair } from "./distributions.ts";
import { Mt19937 } from "./mt19937.ts";
import { covarianceFactor } from "./multivariate.ts";

/** How many: a count, or the shape of the result. */
export type Size = number | readonly number[];
/** A seed: a whole number below 2 ** 32, or a list of them. */
export type Seed = number | readonly number[];
/** What functions take as `randomState`: a seed for a stream of their own, or a stream to draw from. */
export type RandomStateLike = Seed | RandomState;

/** What `choice` takes. */
export interface ChoiceOptions {
  /** Left out: a single item. */
  readonly size?: Size | undefined;
  /** Default true: an item may be picked again. */
  readonly replace?: boolean | undefined;
  /** One probability per item, adding up to 1. Default: all alike. */
  readonly p?: readonly number[] | undefined;
}

/** NumPy's RandomState: MT19937, and the same numbers for the same seed. */
export class RandomState {
  readonly #generator: Mt19937;
  /** The second normal of a polar pair, until somebody asks for it. */
  #kept: number | undefined;

  /**
   * @param seed an integer in 0 … 2³²−1, or a non-empty list of such; a list of one differs from that integer.
   * @throws InvalidArgumentError for any other seed.
   */
  constructor(seed: Seed = 0) {
    this.#generator = new Mt19937(seed);
  }

  /** The normal that is kept for the next call, if any. */
  get keptNormal(): number | undefined {
    return this.#kept;
  }

  /** Raw 32-bit words. */
  words(count: number): Uint32Array {
    return Uint32Array.from({ length: count }, () => this.#generator.word());
  }

  /** One double in [0, 1). */
  double(): number {
    return this.#generator.double();
  }

  /** `count` doubles in [0, 1). */
  doubles(count: number): Float64Array {
    return this.#draws(count, () => this.double());
  }

  /** One standard normal. */
  gauss(): number {
    if (this.#kept !== undefined) {
      const value = this.#kept;
      this.#kept = undefined;
      return value;
    }
    const { first, kept } = polarPair(() => this.double());
    this.#kept = kept;
    return first;
  }

  /** `count` standard normals. */
  normals(count: number): Float64Array {
    return this.#draws(count, () => this.gauss());
  }

  /** One integer in 0 … n−1; n up to 2⁵³. */
  below(n: number): number {
    return interval(this.#generator, n - 1);
  }

  /** Doubles in [0, 1). */
  randomSample(): number;
  randomSample(size: Size): Tensor;
  randomSample(size?: Size): number | Tensor {
    return this.#sized(size, () => this.double());
  }

  /** Doubles between `low` (included) and `high`; high may be below low. */
  uniform(low?: number, high?: number): number;
  uniform(low: number, high: number, size: Size): Tensor;
  uniform(low = 0, high = 1, size?: Size): number | Tensor {
    const range = high - low;
    if (!Number.isFinite(range) || !Number.isFinite(low)) {
      throw invalid(
        "uniform",
        "range",
        `low = ${low} and high = ${high} were given`,
        "their difference must be finite",
      );
    }
    return this.#sized(size, () => low + range * this.double());
  }

  standardNormal(): number;
  standardNormal(size: Size): Tensor;
  standardNormal(size?: Size): number | Tensor {
    return this.#sized(size, () => this.gauss());
  }

  /** Normals around `loc` (a number, or one per entry of the last axis of `size`) with standard deviation `scale` ≥ 0. */
  normal(loc?: number, scale?: number): number;
  normal(loc: number | readonly number[], scale: number, size: Size): Tensor;
  normal(loc: number | readonly number[] = 0, scale = 1, size?: Size): number | Tensor {
    notNegative("normal", "scale", scale);
    if (typeof loc === "number") return this.#sized(size, () => loc + scale * this.gauss());
    const shape = shapeOf(size ?? loc.length);
    if (shape.at(-1) !== loc.length) {
      throw invalid("normal", "loc", `loc has ${loc.length} entries`, `the last axis of size is ${shape.at(-1) ?? 0}`);
    }
    let i = 0;
    return this.#sized(shape, () => (loc[i++ % loc.length] as number) + scale * this.gauss());
  }

  standardExponential(): number;
  standardExponential(size: Size): Tensor;
  standardExponential(size?: Size): number | Tensor {
    return this.exponential(1, size as Size);
  }

  exponential(scale?: number): number;
  exponential(scale: number, size: Size): Tensor;
  exponential(scale = 1, size?: Size): number | Tensor {
    notNegative("exponential", "scale", scale);
    return this.#sized(size, () => scale * exponential(() => this.double()));
  }

  standardGamma(shape: number): number;
  standardGamma(shape: number, size: Size): Tensor;
  standardGamma(shape: number, size?: Size): number | Tensor {
    return this.gamma(shape, 1, size as Size);
  }

  gamma(shape: number, scale?: number): number;
  gamma(shape: number, scale: number, size: Size): Tensor;
  gamma(shape: number, scale = 1, size?: Size): number | Tensor {
    notNegative("gamma", "shape", shape);
    notNegative("gamma", "scale", scale);
    const draw = () => gamma(shape, this.double.bind(this), this.gauss.bind(this));
    return this.#sized(size, () => scale * draw());
  }

  /** Counts with mean `rate` ≥ 0. */
  poisson(rate?: number): number;
  poisson(rate: number, size: Size): Tensor;
  poisson(rate = 1, size?: Size): number | Tensor {
    notNegative("poisson", "rate", rate);
    return this.#sized(size, () => poisson(rate, () => this.double()));
  }

  /**
   * Integers in low … high−1 (with `high` left out: 0 … low−1). The tensor is int32 where every possible value fits, bool for
   * dtype "bool", else float64. `dtype` changes how many draws share a word.
   * @throws InvalidArgumentError for an empty range, one that exceeds the dtype or 2⁵³ (see `randintBig`).
   */
  randint(low: number, high?: number): number;
  randint(low: number, high: number | undefined, size: Size, dtype?: IntegerDType): Tensor;
  randint(low: number, high?: number, size?: Size, dtype: IntegerDType = "int64"): number | Tensor {
    const from = high === undefined ? 0 : low;
    const to = high === undefined ? low : high;
    if (!Number.isSafeInteger(from) || !Number.isSafeInteger(to) || !Number.isSafeInteger(to - from)) {
      throw invalid(
        "randint",
        "range",
        `low = ${from} and high = ${to} were given`,
        "whole numbers below 2 ** 53 are needed",
      );
    }
    const shape = size === undefined ? [] : shapeOf(size);
    const values = this.randintBig(BigInt(from), BigInt(to), sizeOf(shape), dtype).map(Number);
    if (size === undefined) return values[0] as number;
    if (dtype === "bool") return new Tensor(Uint8Array.from(values), shape);
    const fits = from >= -(2 ** 31) && to <= 2 ** 31;
    return new Tensor(fits ? Int32Array.from(values) : Float64Array.from(values), shape);
  }

  /** `randint` for ranges beyond 2⁵³. */
  randintBig(low: bigint, high: bigint, count: number, dtype: IntegerDType = "int64"): bigint[] {
    const limits = Object.hasOwn(integerDTypes, dtype) ? integerDTypes[dtype] : undefined;
    if (limits === undefined) {
      throw invalid(
        "randint",
        "dtype",
        `dtype "${dtype}" was given`,
        `it is one of ${Object.keys(integerDTypes).join(", ")}`,
      );
    }
    if (low >= high) throw invalid("randint", "range", `low = ${low} and high = ${high}`, "low must be below high");
    if (low < limits.low || high > limits.high) {
      const holds = `${dtype} holds ${limits.low} to ${limits.high - 1n}`;
      throw invalid("randint", "dtype", `the range ${low} to ${high - 1n} was given`, holds);
    }
    return boundedIntegers(this.#generator, low, high, count, dtype);
  }

  /** Puts the elements (of a list of rows: the rows) in a random order, in place (Fisher-Yates from the end). */
  shuffle<T>(values: { [index: number]: T; readonly length: number }): void {
    for (let i = values.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      const held = values[i] as T;
      values[i] = values[j] as T;
      values[j] = held;
    }
  }

  /** 0 … n−1 in a random order, or a shuffled copy of a list. */
  permutation(n: number): Int32Array;
  permutation<T>(values: readonly T[]): T[];
  permutation<T>(x: number | readonly T[]): Int32Array | T[] {
    if (typeof x === "number") {
      const order = Int32Array.from({ length: checkCount(x) }, (_, i) => i);
      this.shuffle(order);
      return order;
    }
    const copy = [...x];
    this.shuffle(copy);
    return copy;
  }

  /**
   * Picks positions out of 0 … n−1.
   * @throws InvalidArgumentError when more are asked for than there are, or p does not fit.
   */
  choice(n: number, options: ChoiceOptions & { readonly size: Size }): Tensor;
  choice(n: number, options?: ChoiceOptions): number;
  choice(n: number, options: ChoiceOptions = {}): number | Tensor {
    const { size, replace = true, p } = options;
    const items = checkCount(n);
    const shape = size === undefined ? [] : shapeOf(size);
    const count = sizeOf(shape);
    if (items === 0 && count > 0) throw invalid("choice", "empty", "there are no items", `${count} are to be picked`);
    if (!replace && count > items) {
      const received = `${count} items were asked for without replacement`;
      throw invalid("choice", "too-many", received, `there are ${items}`, "Ask for fewer, or pass replace: true.");
    }
    if (p !== undefined) checkProbabilities(p, items, count, replace);
    const picked = this.#pick(items, count, replace, p);
    return size === undefined ? (picked[0] as number) : new Tensor(Int32Array.from(picked), shape);
  }

  #pick(items: number, count: number, replace: boolean, p: readonly number[] | undefined): ArrayLike<number> {
    const double = () => this.double();
    if (p !== undefined) return (replace ? pickByProbability : pickDistinctByProbability)(p, count, double);
    return replace ? this.#draws(count, () => this.below(items)) : this.permutation(items).subarray(0, count);
  }

  /** Rows of normals with the given mean and covariance (symmetric, no negative eigenvalue): shape [...size, mean.length]. */
  multivariateNormal(mean: readonly number[], cov: readonly (readonly number[])[], size: Size = 1): Tensor {
    const n = mean.length;
    const factor = covarianceFactor(cov, n);
    const shape = [...shapeOf(size), n];
    const data = this.normals(sizeOf(shape));
    for (let row = 0; row < data.length; row += n) {
      const z = data.slice(row, row + n);
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let k = 0; k < n; k++) sum += (z[k] as number) * ((factor[k] as Float64Array)[j] as number);
        data[row + j] = sum + (mean[j] as number);
      }
    }
    return new Tensor(data, shape);
  }

  #draws(count: number, draw: () => number): Float64Array {
    const values = new Float64Array(checkCount(count));
    for (let i = 0; i < count; i++) values[i] = draw();
    return values;
  }

  #sized(size: Size | undefined, draw: () => number): number | Tensor {
    if (size === undefined) return draw();
    const shape = shapeOf(size);
    return new Tensor(this.#draws(sizeOf(shape), draw), shape);
  }
}

/** A stream from a seed, or the stream itself. */
export function toRandomState(value: RandomStateLike): RandomState {
  return value instanceof RandomState ? value : new RandomState(value);
}

function shapeOf(size: Size): readonly number[] {
  const shape = typeof size === "number" ? [size] : size;
  for (const dim of shape) checkCount(dim);
  return shape;
}

function checkCount(n: number): number {
  if (Number.isSafeInteger(n) && n >= 0) return n;
  throw invalid("size", "count", `${String(n)} was given as a count`, "it must be a whole number of 0 or more");
}

function notNegative(method: string, name: string, value: number): void {
  if (!(value >= 0)) throw invalid(method, name, `${name} is ${value}`, "it must be 0 or more");
}

function invalid(
  method: string,
  what: string,
  received: string,
  expected: string,
  hint?: string,
): InvalidArgumentError {
  return new InvalidArgumentError(`random-state/${method}-${what}`, {
    received,
    expected,
    hint: hint ?? `See the arguments of ${method}.`,
  });
}

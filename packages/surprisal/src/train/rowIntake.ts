/** Rows for a predictor: the checks of `takeX`, without making anything new when the same number of rows comes again. */
import { allocate, dtypeOf, type FloatDType, type TypedArray } from "../base/dtype.ts";
import { type Shape, sizeOf } from "../base/shape.ts";
import { type NestedArray, Tensor, type TensorLike, tensor } from "../base/tensor.ts";
import { takeX } from "./intake.ts";

/** Rows that passed the checks. The values are read before the next call, which may overwrite them. */
interface Taken {
  readonly values: TypedArray;
  readonly rows: number;
  /** One row came by itself, without an axis of rows. */
  readonly bare: boolean;
}

export class RowIntake {
  readonly #shape: Shape;
  readonly #width: number;
  readonly #dtype: FloatDType;
  readonly #taken: { values: TypedArray; rows: number; bare: boolean };
  readonly #row: TypedArray;
  #many: TypedArray;

  constructor(inputShape: Shape, dtype: FloatDType) {
    this.#shape = inputShape;
    this.#width = sizeOf(inputShape);
    this.#dtype = dtype;
    this.#row = allocate(dtype, this.#width);
    this.#many = this.#row;
    this.#taken = { values: this.#row, rows: 1, bare: false };
  }

  /** @throws ShapeError, DTypeError, DataError, as `takeX`. */
  take(x: TensorLike): Taken {
    return this.#fast(x) ?? this.#checked(x);
  }

  /** What fits as it is; undefined for all that needs a closer look, and for what is refused. */
  #fast(x: TensorLike): Taken | undefined {
    if (x instanceof Tensor) {
      const bare = this.#isRow(x.shape, 0);
      if (!bare && !this.#isRow(x.shape, 1)) return undefined;
      return this.#typed(x.data, bare ? 1 : (x.shape[0] as number), bare);
    }
    if (Array.isArray(x)) return this.#nested(x);
    return this.#isBareArray(x) ? this.#typed(x, 1, true) : undefined;
  }

  /** A flat typed array is one row; where a row is one number it is rows, as `predict` has it. */
  #isBareArray(x: TensorLike): x is TypedArray {
    return dtypeOf(x) !== undefined && this.#isRow([(x as TypedArray).length], 0);
  }

  /** Whether the shape, from an axis on, is that of a row. An axis of rows wins where both could be meant. */
  #isRow(shape: Shape, from: number): boolean {
    if (shape.length !== this.#shape.length + from) return false;
    if (from === 0 && this.#width === 1 && shape.length === 1) return false;
    for (let d = 0; d < this.#shape.length; d++) if (shape[d + from] !== this.#shape[d]) return false;
    return true;
  }

  #typed(values: TypedArray, rows: number, bare: boolean): Taken | undefined {
    const own = values.constructor === this.#row.constructor ? values : this.#room(values.length);
    if (own !== values) own.set(values);
    for (let i = 0; i < values.length; i++) if (!Number.isFinite(own[i])) return undefined;
    return this.#give(own, rows, bare);
  }

  #nested(x: readonly unknown[]): Taken | undefined {
    let depth = 1;
    for (let inner: unknown = x[0]; Array.isArray(inner); inner = inner[0]) depth++;
    const bare = depth === this.#shape.length && !(depth === 1 && this.#width === 1);
    if (!bare && depth !== this.#shape.length + 1) return undefined;
    const rows = bare ? 1 : x.length;
    const staging = this.#room(rows * this.#width);
    let at = 0;
    if (bare) at = this.#fill(x, 0, staging, 0);
    else for (let row = 0; row < rows && at >= 0; row++) at = this.#fill(x[row], 0, staging, at);
    return at < 0 ? undefined : this.#give(staging, rows, bare);
  }

  /** Copies a row's values; -1 when something else stands there than finite numbers in lists of the row's shape. */
  #fill(value: unknown, axis: number, out: TypedArray, at: number): number {
    if (!Array.isArray(value) || value.length !== this.#shape[axis]) return -1;
    let next = at;
    if (axis + 1 < this.#shape.length) {
      for (let i = 0; i < value.length && next >= 0; i++) next = this.#fill(value[i], axis + 1, out, next);
      return next;
    }
    for (let i = 0; i < value.length; i++, next++) {
      const number: unknown = value[i];
      if (typeof number !== "number") return -1;
      out[next] = number;
      if (!Number.isFinite(out[next])) return -1;
    }
    return next;
  }

  /** The longer way, which also says what is wrong. */
  #checked(x: TensorLike): Taken {
    const alone = this.#alone(x);
    const { values, rows } = takeX(alone ?? x, this.#shape, this.#dtype, true);
    return this.#give(values, rows, alone !== undefined);
  }

  /** A bare row as the only one of a table; undefined for all else. */
  #alone(x: TensorLike): TensorLike | undefined {
    if (x instanceof Tensor) return this.#isRow(x.shape, 0) ? x.reshape([1, ...x.shape]) : undefined;
    if (this.#isBareArray(x)) return tensor(x, { shape: [1, x.length] });
    const shape: number[] = [];
    for (let inner: unknown = x; Array.isArray(inner); inner = inner[0]) shape.push(inner.length);
    return this.#isRow(shape, 0) ? [x as NestedArray] : undefined;
  }

  /** For one row always the same array, so that it is as long as the row. */
  #room(length: number): TypedArray {
    if (length === this.#width) return this.#row;
    if (this.#many.length < length) this.#many = allocate(this.#dtype, length);
    return this.#many;
  }

  #give(values: TypedArray, rows: number, bare: boolean): Taken {
    this.#taken.values = values;
    this.#taken.rows = rows;
    this.#taken.bare = bare;
    return this.#taken;
  }
}

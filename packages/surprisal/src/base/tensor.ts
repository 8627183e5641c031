/** A dense row-major tensor: typed array and shape. Plain data, nothing to dispose. */
import { allocate, convert, type DType, dtypeOf, type TypedArray } from "./dtype.ts";
import { DTypeError, ShapeError } from "./errors.ts";
import { type Shape, showShape, sizeOf } from "./shape.ts";

/** Numbers or booleans in lists of lists, all of one length at each depth. */
export type NestedArray = number | boolean | readonly NestedArray[];
/** What public functions take for a tensor. */
export type TensorLike = Tensor | TypedArray | NestedArray;

/** Numbers with a shape: `{ data, shape, dtype }`, row-major. */
export class Tensor {
  readonly data: TypedArray;
  readonly shape: Shape;
  readonly dtype: DType;

  /** Wraps the data without a copy. `data.length` must be the product of `shape`. */
  constructor(data: TypedArray, shape: Shape) {
    const dtype = dtypeOf(data);
    if (dtype === undefined) {
      throw new DTypeError("tensor/unknown-array", {
        received: `the data is a ${Object.prototype.toString.call(data).slice(8, -1)}`,
        expected: "a Float32Array, Float64Array, Int32Array or Uint8Array (bool) is needed",
        hint: "Convert it first, e.g. Float32Array.from(values).",
      });
    }
    if (data.length !== sizeOf(shape) || shape.some((dim) => !Number.isInteger(dim) || dim < 0)) {
      throw new ShapeError("tensor/size-mismatch", {
        received: `${data.length} elements came with shape ${showShape(shape)}`,
        expected: `that shape holds ${sizeOf(shape)}`,
        hint: "Make the shape's product equal to the number of elements.",
      });
    }
    this.data = data;
    this.shape = Object.isFrozen(shape) ? shape : Object.freeze([...shape]);
    this.dtype = dtype;
  }

  get size(): number {
    return this.data.length;
  }

  get rank(): number {
    return this.shape.length;
  }

  /** The only element of a tensor of size 1. */
  item(): number {
    if (this.size !== 1) {
      throw new ShapeError("tensor/not-a-scalar", {
        received: `item() was called on a tensor of shape ${showShape(this.shape)}`,
        expected: "it reads the only element of a tensor of size 1",
        hint: "Use toArray() or data.",
      });
    }
    return this.data[0] as number;
  }

  /** Nested plain arrays; a number for the empty shape. */
  // biome-ignore lint/suspicious/noExplicitAny: the nesting depth is known only at run time
  toArray(): any {
    const build = (axis: number, offset: number, stride: number): unknown => {
      if (axis === this.rank) {
        const value = this.data[offset] as number;
        return this.dtype === "bool" ? value !== 0 : value;
      }
      const dim = this.shape[axis] as number;
      const inner = dim === 0 ? 0 : stride / dim;
      return Array.from({ length: dim }, (_, i) => build(axis + 1, offset + i * inner, inner));
    };
    return build(0, 0, this.size);
  }

  /** The same elements under another shape, without a copy. */
  reshape(shape: Shape): Tensor {
    return new Tensor(this.data, shape);
  }

  /** A copy in another dtype. */
  cast(dtype: DType): Tensor {
    return dtype === this.dtype ? this : new Tensor(convert(dtype, this.data), this.shape);
  }
}

/** What `tensor` takes besides the values. */
export interface TensorOptions {
  /** For flat data; nested arrays bring their own shape. */
  readonly shape?: Shape;
  /** Default: what the typed array holds; `float32` for numbers, `bool` for booleans. */
  readonly dtype?: DType;
}

/**
 * Makes a tensor from nested arrays, a typed array or another tensor.
 * @throws ShapeError for ragged arrays or a shape that does not fit; DTypeError for anything that is not a number.
 */
export function tensor(values: TensorLike, options: TensorOptions = {}): Tensor {
  const made = fromAny(values, options.dtype);
  const shaped = options.shape === undefined ? made : new Tensor(made.data, options.shape);
  return options.dtype === undefined ? shaped : shaped.cast(options.dtype);
}

function fromAny(values: TensorLike, dtype: DType | undefined): Tensor {
  if (values instanceof Tensor) return values;
  const held = dtypeOf(values);
  if (held !== undefined) return new Tensor(values as TypedArray, [(values as TypedArray).length]);
  const shape: number[] = [];
  for (let level: unknown = values; Array.isArray(level); level = level[0]) shape.push(level.length);
  const target = dtype ?? (holdsBooleans(values) ? "bool" : "float32");
  const data = allocate(target, sizeOf(shape));
  fill(values as NestedArray, shape, 0, data, 0, []);
  return new Tensor(data, shape);
}

function holdsBooleans(values: unknown): boolean {
  let first: unknown = values;
  while (Array.isArray(first)) first = first[0];
  return typeof first === "boolean";
}

function fill(value: NestedArray, shape: Shape, axis: number, out: TypedArray, at: number, path: number[]): number {
  const where = path.length === 0 ? "the top level" : `index ${showShape(path)}`;
  if (axis === shape.length) {
    if (typeof value !== "number" && typeof value !== "boolean") {
      if (Array.isArray(value)) throw ragged(where, "a list", "a number");
      throw new DTypeError("tensor/not-a-number", {
        received: `${where} holds ${value === null ? "null" : `a ${typeof value} (${JSON.stringify(value, plain)})`}`,
        expected: "every element must be a number or a boolean",
        hint: "Encode text with LabelEncoder or OneHotEncoder, and fill missing values with SimpleImputer.",
      });
    }
    out[at] = Number(value);
    return at + 1;
  }
  const dim = shape[axis] as number;
  if (!Array.isArray(value)) throw ragged(where, "a single element", `a list of ${dim}`);
  if (value.length !== dim) throw ragged(where, `a list of ${value.length}`, `a list of ${dim}`);
  let next = at;
  for (let i = 0; i < dim; i++) next = fill(value[i] as NestedArray, shape, axis + 1, out, next, [...path, i]);
  return next;
}

/** JSON has no bigint. */
const plain = (_: string, value: unknown) => (typeof value === "bigint" ? String(value) : value);

function ragged(where: string, got: string, wanted: string): ShapeError {
  return new ShapeError("tensor/ragged", {
    received: `${where} holds ${got}`,
    expected: `its first neighbour at that depth holds ${wanted}`,
    hint: "Give every row the same length.",
  });
}

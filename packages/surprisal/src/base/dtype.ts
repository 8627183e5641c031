/** Element types and the typed arrays that hold them. */

export type DType = "float32" | "float64" | "int32" | "bool";
/** The dtypes a model computes in. */
export type FloatDType = "float32" | "float64";

/** What a tensor's elements are stored in. `bool` is one byte an element, 0 or 1. */
export interface TypedArrays {
  float32: Float32Array;
  float64: Float64Array;
  int32: Int32Array;
  bool: Uint8Array;
}
/** What a tensor's elements are held in. */
export type TypedArray = TypedArrays[DType];

const constructors = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  bool: Uint8Array,
} as const;

/** A zero-filled array of `length` elements. */
export function allocate<D extends DType>(dtype: D, length: number): TypedArrays[D] {
  return new constructors[dtype](length) as TypedArrays[D];
}

/** Copies numbers into an array of that dtype (rounding to float32 where asked; nonzero becomes 1 for bool). */
export function convert<D extends DType>(dtype: D, values: ArrayLike<number>): TypedArrays[D] {
  if (dtype === "bool") return Uint8Array.from(values, (v) => (v === 0 ? 0 : 1)) as TypedArrays[D];
  return constructors[dtype].from(values) as TypedArrays[D];
}

export function isFloat(dtype: DType): dtype is FloatDType {
  return dtype === "float32" || dtype === "float64";
}

export function isDType(value: unknown): value is DType {
  return typeof value === "string" && Object.hasOwn(constructors, value);
}

/** The dtype a typed array holds, or undefined for one that no tensor uses. */
export function dtypeOf(array: unknown): DType | undefined {
  if (array instanceof Float32Array) return "float32";
  if (array instanceof Float64Array) return "float64";
  if (array instanceof Int32Array) return "int32";
  if (array instanceof Uint8Array) return "bool";
  return undefined;
}

/** Bytes per element as a tensor stores it. */
export function bytesPerElement(dtype: DType): number {
  return constructors[dtype].BYTES_PER_ELEMENT;
}

/** Rounds a float64 to the values of a dtype; the identity for float64. */
export function roundTo(dtype: DType, x: number): number {
  if (dtype === "float32") return Math.fround(x);
  if (dtype === "int32") return x | 0;
  if (dtype === "bool") return x === 0 ? 0 : 1;
  return x;
}

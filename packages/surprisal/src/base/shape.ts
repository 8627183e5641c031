/** Shapes and row-major index arithmetic. */
import { ShapeError } from "./errors.ts";

/** Sizes by axis, outermost first; `[]` for a single number. */
export type Shape = readonly number[];

/** Number of elements. The empty shape holds one. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const dim of shape) size *= dim;
  return size;
}

/** Row-major strides, in elements. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let d = shape.length - 1; d >= 0; d--) {
    strides[d] = stride;
    stride *= shape[d] as number;
  }
  return strides;
}

/** Offsets of every index of `sizes`, row-major: Σ index · stride, in elements. */
export function offsetsOf(sizes: Shape, strides: readonly number[]): number[] {
  let offsets = [0];
  sizes.forEach((size, d) => {
    const stride = strides[d] as number;
    offsets = offsets.flatMap((offset) => Array.from({ length: size }, (_, i) => offset + i * stride));
  });
  return offsets;
}

export function sameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let d = 0; d < a.length; d++) if (a[d] !== b[d]) return false;
  return true;
}

/** `[32, 20]`, as messages show it. */
export function showShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

/** The shape two operands broadcast to (NumPy's rule: aligned at the end, 1 stretches). */
export function broadcastShapes(a: Shape, b: Shape, what = "the operands"): number[] {
  const rank = Math.max(a.length, b.length);
  const out = new Array<number>(rank);
  for (let d = 0; d < rank; d++) {
    const x = a[a.length - rank + d] ?? 1;
    const y = b[b.length - rank + d] ?? 1;
    if (x !== y && x !== 1 && y !== 1) {
      throw new ShapeError("shape/not-broadcastable", {
        received: `${what} have shapes ${showShape(a)} and ${showShape(b)}`,
        expected: "dimensions aligned at the end must be equal or 1",
        hint: "Reshape one of them, or check which axis holds the rows.",
      });
    }
    out[d] = x === 1 ? y : x;
  }
  return out;
}

/** Turns a negative axis into a position and checks that it exists. */
export function normaliseAxis(axis: number, rank: number): number {
  const position = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(axis) || position < 0 || position >= rank) {
    throw new ShapeError("shape/no-such-axis", {
      received: `axis ${axis} was given`,
      expected: `the tensor has ${rank} ${rank === 1 ? "axis" : "axes"}`,
      hint: `Pass a whole number from ${-rank} to ${rank - 1}.`,
    });
  }
  return position;
}

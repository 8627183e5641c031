/** Ops that move elements without changing them. */
import { ShapeError } from "../../base/errors.ts";
import { type Shape, sameShape, showShape, sizeOf, stridesOf } from "../../base/shape.ts";
import type { Node, OpRecord } from "../node.ts";

/** Reads a source at row-major positions of `shape`, given the source's stride for each of its axes. */
function readStrided(source: Float64Array, shape: Shape, strides: readonly number[], offset = 0): Float64Array {
  const out = new Float64Array(sizeOf(shape));
  const index = new Array<number>(shape.length).fill(0);
  let at = offset;
  for (let i = 0; i < out.length; i++) {
    out[i] = source[at] as number;
    for (let d = shape.length - 1; d >= 0; d--) {
      at += strides[d] as number;
      if (++(index[d] as number) < (shape[d] as number)) break;
      at -= (shape[d] as number) * (strides[d] as number);
      index[d] = 0;
    }
  }
  return out;
}

function refuse(op: string, received: string, expected: string): ShapeError {
  return new ShapeError(`graph/${op}`, { received, expected, hint: "Check the shapes on both sides." });
}

export interface ReshapeAttributes {
  readonly shape: Shape;
}

export const reshape: OpRecord<ReshapeAttributes> = {
  name: "reshape",
  kind: "view",
  infer([x], { shape }) {
    const from = (x as Node).shape;
    if (sizeOf(from) !== sizeOf(shape)) {
      throw refuse(
        "reshape",
        `reshape from ${showShape(from)} to ${showShape(shape)}`,
        "both must hold the same number of elements",
      );
    }
    return { dtype: (x as Node).dtype, shape };
  },
  evaluate: (_, [x]) => x as Float64Array,
  gradient: (b, { inputs: [x] }, g) => [b.reshape(g, (x as Node).shape)],
};

export interface TransposeAttributes {
  /** Axis d of the result is axis permutation[d] of the operand. */
  readonly permutation: readonly number[];
}

export const transpose: OpRecord<TransposeAttributes> = {
  name: "transpose",
  kind: "view",
  infer([x], { permutation }) {
    const { shape, dtype } = x as Node;
    const sorted = [...permutation].sort((a, b) => a - b);
    if (sorted.length !== shape.length || sorted.some((axis, d) => axis !== d)) {
      throw refuse(
        "transpose",
        `the permutation ${showShape(permutation)}`,
        `it must name each axis of ${showShape(shape)} once`,
      );
    }
    return { dtype, shape: permutation.map((axis) => shape[axis] as number) };
  },
  evaluate({ inputs: [x], attrs, shape }, [values]) {
    const strides = stridesOf((x as Node).shape);
    return readStrided(
      values as Float64Array,
      shape,
      attrs.permutation.map((axis) => strides[axis] as number),
    );
  },
  gradient(b, { attrs }, g) {
    const inverse = attrs.permutation.map((_, d) => attrs.permutation.indexOf(d));
    return [b.transpose(g, inverse)];
  },
};

export interface BroadcastAttributes {
  readonly shape: Shape;
}

/** NumPy's broadcasting: axes are aligned at the end, new ones are added in front, ones stretch. */
export const broadcastTo: OpRecord<BroadcastAttributes> = {
  name: "broadcastTo",
  kind: "view",
  infer([x], { shape }) {
    const from = (x as Node).shape;
    const offset = shape.length - from.length;
    if (offset < 0 || from.some((dim, d) => dim !== 1 && dim !== shape[d + offset])) {
      throw refuse(
        "broadcast",
        `broadcasting ${showShape(from)} to ${showShape(shape)}`,
        "each axis must be equal or 1, aligned at the end",
      );
    }
    return { dtype: (x as Node).dtype, shape };
  },
  evaluate({ inputs: [x], shape }, [values]) {
    const from = (x as Node).shape;
    const strides = stridesOf(from);
    const offset = shape.length - from.length;
    return readStrided(
      values as Float64Array,
      shape,
      shape.map((_, d) => (d < offset || from[d - offset] === 1 ? 0 : (strides[d - offset] as number))),
    );
  },
  gradient(b, { inputs: [x], shape }, g) {
    const from = (x as Node).shape;
    const offset = shape.length - from.length;
    const axes = shape.map((_, d) => d).filter((d) => d < offset || (from[d - offset] === 1 && shape[d] !== 1));
    return [b.reshape(axes.length === 0 ? g : b.sum(g, axes, { keepDims: true }), from)];
  },
};

export interface SliceAttributes {
  readonly starts: readonly number[];
  readonly sizes: readonly number[];
  /** Every how many-th element is taken, by axis; each one when absent. */
  readonly steps?: readonly number[];
}

const allOnes = (steps: readonly number[]): boolean => steps.every((step) => step === 1);

/** Steps as an attribute, left out when they say nothing: one node, one identity. */
export const stepsAttribute = (steps: readonly number[] | undefined): { steps?: readonly number[] } =>
  steps === undefined || allOnes(steps) ? {} : { steps: [...steps] };

/** How far apart the first and the last of `size` elements are. */
const reach = (size: number, step: number | undefined): number => (size - 1) * (step ?? 1);

export const slice: OpRecord<SliceAttributes> = {
  name: "slice",
  kind: "view",
  infer([x], { starts, sizes, steps }) {
    const { shape, dtype } = x as Node;
    const fits = shape.every((dim, d) => {
      const [start, size] = [starts[d] ?? -1, sizes[d] ?? -1];
      return start >= 0 && (size === 0 ? start <= dim : size > 0 && start + reach(size, steps?.[d]) < dim);
    });
    const ranks = [starts, sizes, steps ?? starts].every((list) => list.length === shape.length);
    if (!fits || !ranks || steps?.some((step) => !(step >= 1))) {
      throw refuse(
        "slice",
        `a slice from ${showShape(starts)} of ${showShape(sizes)}${steps === undefined ? "" : ` in steps of ${showShape(steps)}`}`,
        `it must lie inside ${showShape(shape)}`,
      );
    }
    return { dtype, shape: sizes };
  },
  evaluate({ inputs: [x], attrs, shape }, [values]) {
    const strides = stridesOf((x as Node).shape);
    const offset = attrs.starts.reduce((at, start, d) => at + start * (strides[d] as number), 0);
    const steps = strides.map((stride, d) => stride * (attrs.steps?.[d] ?? 1));
    return readStrided(values as Float64Array, shape, steps, offset);
  },
  gradient(b, { inputs: [x], attrs: { starts, sizes, steps } }, g) {
    const { shape } = x as Node;
    // Nothing was read of an axis of which nothing was asked.
    if (sizes.some((size) => size === 0)) return [b.broadcastTo(b.constant(0, g.dtype), shape)];
    const after = shape.map((dim, d) => dim - (starts[d] as number) - reach(sizes[d] as number, steps?.[d]) - 1);
    return [b.pad(g, starts, after, 0, steps)];
  },
};

/** Writes a block into a larger array at an offset, along every axis, its elements `steps` apart. */
function writeBlock(
  out: Float64Array,
  shape: Shape,
  block: Float64Array,
  blockShape: Shape,
  at: readonly number[],
  steps?: readonly number[],
): void {
  const strides = stridesOf(shape);
  const inner = stridesOf(blockShape);
  for (let i = 0; i < block.length; i++) {
    let to = 0;
    for (let d = 0; d < shape.length; d++) {
      const index = Math.floor(i / (inner[d] as number)) % (blockShape[d] as number);
      to += (index * (steps?.[d] ?? 1) + (at[d] as number)) * (strides[d] as number);
    }
    out[to] = block[i] as number;
  }
}

export interface PadAttributes {
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly value: number;
  /** How far apart the operand's elements come to lie, by axis; side by side when absent. */
  readonly steps?: readonly number[];
}

export const pad: OpRecord<PadAttributes> = {
  name: "pad",
  kind: "indexed",
  infer([x], { before, after, steps }) {
    const { shape, dtype } = x as Node;
    const ranks = [before, after, steps ?? before].every((list) => list.length === shape.length);
    if (!ranks || [...before, ...after].some((n) => n < 0) || steps?.some((step) => !(step >= 1))) {
      throw refuse(
        "pad",
        `padding ${showShape(before)} before and ${showShape(after)} after`,
        `${showShape(shape)} needs one non-negative number an axis`,
      );
    }
    const spread = shape.map((dim, d) => (dim === 0 ? 0 : reach(dim, steps?.[d]) + 1));
    return { dtype, shape: spread.map((dim, d) => dim + (before[d] as number) + (after[d] as number)) };
  },
  evaluate({ inputs: [x], attrs, shape }, [values]) {
    const out = new Float64Array(sizeOf(shape)).fill(attrs.value);
    writeBlock(out, shape, values as Float64Array, (x as Node).shape, attrs.before, attrs.steps);
    return out;
  },
  gradient: (b, { inputs: [x], attrs }, g) => [b.slice(g, attrs.before, (x as Node).shape, attrs.steps)],
};

export interface ConcatAttributes {
  readonly axis: number;
}

export const concat: OpRecord<ConcatAttributes> = {
  name: "concat",
  kind: "indexed",
  infer(inputs, { axis }) {
    const first = inputs[0] as Node;
    const rest = (shape: Shape) => shape.filter((_, d) => d !== axis);
    if (inputs.some((x) => x.dtype !== first.dtype || !sameShape(rest(x.shape), rest(first.shape)))) {
      throw refuse(
        "concat",
        inputs.map((x) => `${x.dtype} ${showShape(x.shape)}`).join(" and "),
        `they may differ only along axis ${axis}`,
      );
    }
    const total = inputs.reduce((n, x) => n + (x.shape[axis] as number), 0);
    return { dtype: first.dtype, shape: first.shape.map((dim, d) => (d === axis ? total : dim)) };
  },
  evaluate({ inputs, attrs, shape }, values) {
    const out = new Float64Array(sizeOf(shape));
    let start = 0;
    inputs.forEach((x, i) => {
      writeBlock(
        out,
        shape,
        values[i] as Float64Array,
        x.shape,
        shape.map((_, d) => (d === attrs.axis ? start : 0)),
      );
      start += x.shape[attrs.axis] as number;
    });
    return out;
  },
  gradient(b, { inputs, attrs }, g) {
    let start = 0;
    return inputs.map((x) => {
      const part = b.slice(
        g,
        x.shape.map((_, d) => (d === attrs.axis ? start : 0)),
        x.shape,
      );
      start += x.shape[attrs.axis] as number;
      return part;
    });
  },
};

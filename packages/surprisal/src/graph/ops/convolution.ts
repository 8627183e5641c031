/**
 * Convolution over any number of spatial axes, channels last, and its gradient with respect to the kernel. Each is a matrix
 * product whose left operand lies in x overlapping itself; nothing is copied into patches. Their gradients are each other:
 * with respect to x, a convolution of the padded cotangent with the kernel turned around.
 */
import { ShapeError } from "../../base/errors.ts";
import { offsetsOf, type Shape, showShape, sizeOf, stridesOf } from "../../base/shape.ts";
import type { Build, Node, OpRecord, Walk } from "../node.ts";
import { requireDType, requireFloat } from "./record.ts";

/** How a window moves, by spatial axis. */
export interface Steps {
  /** From one position to the next. */
  readonly strides: readonly number[];
  /** From one element of the window to the next. */
  readonly dilation: readonly number[];
}

/** A window of so many elements, and how it moves. */
export interface Window extends Steps {
  readonly sizes: Shape;
}

/** Elements from the first to the last of a window, less one. */
const reachOf = ({ sizes, dilation }: Window): number[] => sizes.map((size, d) => (size - 1) * (dilation[d] as number));

/** How many positions a window has inside these sizes. */
export function positionsOf(spatial: Shape, window: Window): number[] {
  const reach = reachOf(window);
  return spatial.map((dim, d) =>
    Math.max(0, Math.floor((dim - (reach[d] as number) - 1) / (window.strides[d] as number)) + 1),
  );
}

export function requireWindow(op: string, x: Node, window: Window): void {
  const rank = x.shape.length - 2;
  const lists = [window.sizes, window.strides, window.dilation];
  const whole = lists.every((list) => list.length === rank && list.every((n) => Number.isSafeInteger(n) && n >= 1));
  const reach = reachOf(window);
  const fits = whole && rank >= 1 && reach.every((n, d) => n < (x.shape[d + 1] as number));
  if (fits) return;
  throw new ShapeError("graph/window", {
    received: `${op} was given ${showShape(x.shape)} and a window of ${showShape(window.sizes)}, strides ${showShape(window.strides)}, dilation ${showShape(window.dilation)}`,
    expected: "it takes [batch, …spatial, channels] and a window, one number for each spatial axis, that fits inside",
    hint: "Pad x first, or make the window smaller.",
  });
}

/** Where windows lie in x: their first elements by batch and position, and from there by element and channel. */
export function windowWalks(
  shape: Shape,
  strides: readonly number[],
  window: Window,
): Record<"positions" | "elements", Walk> {
  const spatial = strides.slice(1, -1);
  return {
    positions: {
      sizes: [shape[0] as number, ...positionsOf(shape.slice(1, -1), window)],
      strides: [strides[0] as number, ...spatial.map((stride, d) => stride * (window.strides[d] as number))],
    },
    elements: {
      sizes: [...window.sizes, shape.at(-1) as number],
      strides: [...spatial.map((stride, d) => stride * (window.dilation[d] as number)), strides.at(-1) as number],
    },
  };
}

/** out[i, j] = Σ_k x[rows[i] + inner[k]] · y[k, j], y row-major. */
function product(x: Float64Array, rowWalk: Walk, innerWalk: Walk, y: Float64Array): Float64Array {
  const [rows, inner] = [rowWalk, innerWalk].map(({ sizes, strides }) => offsetsOf(sizes, strides)) as [
    number[],
    number[],
  ];
  const columns = inner.length === 0 ? 0 : y.length / inner.length;
  const out = new Float64Array(rows.length * columns);
  rows.forEach((row, i) => {
    inner.forEach((offset, k) => {
      const value = x[row + offset] as number;
      for (let j = 0; j < columns; j++)
        out[i * columns + j] = (out[i * columns + j] as number) + value * (y[k * columns + j] as number);
    });
  });
  return out;
}

/** Whether windows hold one element and go to every one, so that positions are the elements themselves. */
const isPointwise = (sizes: Shape, { strides }: Steps): boolean =>
  sizes.every((size) => size === 1) && strides.every((stride) => stride === 1);

/** All but the last axis as one. */
const asMatrix = (b: Build, x: Node): Node => b.reshape(x, [sizeOf(x.shape.slice(0, -1)), x.shape.at(-1) as number]);

/** The gradient with respect to x: [batch, …spatial, channels], from the cotangent [batch, …positions, filters]. */
function inputGradient(b: Build, cotangent: Node, kernel: Node, shape: Shape, window: Window): Node {
  const reach = reachOf(window);
  const positions = cotangent.shape.slice(1, -1);
  // Elements behind the last window: no position reads them.
  const rest = positions.map(
    (count, d) => (shape[d + 1] as number) - (reach[d] as number) - 1 - (count - 1) * (window.strides[d] as number),
  );
  const padded = b.pad(cotangent, [0, ...reach, 0], [0, ...reach.map((n, d) => n + (rest[d] as number)), 0], 0, [
    1,
    ...window.strides,
    1,
  ]);
  const [channels, filters] = kernel.shape.slice(-2) as [number, number];
  const taps = sizeOf(window.sizes);
  const flat = b.reshape(kernel, [taps, channels, filters]);
  const backwards = b.constant(
    Array.from({ length: taps }, (_, i) => taps - 1 - i),
    "int32",
    [taps],
  );
  const turned = b.transpose(taps === 1 ? flat : b.gather(flat, backwards), [0, 2, 1]);
  return b.convolution(padded, b.reshape(turned, [...window.sizes, filters, channels]), { dilation: window.dilation });
}

/** Rows of the result are positions, [batch · positions, filters]: the builder gives them their shape back. */
export const convolution: OpRecord<Steps> = {
  name: "convolution",
  kind: "contraction",
  infer(inputs, steps) {
    const [x, kernel] = inputs as [Node, Node];
    requireFloat("convolution", x);
    requireDType("convolution", kernel, x.dtype);
    const window = { sizes: kernel.shape.slice(0, -2), ...steps };
    if (kernel.shape.length !== x.shape.length || kernel.shape.at(-2) !== x.shape.at(-1)) {
      throw new ShapeError("graph/convolution", {
        received: `convolution was given ${showShape(x.shape)} and a kernel of ${showShape(kernel.shape)}`,
        expected:
          "x is [batch, …spatial, channels] and the kernel [...sizes, channels, filters], of one number of channels",
        hint: "Check the number of channels, which come last.",
      });
    }
    requireWindow("convolution", x, window);
    const rows = (x.shape[0] as number) * sizeOf(positionsOf(x.shape.slice(1, -1), window));
    return { dtype: x.dtype, shape: [rows, kernel.shape.at(-1) as number] };
  },
  evaluate({ inputs: [x, kernel], attrs }, [values, weights]) {
    const { shape } = x as Node;
    const window = { sizes: (kernel as Node).shape.slice(0, -2), ...attrs };
    const { positions, elements } = windowWalks(shape, stridesOf(shape), window);
    return product(values as Float64Array, positions, elements, weights as Float64Array);
  },
  decompose(b, { inputs, attrs }) {
    const [x, kernel] = inputs as [Node, Node];
    if (!isPointwise(kernel.shape.slice(0, -2), attrs)) return undefined;
    return b.matmul(asMatrix(b, x), asMatrix(b, kernel));
  },
  indexMaps({ inputs: [x, kernel], attrs }, left, right) {
    const { shape } = kernel as Node;
    const { positions, elements } = windowWalks((x as Node).shape, left, { sizes: shape.slice(0, -2), ...attrs });
    return {
      rows: positions,
      inner: elements,
      right: { sizes: shape.slice(0, -1), strides: right.slice(0, -1) },
      columnStride: right.at(-1) as number,
    };
  },
  gradient(b, { inputs, attrs, shape }, g) {
    const [x, kernel] = inputs as [Node, Node];
    const window = { sizes: kernel.shape.slice(0, -2), ...attrs };
    const positions = positionsOf(x.shape.slice(1, -1), window);
    const cotangent = b.reshape(g, [x.shape[0] as number, ...positions, shape[1] as number]);
    return [
      inputGradient(b, cotangent, kernel, x.shape, window),
      b.convolutionKernel(x, cotangent, window.sizes, attrs),
    ];
  },
};

/** Rows of the result are elements of the window, [sizes · channels, filters]. */
export const convolutionKernel: OpRecord<Window> = {
  name: "convolutionKernel",
  kind: "contraction",
  infer(inputs, window) {
    const [x, cotangent] = inputs as [Node, Node];
    requireFloat("convolutionKernel", x);
    requireDType("convolutionKernel", cotangent, x.dtype);
    requireWindow("convolutionKernel", x, window);
    const expected = [x.shape[0], ...positionsOf(x.shape.slice(1, -1), window)];
    if (expected.join() !== cotangent.shape.slice(0, -1).join()) {
      throw new ShapeError("graph/convolution", {
        received: `convolutionKernel was given a cotangent of ${showShape(cotangent.shape)}`,
        expected: `it needs one row of filters for each of the positions ${showShape(expected as number[])}`,
        hint: "Check the strides and the size of the window.",
      });
    }
    return {
      dtype: x.dtype,
      shape: [sizeOf(window.sizes) * (x.shape.at(-1) as number), cotangent.shape.at(-1) as number],
    };
  },
  evaluate({ inputs: [x], attrs }, [values, cotangents]) {
    const { shape } = x as Node;
    const { positions, elements } = windowWalks(shape, stridesOf(shape), attrs);
    return product(values as Float64Array, elements, positions, cotangents as Float64Array);
  },
  decompose(b, { inputs, attrs }) {
    const [x, cotangent] = inputs as [Node, Node];
    if (!isPointwise(attrs.sizes, attrs)) return undefined;
    return b.matmul(asMatrix(b, x), asMatrix(b, cotangent), { transposeA: true });
  },
  indexMaps({ inputs: [x, cotangent], attrs }, left, right) {
    const { positions, elements } = windowWalks((x as Node).shape, left, attrs);
    return {
      rows: elements,
      inner: positions,
      right: { sizes: (cotangent as Node).shape.slice(0, -1), strides: right.slice(0, -1) },
      columnStride: right.at(-1) as number,
    };
  },
  gradient(b, { inputs, attrs: window, shape }, g) {
    const [x, cotangent] = inputs as [Node, Node];
    const kernel = b.reshape(g, [...window.sizes, x.shape.at(-1) as number, shape[1] as number]);
    const { strides, dilation } = window;
    return [inputGradient(b, cotangent, kernel, x.shape, window), b.convolution(x, kernel, { strides, dilation })];
  },
};

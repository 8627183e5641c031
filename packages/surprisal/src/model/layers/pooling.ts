/** Pooling layers: one number for each window and channel, or for a whole channel. */
import { choice, flag } from "../../base/parameters.ts";
import { type Shape, sizeOf } from "../../base/shape.ts";
import { constant, div, max, mean, type Node, reshape, transpose, windowMax, windowSum } from "../../graph/index.ts";
import { defineLayer } from "./define.ts";
import {
  optionalPerAxis,
  padded,
  paddingOf,
  perAxis,
  requireSpatial,
  spatialPositions,
  type WindowConfig,
} from "./spatial.ts";

export function poolingParameters(axes: number) {
  return {
    poolSize: perAxis(axes, "the size of the window", 2),
    strides: optionalPerAxis(axes, "how far the window moves; by default as far as it is large"),
    padding: choice(["valid", "same"], "valid", "whether windows may reach beyond a row"),
  };
}

interface Pooling {
  readonly poolSize: readonly number[];
  readonly strides: readonly number[] | undefined;
  readonly padding: "valid" | "same";
}

const windowOf = ({ poolSize, strides, padding }: Pooling): WindowConfig => ({
  sizes: poolSize,
  strides: strides ?? poolSize,
  padding,
});

type Pool = (x: Node, window: WindowConfig) => Node;

/** What lies outside a row is never the largest. */
export const largest: Pool = (x, window) => windowMax(padded(x, window, -Infinity), window.sizes, window.strides);

/** What lies outside a row does not count. */
export const average: Pool = (x, window) => {
  const sums = windowSum(padded(x, window), window.sizes, window.strides);
  const counts = countsOf(x.shape.slice(1, -1), sums.shape.slice(1, -1), window);
  const [first] = counts as [number];
  if (counts.every((count) => count === first)) return div(sums, first);
  return div(sums, constant(counts, x.dtype, [1, ...sums.shape.slice(1, -1), 1]));
};

/** How many elements of each window lie inside, by position, row-major. */
function countsOf(spatial: Shape, positions: Shape, window: WindowConfig): number[] {
  return positions.reduce<number[]>(
    (counts, along, d) => {
      const size = spatial[d] as number;
      const [before] = paddingOf(size, window, d);
      const here = Array.from({ length: along }, (_, p) => {
        const start = p * (window.strides[d] as number) - before;
        return Math.min(size, start + (window.sizes[d] as number)) - Math.max(0, start);
      });
      return counts.flatMap((count) => here.map((n) => count * n));
    },
    [1],
  );
}

export function definePooling(type: string, axes: number, pool: Pool) {
  return defineLayer({
    type,
    parameters: poolingParameters(axes),
    outputShape(inputShape, c) {
      requireSpatial(type, inputShape, axes);
      return [...spatialPositions(type, inputShape, windowOf(c)), inputShape.at(-1) as number];
    },
    apply: (_, x, __, c) => ({ output: pool(x, windowOf(c)) }),
  });
}

export const globalPoolingParameters = { keepdims: flag(false, "keep the spatial axes, each of size 1") };

/** The largest of each channel: x [batch, cells, channels]. The first of equal ones takes the gradient. */
export const largestOfAll = (x: Node): Node => max(transpose(x, [0, 2, 1]));
/** The mean of each channel. */
export const meanOfAll = (x: Node): Node => mean(x, [1]);

export function defineGlobalPooling(type: string, axes: number, pool: (x: Node) => Node) {
  return defineLayer({
    type,
    parameters: globalPoolingParameters,
    outputShape(inputShape, { keepdims }) {
      requireSpatial(type, inputShape, axes);
      const channels = inputShape.at(-1) as number;
      return keepdims ? [...inputShape.slice(0, -1).map(() => 1), channels] : [channels];
    },
    apply(_, x, __, { keepdims }) {
      const [batch, channels] = [x.shape[0] as number, x.shape.at(-1) as number];
      const pooled = pool(reshape(x, [batch, sizeOf(x.shape.slice(1, -1)), channels]));
      return { output: keepdims ? reshape(pooled, [batch, ...x.shape.slice(1, -1).map(() => 1), channels]) : pooled };
    },
  });
}

/** Sums and largest elements over windows of x [batch, …spatial, channels]: what pooling is made of. */
import { offsetsOf, type Shape, sizeOf, stridesOf } from "../../base/shape.ts";
import type { Build, Node, OpRecord } from "../node.ts";
import { positionsOf, requireWindow, windowWalks } from "./convolution.ts";
import { CompensatedSum, requireFloat } from "./record.ts";

export interface WindowAttributes {
  readonly sizes: Shape;
  readonly strides: Shape;
}

const solid = ({ sizes, strides }: WindowAttributes) => ({ sizes, strides, dilation: sizes.map(() => 1) });

function infer(name: string, x: Node, attrs: WindowAttributes): Shape {
  requireFloat(name, x);
  const window = solid(attrs);
  requireWindow(name, x, window);
  return [x.shape[0] as number, ...positionsOf(x.shape.slice(1, -1), window), x.shape.at(-1) as number];
}

/** One number for each window: `f` sees its elements in row-major order. */
function evaluateWindows(
  { inputs: [x], attrs }: Node<WindowAttributes>,
  values: Float64Array,
  f: (elements: Float64Array) => number,
): Float64Array {
  const { shape } = x as Node;
  const channels = shape.at(-1) as number;
  // A window of one channel: offsets of the others are one after another.
  const strides = stridesOf(shape);
  const walks = windowWalks([...shape.slice(0, -1), 1], strides, solid(attrs));
  const [positions, elements] = [walks.positions, walks.elements].map((walk) =>
    offsetsOf(walk.sizes, walk.strides),
  ) as [number[], number[]];
  const out = new Float64Array(positions.length * channels);
  const seen = new Float64Array(elements.length);
  positions.forEach((position, p) => {
    for (let c = 0; c < channels; c++) {
      elements.forEach((offset, k) => {
        seen[k] = values[position + c + offset] as number;
      });
      out[p * channels + c] = f(seen);
    }
  });
  return out;
}

/** For each element of the window, row-major, x as it lies there at every position. */
function taps(b: Build, x: Node, { sizes, strides }: WindowAttributes, positions: Shape): Node[] {
  const within = stridesOf(sizes);
  return Array.from({ length: sizeOf(sizes) }, (_, tap) =>
    b.slice(
      x,
      [0, ...sizes.map((size, d) => Math.floor(tap / (within[d] as number)) % size), 0],
      [x.shape[0] as number, ...positions, x.shape.at(-1) as number],
      [1, ...strides, 1],
    ),
  );
}

const tapsOf = (b: Build, node: Node<WindowAttributes>): Node[] =>
  taps(b, node.inputs[0] as Node, node.attrs, node.shape.slice(1, -1));

/**
 * Gives what belongs to windows back to the elements they were made from: `each(values, tap)` for every window and tap, added
 * up where windows overlap. `values` are arrays of the windows' shape, with what stands for "no window".
 */
function spread(
  b: Build,
  x: Node,
  { sizes, strides }: WindowAttributes,
  windows: readonly { readonly node: Node; readonly none: number }[],
  each: (values: readonly Node[], tap: Node) => Node,
): Node {
  const { shape } = x;
  const [batch, channels] = [shape[0] as number, shape.at(-1) as number];
  const positions = (windows[0] as { node: Node }).node.shape.slice(1, -1);
  const within = stridesOf(sizes);
  if (sizes.every((size, d) => size === strides[d])) {
    // No two windows overlap: each element looks up its own.
    const apart = [batch, ...positions.flatMap((count) => [count, 1]), channels];
    const whole = [batch, ...positions.flatMap((count, d) => [count, sizes[d] as number]), channels];
    const tap = sizes
      .map((_, d) => b.mul(b.iota(2 * d + 2, whole), b.constant(within[d] as number, "int32")))
      .reduce((sum, term) => b.add(sum, term));
    const values = windows.map(({ node }) => b.broadcastTo(b.reshape(node, apart), whole));
    const covered = positions.map((count, d) => count * (sizes[d] as number));
    const given = b.reshape(each(values, tap), [batch, ...covered, channels]);
    const rest = covered.map((count, d) => (shape[d + 1] as number) - count);
    return rest.every((n) => n === 0) ? given : b.pad(given, [0, ...rest.map(() => 0), 0], [0, ...rest, 0]);
  }
  // Windows strides apart, and "none" between and around them: then each tap is a block of the size of x.
  const reach = sizes.map((size) => size - 1);
  const rest = positions.map(
    (count, d) => (shape[d + 1] as number) - (reach[d] as number) - 1 - (count - 1) * (strides[d] as number),
  );
  const after = reach.map((n, d) => n + (rest[d] as number));
  const padded = windows.map(({ node, none }) =>
    b.pad(node, [0, ...reach, 0], [0, ...after, 0], none, [1, ...strides, 1]),
  );
  const ones = { sizes, strides: sizes.map(() => 1) };
  const blocks = padded.map((node) => taps(b, node, ones, shape.slice(1, -1)).reverse());
  return (blocks[0] as Node[])
    .map((block, tap) =>
      each(
        blocks.map((list) => list[tap] as Node),
        b.constant(tap, "int32", block.shape),
      ),
    )
    .reduce((sum, part) => b.add(sum, part));
}

export const windowSum: OpRecord<WindowAttributes> = {
  name: "windowSum",
  kind: "composite",
  infer: ([x], attrs) => ({ dtype: (x as Node).dtype, shape: infer("windowSum", x as Node, attrs) }),
  evaluate: (node, [x]) =>
    evaluateWindows(node, x as Float64Array, (elements) => {
      const sum = new CompensatedSum();
      for (const element of elements) sum.add(element);
      return sum.value;
    }),
  decompose: (b, node) => tapsOf(b, node).reduce((sum, tap) => b.add(sum, tap)),
  gradient: (b, { inputs: [x], attrs }, g) => [
    spread(b, x as Node, attrs, [{ node: g, none: 0 }], ([cotangent]) => cotangent as Node),
  ],
};

/** Position of the largest: the first among equals, and NaN counts as largest. */
function largest(elements: Float64Array): number {
  let at = 0;
  for (let i = 1; i < elements.length; i++) {
    const [value, best] = [elements[i] as number, elements[at] as number];
    if (value > best || (Number.isNaN(value) && !Number.isNaN(best))) at = i;
  }
  return at;
}

/** The largest element of each window. The first of equal ones takes the gradient. */
export const windowMax: OpRecord<WindowAttributes> = {
  name: "windowMax",
  kind: "composite",
  infer: ([x], attrs) => ({ dtype: (x as Node).dtype, shape: infer("windowMax", x as Node, attrs) }),
  evaluate: (node, [x]) =>
    evaluateWindows(node, x as Float64Array, (elements) => elements[largest(elements)] as number),
  decompose: (b, node) => tapsOf(b, node).reduce((best, tap) => b.maximum(best, tap)),
  gradient(b, { inputs: [x], attrs }, g) {
    const windows = [
      { node: g, none: 0 },
      { node: b.windowArgmax(x as Node, attrs.sizes, attrs.strides), none: -1 },
    ];
    return [
      spread(b, x as Node, attrs, windows, ([cotangent, first], tap) => b.where(b.equal(first!, tap), cotangent!, 0)),
    ];
  },
};

/** Its place in the window, row-major, int32. */
export const windowArgmax: OpRecord<WindowAttributes> = {
  name: "windowArgmax",
  kind: "composite",
  infer: ([x], attrs) => ({ dtype: "int32", shape: infer("windowArgmax", x as Node, attrs) }),
  evaluate: (node, [x]) => evaluateWindows(node, x as Float64Array, largest),
  decompose(b, node) {
    const [first, ...others] = tapsOf(b, node) as [Node, ...Node[]];
    let best = first;
    let at = b.constant(0, "int32", node.shape);
    others.forEach((tap, i) => {
      const isNumber = b.equal(best, best);
      // Larger, or the first that is no number.
      const later = b.and(isNumber, b.not(b.lessEqual(tap, best)));
      at = b.where(later, b.constant(i + 1, "int32", node.shape), at);
      best = b.maximum(best, tap);
    });
    return at;
  },
  gradient: () => [undefined],
};

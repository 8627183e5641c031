/** What layers with windows share: a number for each spatial axis, how a row is padded, and what shape comes out. */
import { ShapeError } from "../../base/errors.ts";
import { kebab, type Parameter, type Place, refuseOption } from "../../base/parameters.ts";
import { type Shape, showShape } from "../../base/shape.ts";
import { type Node, pad } from "../../graph/index.ts";

/** One number for all spatial axes, or a list of one for each. */
export type PerAxis = number | readonly number[];

function readPerAxis(axes: number, value: unknown, place: Place): readonly number[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : new Array<unknown>(axes).fill(value);
  if (list.length !== axes || !list.every((n) => Number.isSafeInteger(n) && (n as number) >= 1)) {
    const several = axes === 1 ? "" : `, or a list of ${axes} of them`;
    const example = axes === 1 ? "3" : `3, or [${"3, ".repeat(axes - 1)}2]`;
    throw refuseOption(place, value, `a whole number of at least 1${several} is needed`, `For example ${example}.`);
  }
  return Object.freeze([...list]) as readonly number[];
}

const plain = (list: readonly number[] | undefined): unknown => list && [...list];

/** A number for each spatial axis; must be given where there is no fallback. */
export function perAxis(axes: number, about: string, fallback?: number): Parameter<readonly number[], PerAxis> {
  return {
    about,
    required: fallback === undefined,
    fallback: new Array<number>(axes).fill(fallback ?? Number.NaN),
    read: (value, place) => readPerAxis(axes, value, place),
    write: plain,
  };
}

/** The same, or nothing. */
export function optionalPerAxis(axes: number, about: string): Parameter<readonly number[] | undefined, PerAxis | null> {
  return {
    about,
    required: false,
    fallback: undefined,
    read: (value, place) => (value === null ? undefined : readPerAxis(axes, value, place)),
    write: plain,
  };
}

/** valid: windows lie inside. same: as many positions as ⌈size / stride⌉. causal: a position sees itself and what is before. */
export type Padding = "valid" | "same" | "causal";

export interface WindowConfig {
  readonly sizes: readonly number[];
  readonly strides: readonly number[];
  readonly dilation?: readonly number[];
  readonly padding: Padding;
}

/** Elements from the first to the last of a window. */
const extentOf = ({ sizes, dilation }: WindowConfig, d: number): number =>
  ((sizes[d] as number) - 1) * (dilation?.[d] ?? 1) + 1;

/** How many elements are put before and after an axis. The odd one goes to the end. */
export function paddingOf(size: number, window: WindowConfig, d: number): readonly [before: number, after: number] {
  const extent = extentOf(window, d);
  if (window.padding === "valid") return [0, 0];
  if (window.padding === "causal") return [extent - 1, 0];
  const stride = window.strides[d] as number;
  const total = Math.max(0, (Math.ceil(size / stride) - 1) * stride + extent - size);
  return [Math.floor(total / 2), total - Math.floor(total / 2)];
}

/** x [batch, …spatial, channels] with as many elements around as the padding asks for. */
export function padded(x: Node, window: WindowConfig, value = 0): Node {
  const around = x.shape.slice(1, -1).map((size, d) => paddingOf(size, window, d));
  return pad(x, [0, ...around.map(([before]) => before), 0], [0, ...around.map(([, after]) => after), 0], value);
}

/**
 * Refuses rows that are not [...spatial, channels].
 * @throws ShapeError
 */
export function requireSpatial(type: string, inputShape: Shape, axes: number): void {
  if (inputShape.length === axes + 1) return;
  const example = ["steps, channels", "height, width, channels", "depth, height, width, channels"][axes - 1] as string;
  throw new ShapeError(`${kebab(type)}/rank`, {
    received: `${type} was given rows of shape ${showShape(inputShape)}`,
    expected: `it takes rows of [${example}]`,
    hint:
      inputShape.length === axes
        ? `For one channel add an axis of 1: inputShape [${[...inputShape, 1].join(", ")}].`
        : "Channels come last; reshape the rows.",
  });
}

/**
 * Positions along each spatial axis.
 * @throws ShapeError when not one window fits.
 */
export function spatialPositions(type: string, inputShape: Shape, window: WindowConfig): number[] {
  return inputShape.slice(0, -1).map((size, d) => {
    const [before, after] = paddingOf(size, window, d);
    const positions = Math.floor((size + before + after - extentOf(window, d)) / (window.strides[d] as number)) + 1;
    if (positions >= 1) return positions;
    throw new ShapeError(`${kebab(type)}/too-small`, {
      received: `${type} with a window over ${extentOf(window, d)} elements was given rows of shape ${showShape(inputShape)}`,
      expected: `axis ${d} holds ${size}, so that not one window fits`,
      hint: `Use a smaller window, or padding "same".`,
    });
  });
}

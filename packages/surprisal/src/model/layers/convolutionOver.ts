/** Convolution layers over so many spatial axes: everything but the name. */
import { InvalidArgumentError } from "../../base/errors.ts";
import { choice, kebab, number, requiredNumber } from "../../base/parameters.ts";
import { type Shape, sizeOf } from "../../base/shape.ts";
import { add, concat, convolution, type Node, reshape, slice } from "../../graph/index.ts";
import { defineLayer, shapeAfter } from "./define.ts";
import { activated, kernelAndBias, kernelAndBiasWeights } from "./kernelAndBias.ts";
import { type Padding, padded, perAxis, requireSpatial, spatialPositions, type WindowConfig } from "./spatial.ts";

export function convolutionParameters<P extends Padding>(axes: number, paddings: readonly P[]) {
  return {
    filters: requiredNumber("the number of output channels", { integer: true, min: 1 }),
    kernelSize: perAxis(axes, "the size of the window"),
    strides: perAxis(axes, "how far the window moves", 1),
    padding: choice(paddings, "valid" as P, "what stands around a row"),
    dilationRate: perAxis(axes, "how far apart the elements of the window are", 1),
    groups: number(1, "groups of channels, each convolved with filters of its own", { integer: true, min: 1 }),
    ...kernelAndBias("output channel"),
  };
}

interface Convolution {
  readonly kernelSize: readonly number[];
  readonly strides: readonly number[];
  readonly dilationRate: readonly number[];
  readonly padding: Padding;
}

const windowOf = (c: Convolution): WindowConfig => ({
  sizes: c.kernelSize,
  strides: c.strides,
  dilation: c.dilationRate,
  padding: c.padding,
});

/** Part `group` of `groups` along the last axis. */
function share(x: Node, group: number, groups: number): Node {
  const size = (x.shape.at(-1) as number) / groups;
  return slice(x, [...x.shape.slice(0, -1).map(() => 0), group * size], [...x.shape.slice(0, -1), size]);
}

function checkGroups(type: string, channels: number, filters: number, groups: number): void {
  if (channels % groups === 0 && filters % groups === 0) return;
  throw new InvalidArgumentError(`${kebab(type)}/groups`, {
    received: `${groups} groups were asked for, of ${channels} channels and ${filters} filters`,
    expected: "both must divide into that many equal groups",
    hint: "Choose groups that divide the channels, and filters that are a multiple of groups.",
  });
}

export function defineConvolution<const P extends Padding>(type: string, axes: number, paddings: readonly P[]) {
  const parameters = convolutionParameters(axes, paddings);
  return defineLayer({
    type,
    parameters,
    outputShape(inputShape: Shape, c) {
      requireSpatial(type, inputShape, axes);
      checkGroups(type, inputShape.at(-1) as number, c.filters, c.groups);
      return shapeAfter(c.activation, [...spatialPositions(type, inputShape, windowOf(c)), c.filters]);
    },
    weights(inputShape, c) {
      const channels = (inputShape.at(-1) as number) / c.groups;
      return kernelAndBiasWeights([...c.kernelSize, channels, c.filters], c);
    },
    activation: ({ activation }) => activation,
    apply(_, x, { kernel, bias }, c) {
      const around = padded(x, windowOf(c));
      const by = { strides: c.strides, dilation: c.dilationRate };
      const parts = Array.from({ length: c.groups }, (_, group) =>
        convolution(share(around, group, c.groups), share(kernel!, group, c.groups), by),
      );
      const filtered = concat(parts, -1);
      // The bias is added to rows of filters, as the product has them.
      const rows = reshape(filtered, [sizeOf(filtered.shape.slice(0, -1)), c.filters]);
      const sums = bias === undefined ? rows : add(rows, bias);
      return activated(x, reshape(sums, filtered.shape), c);
    },
  });
}

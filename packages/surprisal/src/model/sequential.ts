/** Layers in a row: shapes worked out, weights named, and the graph of one batch. */
import { InvalidArgumentError, ShapeError } from "../base/errors.ts";
import { showValue } from "../base/parameters.ts";
import { type Shape, sameShape, showShape } from "../base/shape.ts";
import { ThreefryStream } from "../base/threefry.ts";
import { add, cast, type Node } from "../graph/index.ts";
import type { LayerSpec, Network, NetworkWeight, OutputActivation } from "./contract.ts";
import { uniqueNames } from "./names.ts";
import { inPlace } from "./place.ts";
import { summaryTable } from "./summary.ts";

/** A layer in its place. */
interface BuiltLayer {
  readonly spec: LayerSpec;
  readonly name: string;
  readonly outputShape: Shape;
  readonly weights: readonly NetworkWeight[];
}

/** Streams of random numbers that one layer may use in a step. */
const streamsPerLayer = 256;

/**
 * Builds a network from layers. The first one says the shape of a row, by `inputShape` or as `layers.input([20])`.
 * @throws InvalidArgumentError for a list that is empty or holds something else than layers, a missing `inputShape`, two layers
 * of one name, or an activation that would be constant (softmax of one unit); ShapeError where a layer does not fit what
 * comes before it. Each names the layer.
 */
export function buildNetwork(layers: readonly LayerSpec[]): Network {
  checkLayers(layers);
  const names = uniqueNames(layers);
  const inputShape = inputShapeOf(layers[0] as LayerSpec, names[0] as string);

  let shape = inputShape;
  const built = layers.map((spec, i): BuiltLayer => {
    const name = names[i] as string;
    const place = `layer "${name}"`;
    const stated = spec.config.inputShape;
    if (stated !== undefined && !sameShape(stated, shape)) {
      throw new ShapeError("sequential/input-shape", {
        received: `${place} states inputShape ${showShape(stated)}`,
        expected: `rows of shape ${showShape(shape)} come from the layer before it`,
        hint: "Leave inputShape out: only the first layer needs it.",
      });
    }
    // The output's shape first: it is what checks the input's.
    const outputShape = inPlace(place, () => spec.layerType.outputShape(shape, spec.config));
    const weights = inPlace(place, () => spec.layerType.weights(shape, spec.config)).map((weight) =>
      Object.freeze({ ...weight, path: `${name}/${weight.name}` }),
    );
    shape = outputShape;
    return { spec, name, outputShape, weights };
  });
  return Object.freeze(networkOf(inputShape, built));
}

/** A factory that was not called has a layer type too, but no configuration. */
function isLayer(entry: unknown): entry is LayerSpec {
  const { layerType, config } = (typeof entry === "object" && entry !== null ? entry : {}) as Partial<LayerSpec>;
  return typeof layerType?.apply === "function" && typeof config === "object" && config !== null;
}

function checkLayers(layers: readonly LayerSpec[]): void {
  const list: readonly unknown[] = Array.isArray(layers) ? layers : [];
  const strange = list.findIndex((entry) => !isLayer(entry));
  if (!Array.isArray(layers) || strange >= 0) {
    throw new InvalidArgumentError("sequential/not-a-layer", {
      received: strange >= 0 ? `entry ${strange} is ${showValue(list[strange])}` : `layers is ${showValue(layers)}`,
      expected: "a list of layers is needed",
      hint: "Make them with layers.dense(…) and its neighbours.",
    });
  }
  if (layers.every(({ layerType }) => layerType.placeholder)) {
    throw new InvalidArgumentError("sequential/no-layers", {
      received: layers.length === 0 ? "no layers were given" : "only inputs were given",
      expected: "a network needs at least one layer that computes something",
      hint: "For example layers.dense(1, { inputShape: [20] }).",
    });
  }
}

function inputShapeOf(first: LayerSpec, name: string): Shape {
  const shape = first.config.inputShape;
  if (shape !== undefined) return shape;
  throw new InvalidArgumentError("sequential/no-input-shape", {
    received: `layer "${name}" comes first and has no inputShape`,
    expected: "the shape of one row must be known to make the weights",
    hint: "Pass inputShape: [20] (for 20 features) to it, or put layers.input([20]) in front.",
  });
}

function networkOf(inputShape: Shape, built: readonly BuiltLayer[]): Network {
  const weights = built.flatMap((layer) => layer.weights);
  const last = built.at(-1) as BuiltLayer;
  return {
    inputShape,
    outputShape: last.outputShape,
    outputActivations: outputActivations(built),
    weights,

    forward(x, values, { training, dtype, random, onLayer }) {
      const [, ...row] = x.shape;
      if (x.shape.length === 0 || !sameShape(row, inputShape)) {
        throw new ShapeError("network/input", {
          received: `x has shape ${showShape(x.shape)}`,
          expected: `the network takes a batch of rows of shape ${showShape(inputShape)}`,
          hint: `Pass [rows, ${inputShape.join(", ")}].`,
        });
      }
      const updates = new Map<NetworkWeight, Node>();
      const penalties: Node[] = [];
      let output = x;
      built.forEach((layer, index) => {
        const { layerType, config } = layer.spec;
        let uses = 0;
        const context = {
          training,
          dtype,
          random(shape: Shape): Node {
            if (random === undefined) throw needsRandom(layer.name);
            // From 256 on: the small streams of a seed belong to the first values of weights.
            return random((index + 1) * streamsPerLayer + uses++, shape);
          },
        };
        const own = Object.fromEntries(layer.weights.map((weight) => [weight.name, nodeOf(weight, values)]));
        const operand = layerType.takesIndices ? output : cast(output, dtype);
        const result = inPlace(`layer "${layer.name}"`, () => layerType.apply(context, operand, own, config));
        output = result.output;
        onLayer?.(layer.name, output);
        penalties.push(...(result.penalties ?? []));
        for (const weight of layer.weights) {
          const update = result.updates?.[weight.name];
          if (update !== undefined) updates.set(weight, update);
        }
      });
      return { output, updates, penalties };
    },

    weightPenalty(values) {
      const parts = weights.flatMap((weight) => weight.regularizer?.penalty(nodeOf(weight, values)) ?? []);
      return parts.length === 0 ? undefined : parts.reduce((sum, part) => add(sum, part));
    },

    initialise: (seed) =>
      weights.map((weight, index) =>
        inPlace(`weight "${weight.path}"`, () =>
          weight.initializer.generate(weight.shape, new ThreefryStream(seed, index)),
        ),
      ),

    toConfig: () =>
      built.map(({ spec, name }) => ({
        type: spec.layerType.type,
        // The name first, whether the layer had it or was given it: the order of keys shows in files.
        config: Object.assign({ name }, spec.layerType.toConfig(spec.config), { name }),
      })),

    summary: () =>
      summaryTable(
        built
          .filter(({ spec }) => !spec.layerType.placeholder)
          .map(({ spec, name, outputShape, weights: own }) => ({
            name,
            type: spec.layerType.type,
            outputShape,
            weights: own,
          })),
      ),
  };
}

/** From the end to the layer that sums with weights, or to one of which nothing is known. */
function outputActivations(built: readonly BuiltLayer[]): OutputActivation[] {
  const found: OutputActivation[] = [];
  for (const { spec, name } of built.toReversed()) {
    const { passesOn, activatesInput, activation } = spec.layerType;
    if (activation !== undefined) found.unshift({ layer: name, activation: activation(spec.config) });
    if (passesOn !== true && activatesInput !== true) break;
  }
  return found;
}

function nodeOf(weight: NetworkWeight, values: ReadonlyMap<NetworkWeight, Node>): Node {
  const value = values.get(weight);
  if (value !== undefined) return value;
  throw new InvalidArgumentError("network/missing-weight", {
    received: `no value was given for the weight "${weight.path}"`,
    expected: "the graph needs all of them",
    hint: "Pass a node for each entry of network.weights.",
  });
}

function needsRandom(name: string): InvalidArgumentError {
  return new InvalidArgumentError("network/no-random", {
    received: `layer "${name}" draws random numbers in training, and none were provided`,
    expected: "forward needs `random` when training is true",
    hint: "Pass random: (stream, shape) => randomUniform(seed, step, stream, dtype, shape).",
  });
}

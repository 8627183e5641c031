/** What every layer type shares: the options `name` and `inputShape`, reading, writing, weights with their extras. */

import { InvalidArgumentError } from "../../base/errors.ts";
import {
  kebab,
  type OptionsOf,
  type Parameter,
  type Parameters,
  readOptions,
  refuseOption,
  type ValuesOf,
  writeOptions,
} from "../../base/parameters.ts";
import type { Shape } from "../../base/shape.ts";
import type { Node } from "../../graph/index.ts";
import type {
  Activation,
  ApplyContext,
  Constraint,
  Initializer,
  LayerResult,
  LayerSpec,
  LayerType,
  Regularizer,
  WeightSpec,
} from "../contract.ts";

/** A list of sizes, all known. */
function sizes(about: string): Parameter<Shape | undefined, Shape> {
  return {
    about,
    required: false,
    fallback: undefined,
    read(value, place) {
      if (!Array.isArray(value) || value.some((dim) => !Number.isSafeInteger(dim) || dim < 1)) {
        throw refuseOption(
          place,
          value,
          "a list of sizes is needed, each at least 1",
          "Leave out the batch axis: [20], or [28, 28, 1].",
        );
      }
      return Object.freeze([...value]) as Shape;
    },
    write: (shape) => [...(shape as Shape)],
  };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: names go into paths and printed tables
const badName = /[/\u0000-\u001f\u007f]/;

const layerName: Parameter<string | undefined, string> = {
  about: "what the layer is called; unique in the network",
  required: false,
  fallback: undefined,
  read(value, place) {
    if (typeof value !== "string" || value === "" || value.length > 200 || badName.test(value)) {
      throw refuseOption(
        place,
        value,
        "a name of 1 to 200 characters without a slash is needed",
        `Use a word such as "hidden".`,
      );
    }
    return value;
  },
  write: (name) => name,
};

const common = { name: layerName, inputShape: sizes("sizes of one row, on the first layer") };
type Common = typeof common;

/** Options a user may give besides the positional ones. */
export type LayerOptions<P extends Parameters, Given extends keyof P = never> = OptionsOf<P, Given> & OptionsOf<Common>;

interface LayerDefinition<P extends Parameters> {
  readonly type: string;
  readonly placeholder?: boolean;
  readonly takesIndices?: boolean;
  readonly passesOn?: boolean;
  readonly activatesInput?: boolean;
  readonly parameters: P;
  outputShape(inputShape: Shape, config: ValuesOf<P>): Shape;
  weights?(inputShape: Shape, config: ValuesOf<P>): readonly WeightSpec[];
  activation?(config: ValuesOf<P>): Activation;
  apply(context: ApplyContext, x: Node, weights: Readonly<Record<string, Node>>, config: ValuesOf<P>): LayerResult;
}

/** Completes a definition to a layer type. */
export function defineLayer<const P extends Parameters>(
  definition: LayerDefinition<P>,
): LayerType<ValuesOf<P> & ValuesOf<Common>> {
  const parameters = { ...definition.parameters, ...common };
  return {
    ...definition,
    parse: (options) =>
      Object.freeze(readOptions(definition.type, parameters, options)) as ValuesOf<P> & ValuesOf<Common>,
    toConfig: (config) => writeOptions(parameters, config as ValuesOf<P & Common>),
    weights: (inputShape, config) => definition.weights?.(inputShape, config) ?? [],
  };
}

/** A layer as the user's factories return it; positional arguments win over options of that name. */
export function layer(layerType: LayerType, positional: object, options: object): LayerSpec {
  const merged =
    typeof options === "object" && options !== null && !Array.isArray(options)
      ? { ...options, ...positional }
      : options;
  // parse refuses what is no object.
  return Object.freeze({ layerType, config: layerType.parse(merged as Readonly<Record<string, unknown>>) });
}

/** The factory with its layer type, by which files and the registry find it. */
export function withType<F extends (...args: never[]) => LayerSpec>(layerType: LayerType, factory: F) {
  return Object.assign(factory, { layerType });
}

interface WeightExtras {
  readonly regularizer?: Regularizer | undefined;
  readonly constraint?: Constraint | undefined;
  readonly trainable?: boolean;
}

/** A weight, trainable unless said otherwise. */
export function weight(name: string, shape: Shape, initializer: Initializer, extras: WeightExtras = {}): WeightSpec {
  const { regularizer, constraint, trainable = true } = extras;
  return {
    name,
    shape,
    initializer,
    trainable,
    ...(regularizer !== undefined && { regularizer }),
    ...(constraint !== undefined && { constraint }),
  };
}

/**
 * The shape after an activation.
 * @throws InvalidArgumentError when it would be constant on so few units, such as softmax of one.
 */
export function shapeAfter(activation: Activation, shape: Shape): Shape {
  const units = shape.at(-1) ?? 1;
  if (units < (activation.minimumUnits ?? 0)) {
    throw new InvalidArgumentError(`${kebab(activation.name)}/too-few-units`, {
      received: `${activation.name} was asked for on ${units} ${units === 1 ? "unit" : "units"}`,
      expected: `it divides 1 among at least ${activation.minimumUnits}; on one it is constant and nothing can learn`,
      hint: `For two classes use one unit with activation "sigmoid", or two units; for more, one unit a class.`,
    });
  }
  return activation.outputShape?.(shape) ?? shape;
}

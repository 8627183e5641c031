/** What a layer type declares, and what a network gives the trainer. */
import type { FloatDType } from "../base/dtype.ts";
import type { Shape } from "../base/shape.ts";
import type { Node } from "../graph/index.ts";

/** How a named part is written down: enough to make it again. */
export interface NamedConfig {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** What numbers a function gives, whatever it is given. */
export interface OutputRange {
  /** No result is below this one … */
  readonly low: number;
  /** … or above this one; results come as near to both as one likes. Infinite where there is no bound. */
  readonly high: number;
  /** That the numbers along the last axis are one distribution (they sum to 1), or the logarithms of one. */
  readonly rows?: "distribution" | "logDistribution";
}

/** What a layer does to its result. */
export interface Activation {
  readonly name: string;
  readonly output: OutputRange;
  apply(x: Node): Node;
  /** The shape of the result, batch axis left out; absent when it is the operand's. */
  outputShape?(shape: Shape): Shape;
  /** Fewer units than this make it constant (softmax of one unit is 1), which a layer refuses. */
  readonly minimumUnits?: number;
  toConfig(): NamedConfig;
}

/** Fills a weight. `random` gives uniform numbers in [0, 1) from the model's seed. */
export interface Initializer {
  readonly name: string;
  generate(shape: Shape, random: { uniform(): number }): Float64Array;
  toConfig(): NamedConfig;
}

/** A penalty on a tensor, as a scalar node. */
export interface Regularizer {
  readonly name: string;
  penalty(x: Node): Node;
  toConfig(): NamedConfig;
}

/** A projection that follows every update of a weight. */
export interface Constraint {
  readonly name: string;
  project(weight: Node): Node;
  toConfig(): NamedConfig;
}

export interface WeightSpec {
  /** Keras's name within the layer: `kernel`, `bias`, `gamma`, `movingMean` … */
  readonly name: string;
  readonly shape: Shape;
  readonly initializer: Initializer;
  readonly trainable: boolean;
  readonly regularizer?: Regularizer;
  readonly constraint?: Constraint;
}

export interface ApplyContext {
  readonly training: boolean;
  readonly dtype: FloatDType;
  /** Uniform numbers in [0, 1), fresh at every training step; the same for the same seed, layer and step. */
  random(shape: Shape): Node;
}

export interface LayerResult {
  readonly output: Node;
  /** New values of non-trainable weights, by name (batch statistics). */
  readonly updates?: Readonly<Record<string, Node>>;
  /** Scalar penalties on activities, already divided by the batch's rows. */
  readonly penalties?: readonly Node[];
}

/** A layer type: one file declares one. Shapes leave out the batch axis. */
export interface LayerType<C extends object = object> {
  readonly type: string;
  /** Stands for the input only: it computes nothing and is not listed. */
  readonly placeholder?: boolean;
  /** Takes class or token indices as they come (int32, or whole numbers); other layers get the network's dtype. */
  readonly takesIndices?: boolean;
  /** Gives on what it gets, as far as predictions go: the numbers stay what they mean. */
  readonly passesOn?: boolean;
  /** Checks options and fills defaults; throws typed errors. Takes what a user wrote and what `toConfig` gave. */
  parse(options: Readonly<Record<string, unknown>>): C;
  toConfig(config: C): Readonly<Record<string, unknown>>;
  outputShape(inputShape: Shape, config: C): Shape;
  weights(inputShape: Shape, config: C): readonly WeightSpec[];
  /** What it does last to its result, after a weighted sum of its own or (`activatesInput`) to the input itself. */
  activation?(config: C): Activation;
  /** Has no weighted sum: the activation is all it does. */
  readonly activatesInput?: boolean;
  apply(context: ApplyContext, x: Node, weights: Readonly<Record<string, Node>>, config: C): LayerResult;
}

/** What `layers.dense(…)` returns: plain, immutable. */
export interface LayerSpec {
  // biome-ignore lint/suspicious/noExplicitAny: a list of layers mixes configurations
  readonly layerType: LayerType<any>;
  readonly config: object & { readonly name?: string; readonly inputShape?: Shape };
}

/** A weight of a built network. */
export interface NetworkWeight extends WeightSpec {
  /** Unique in the network: `dense_1/kernel`. */
  readonly path: string;
}

/** An activation with the name of the layer that applies it. */
export interface OutputActivation {
  readonly layer: string;
  readonly activation: Activation;
}

/** A built network: layers with known shapes, no values. */
export interface Network {
  readonly inputShape: Shape;
  readonly outputShape: Shape;
  /**
   * The activations that made the output what it is, in the order they are applied, after the last weighted sum: one for a dense layer,
   * two for a dense layer with an activation layer behind it. Empty where what stands last has none.
   */
  readonly outputActivations: readonly OutputActivation[];
  /** In Keras's order: layer by layer, as `getWeights` gives them. */
  readonly weights: readonly NetworkWeight[];
  /** The graph of one batch. `random` is needed only when training. */
  forward(
    x: Node,
    weights: ReadonlyMap<NetworkWeight, Node>,
    mode: {
      training: boolean;
      dtype: FloatDType;
      random?: (stream: number, shape: Shape) => Node;
      /** Told each layer's name and output, in order: how the trainer finds the layer in which a number went wrong. */
      onLayer?: (name: string, output: Node) => void;
    },
  ): { output: Node; updates: ReadonlyMap<NetworkWeight, Node>; penalties: readonly Node[] };
  /** Sum of the weight penalties, or undefined when there are none. */
  weightPenalty(weights: ReadonlyMap<NetworkWeight, Node>): Node | undefined;
  /** Initial values, in the order of `weights`. */
  initialise(seed: number): Float64Array[];
  toConfig(): readonly { readonly type: string; readonly config: Readonly<Record<string, unknown>> }[];
  /** The table that `summary()` prints. */
  summary(): string;
}

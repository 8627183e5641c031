/**
 * `defineArrayLoss`: a loss of several arrays, such as a mean and a variance, or of arrays with axes of their own, such as sequences
 * with lengths. As with `defineLoss` the definition holds the value and no gradient.
 */
import type { FloatDType } from "../base/dtype.ts";
import { ShapeError } from "../base/errors.ts";
import { type Shape, sameShape, showShape } from "../base/shape.ts";
import type { Tensor } from "../base/tensor.ts";
import { cast, equal, mean, type Node, not, reshape, where } from "../graph/index.ts";
import {
  type Arguments,
  type ArrayInputs,
  type ArraySpec,
  type Arrays,
  byName,
  type DataOf,
  domainOf,
  isOne,
  type NodesOf,
} from "./arrays.ts";
import { AxisLengths, beginWith } from "./axes.ts";
import { callable, configured, type Evaluated, type Kind, type LossOptions, readSettings } from "./configured.ts";
import type { Loss, LossGraph } from "./contract.ts";
import type { LossDescription } from "./definition.ts";
import type { DataOptions } from "./evaluate.ts";
import type { Params, ParamValues } from "./params.ts";
import { nodesOf, type Parts, partsOf, shapesOf, valuesOf } from "./parts.ts";
import { type ArrayEvaluable, checkArray, lossShapes, poseArrays } from "./poseArrays.ts";
import { type Reduction, reduceLosses } from "./reduce.ts";
import { alignSamples, overEntries, requireLosses } from "./samples.ts";

/** Exact in tests, shown in documentation. */
export interface ArrayExample<T extends Arguments, Y extends Arguments, X extends Arrays> {
  readonly yTrue: DataOf<T>;
  readonly yPred: DataOf<Y>;
  /** Parameters and further inputs. */
  readonly options?: Readonly<Record<string, unknown>> & Partial<DataOf<X>>;
  /** The value by the default reduction. */
  readonly loss: number;
}

/** What `defineArrayLoss` takes: everything there is to know of a loss of several arrays. */
export interface ArrayLossDefinition<
  P extends Params,
  T extends Arguments,
  Y extends Exclude<Arguments, undefined>,
  X extends Arrays,
> extends LossDescription<P> {
  /** Left out by a loss without targets. */
  readonly yTrue?: T;
  readonly yPred: Y;
  /** Constants beside targets and predictions, given as options of `evaluate`. */
  readonly inputs?: X;
  /** Axes of the unreduced losses; `""` for one value of the whole batch. */
  readonly losses: string | ((params: ParamValues<P>) => string);
  /** Whether the unreduced losses are averaged over the last of those axes, where there are two or more. */
  readonly average?: true;
  /** Whether a sample's loss depends on the other samples: those that do not count by themselves then still stand beside the others. */
  readonly together?: true;
  /** The label that is left out; yTrue must be one array with the axes of the losses. */
  ignored?(params: ParamValues<P>): number | undefined;
  /** The unreduced loss: the only maths that ships. Class numbers are int32. */
  value(yTrue: NodesOf<T>, yPred: NodesOf<Y>, params: ParamValues<P>, inputs: NodesOf<X>): Node;
  /** The unreduced losses of a batch by the textbook's formula, one after another, written independently of `value`. */
  // biome-ignore lint/suspicious/noExplicitAny: nested lists of any depth
  textbook?(yTrue: any, yPred: any, params: ParamValues<P>, inputs: any): number[];
  readonly examples?: readonly ArrayExample<T, Y, X>[];
}

type Gradient<Y extends Arguments> = Y extends Arrays ? { readonly [K in keyof Y]: Tensor } : Tensor;
/** What its `evaluate` takes besides targets and predictions. */
export type ArrayEvaluateOptions<P extends Params, X extends Arrays> = LossOptions<P> & DataOptions & DataOf<X>;

/** A configured loss of several arrays. A model trains with it when its one output can be cut into them (see `parts.ts`). */
export interface ConfiguredArrayLoss<
  P extends Params,
  T extends Arguments,
  Y extends Exclude<Arguments, undefined>,
  X extends Arrays,
> extends Loss,
    Evaluated<DataOf<T>, DataOf<Y>, ArrayEvaluateOptions<P, X>, Gradient<Y>> {
  readonly definition: ArrayLossDefinition<P, T, Y, X>;
  readonly params: ParamValues<P>;
  /** The arrays as nodes by name, or one node that is cut into them; further inputs under `arrays`. */
  graph(yTrue: NodesOf<T> | Node | undefined, yPred: NodesOf<Y> | Node, inputs?: ArrayInputs): LossGraph;
  readonly reduction: Reduction;
}

/** A loss of several arrays by its defaults, and called with options a configured one. */
export interface ArrayLossFunction<
  P extends Params,
  T extends Arguments,
  Y extends Exclude<Arguments, undefined>,
  X extends Arrays,
> extends ConfiguredArrayLoss<P, T, Y, X> {
  (options?: LossOptions<P>): ConfiguredArrayLoss<P, T, Y, X>;
  readonly name: string;
}

/** Makes a loss of several arrays from its definition. */
export function defineArrayLoss<
  const P extends Params = Record<never, never>,
  const T extends Arguments = undefined,
  const Y extends Exclude<Arguments, undefined> = Exclude<Arguments, undefined>,
  const X extends Arrays = Record<never, never>,
>(definition: ArrayLossDefinition<P, T, Y, X>): ArrayLossFunction<P, T, Y, X> {
  // biome-ignore lint/suspicious/noExplicitAny: inside, arrays are looked up by name
  const any = definition as unknown as AnyDefinition<any>;
  const configure = (options: LossOptions<P>) => configured(any, kindOf(any, options)) as object;
  return callable(configure) as unknown as ArrayLossFunction<P, T, Y, X>;
}

type AnyDefinition<P extends Params> = ArrayLossDefinition<P, Arguments, Exclude<Arguments, undefined>, Arrays>;
type Nodes = Parts<Node>;
type AnyValue = (yTrue: unknown, yPred: unknown, params: unknown, inputs: unknown) => Node;

function kindOf<P extends Params>(
  definition: AnyDefinition<P>,
  options: LossOptions<P>,
  // biome-ignore lint/suspicious/noExplicitAny: typed by what defineArrayLoss returns
): Kind<P, any, any, any> {
  const { name } = definition;
  const settings = readSettings(definition, options);
  const { params, resolved } = settings;
  const specs = { yTrue: byName(definition.yTrue, "yTrue"), yPred: byName(definition.yPred, "yPred") };
  const inputs = definition.inputs ?? {};
  const lossAxes = typeof definition.losses === "function" ? definition.losses(params) : definition.losses;
  const ignored = definition.ignored?.(params);
  const given = (spec: Arguments, nodes: Nodes) => (isOne(spec) ? Object.values(nodes)[0] : nodes);

  const unreduced = (yTrue: Nodes, yPred: Nodes, extra: Nodes, shape: Shape): Node => {
    const value = definition.value as unknown as AnyValue;
    const values = value(given(definition.yTrue, yTrue), given(definition.yPred, yPred), params, extra);
    if (!sameShape(values.shape, shape)) throw wrongShape(name, values.shape, shape);
    return definition.average && shape.length > 1 ? mean(values, [-1]) : values;
  };

  const graph = (target: Node | Nodes | undefined, prediction: Node | Nodes, beside: ArrayInputs = {}): LossGraph => {
    const lengths = new AxisLengths(name);
    const aligned = (arrays: Arrays, nodes: Nodes): Nodes =>
      Object.fromEntries(
        Object.entries(nodes).map(([what, node]) => {
          const spec = arrays[what] as ArraySpec;
          // Columns that are cut out of a model's targets are floats, whatever they count.
          const index = domainOf(spec, params).index === true;
          return [what, reshape(index ? cast(node, "int32") : node, lengths.match(what, spec.axes, node.shape))];
        }),
      );
    const yPred = aligned(specs.yPred, nodesOf(name, specs.yPred, prediction, "yPred"));
    const yTrue = aligned(specs.yTrue, target === undefined ? {} : nodesOf(name, specs.yTrue, target, "yTrue"));
    const extra = aligned(inputs, partsOf(name, inputs, beside.arrays ?? {}, "inputs"));
    const { full, lossShape } = lossShapes(lengths, evaluable);
    requireLosses(name, lossAxes, beside);
    const predicted = Object.values(yPred);
    const valid = ignored === undefined ? undefined : not(equal(yTrue.yTrue as Node, ignored));
    const dtype = (predicted[0] as Node).dtype as FloatDType;
    const { sampleWeight, active, counts } = alignSamples(beside, lossShape, dtype, valid);
    /** Predictions that do not count are replaced before the loss sees them, so that their NaN reaches no gradient. */
    const losses = (chosen: Node | undefined): Node => {
      if (chosen === undefined || definition.together) return unreduced(yTrue, yPred, extra, full);
      const kept = Object.entries(yPred).map(([what, node]) => {
        const { axes, harmless = 0.5 } = specs.yPred[what] as ArraySpec;
        if (!beginWith(axes, lossAxes)) return [what, node];
        return [what, where(overEntries(chosen, node.shape), node, harmless)];
      });
      return unreduced(yTrue, Object.fromEntries(kept), extra, full);
    };
    const perSample = valid === undefined ? losses(undefined) : where(valid, losses(valid), 0);
    const counted = counts === valid ? perSample : losses(counts);
    return { perSample, ...reduceLosses(resolved, { losses: counted, sampleWeight, active, predicted }) };
  };

  const evaluable: ArrayEvaluable = {
    name,
    specs: { ...specs, inputs },
    losses: lossAxes,
    average: definition.average === true,
    one: isOne(definition.yPred),
    params,
    ignored,
    reduction: resolved,
    graph,
  };

  /** The lengths of axes that a model's output has. */
  const lengthsOf = (yPredShape: Shape): AxisLengths => {
    const lengths = new AxisLengths(name);
    for (const [what, shape] of Object.entries(shapesOf(name, specs.yPred, yPredShape, "yPred"))) {
      lengths.match(what, (specs.yPred[what] as ArraySpec).axes, shape);
    }
    return lengths;
  };

  const { yTrue: target } = definition;
  return {
    settings,
    inputs: Object.keys(inputs),
    loss: {
      targets: isOne(target) && domainOf(target, params).index === true ? "classIndex" : "real",
      graph: graph as Loss["graph"],
      alignTargets(yTrueShape, yPredShape) {
        const lengths = lengthsOf(yPredShape);
        return isOne(target) ? lengths.match("yTrue", target.axes, yTrueShape) : yTrueShape;
      },
      checkTargets(yTrue, yTrueShape, yPredShape) {
        const lengths = lengthsOf(yPredShape);
        const values = valuesOf(specs.yTrue, yTrue, yTrueShape);
        for (const [what, shape] of Object.entries(shapesOf(name, specs.yTrue, yTrueShape, "yTrue"))) {
          const spec = specs.yTrue[what] as ArraySpec;
          const at = lengths.match(what, spec.axes, shape);
          checkArray(evaluable, what, spec, values[what] as ArrayLike<number>, at, lengths, undefined);
        }
      },
    },
    pose: (yTrue, yPred, data) => poseArrays(evaluable, yTrue, yPred, data),
    again: (changed) => kindOf(definition, { ...options, ...changed }),
  };
}

function wrongShape(name: string, got: Shape, wanted: Shape): ShapeError {
  return new ShapeError("loss/value-shape", {
    received: `the value of ${name} has shape ${showShape(got)}`,
    expected: `by its definition it must have shape ${showShape(wanted)}`,
    hint: "Return the unreduced losses, with the axes that the definition's losses names.",
  });
}

/**
 * `defineLoss`: one definition, from which everything else follows. No gradient is written anywhere: the graph of the value is
 * stabilised, then differentiated. Weights, masks and reduction are not the definition's business either (reduce.ts).
 */
import { InvalidArgumentError, ShapeError } from "../base/errors.ts";
import { type Shape, sameShape, showShape } from "../base/shape.ts";
import type { TensorLike } from "../base/tensor.ts";
import { and, broadcastTo, cast, equal, mean, type Node, not, reshape, where } from "../graph/index.ts";
import type { Loss, LossGraph, LossInputs, TargetKind } from "./contract.ts";
import type { LossDefinition } from "./definition.ts";
import { alignTargets, alignWeights, checkDomain, type Domain, logits, real } from "./domain.ts";
import {
  type DataOptions,
  type Evaluable,
  type EvaluationDevice,
  evaluateLoss,
  evaluateLossOn,
  type LossResult,
} from "./evaluate.ts";
import { type Params, type ParamValues, readParams } from "./params.ts";
import { type Reduction, reduceLosses, resolveReduction } from "./reduce.ts";

/** What a loss is configured with: its own parameters, and how it is reduced. */
export type LossOptions<P extends Params> = { readonly [K in keyof P]?: ParamValues<P>[K] } & {
  /** Default "sumOverBatchSize". */
  readonly reduction?: Reduction;
};
/** What a loss's `evaluate` takes besides targets and predictions. */
export type EvaluateOptions<P extends Params> = LossOptions<P> & DataOptions;

/** A configured loss, which can also be evaluated on plain data. */
export interface ConfiguredLoss<P extends Params = Params> extends Loss {
  readonly definition: LossDefinition<P>;
  readonly params: ParamValues<P>;
  readonly reduction: Reduction;
  /**
   * Value, per-sample losses and gradient on plain data (nested arrays, typed arrays, tensors), computed in float64 and rounded
   * once to `dtype`. Options override those the loss was configured with.
   * @throws ShapeError, DataError (row and value), UnknownNameError, InvalidArgumentError.
   */
  evaluate(yTrue: TensorLike, yPred: TensorLike, options?: EvaluateOptions<P>): LossResult;
  /** The same graph on a device, in its arithmetic. */
  evaluateOn(
    device: EvaluationDevice,
    yTrue: TensorLike,
    yPred: TensorLike,
    options?: EvaluateOptions<P>,
  ): Promise<LossResult>;
}

/** A loss by its defaults, and called with options a configured one. */
export interface LossFunction<P extends Params = Params> extends ConfiguredLoss<P> {
  (options?: LossOptions<P>): ConfiguredLoss<P>;
  readonly name: string;
}

/** Options of `evaluate` that say something of the data, not of the loss; no parameter may bear their names. */
export const dataOptions = ["sampleWeight", "mask", "classMask", "dtype", "arithmetic"] as const;

/**
 * Makes a loss from its definition. Only `name` and `value` are needed; a definition without domains takes finite targets
 * and any predictions, and its values are averaged over the last axis.
 */
export function defineLoss<const P extends Params = Record<never, never>>(
  definition: LossDefinition<P>,
): LossFunction<P> {
  const make = (options: LossOptions<P> = {}) => configure(definition, options);
  const defaults = configure(definition, {});
  const members = Object.getOwnPropertyDescriptors(defaults);
  return Object.defineProperties(make, { ...members, length: { value: 0 } }) as unknown as LossFunction<P>;
}

function configure<P extends Params>(definition: LossDefinition<P>, options: LossOptions<P>): ConfiguredLoss<P> {
  const { name } = definition;
  const params = readParams(name, definition.params ?? ({} as P), options, ["reduction"]);
  definition.checkParams?.(params);
  const reduction = options.reduction ?? "sumOverBatchSize";
  const resolved = resolveReduction(reduction, definition.means);
  const domain = (given: Domain | ((params: ParamValues<P>) => Domain) | undefined, otherwise: Domain) =>
    typeof given === "function" ? given(params) : (given ?? otherwise);
  const yTrueDomain = domain(definition.yTrue, real);
  const overClasses = definition.axis === "class";
  const ignored = definition.ignored?.(params);
  const index = yTrueDomain.index === true;
  const targets: TargetKind = index ? "classIndex" : "real";

  /** The unreduced losses, 0 where the label is ignored. */
  const unreduced = (yTrue: Node, yPred: Node, inputs: LossInputs): Node => {
    const { classMask } = inputs;
    if (classMask !== undefined && definition.usesClassMask !== true) throw noClassMask(name);
    const extra = classMask === undefined ? {} : { classMask: broadcastTo(classMask, yPred.shape) };
    const values = definition.value(yTrue, yPred, params, extra);
    const wanted = overClasses ? yPred.shape.slice(0, -1) : yPred.shape;
    if (!sameShape(values.shape, wanted)) throw wrongShape(name, values.shape, wanted, overClasses);
    return overClasses || values.shape.length < 2 ? values : mean(values, [-1]);
  };

  const graph = (target: Node, yPred: Node, inputs: LossInputs = {}): LossGraph => {
    const yTrue = reshape(target, alignTargets(name, target.shape, yPred.shape, index));
    const lossShape = overClasses || yPred.shape.length > 1 ? yPred.shape.slice(0, -1) : yPred.shape;
    const aligned = (what: "sampleWeight" | "mask") => {
      const given = inputs[what];
      return given && broadcastTo(reshape(given, alignWeights(what, given.shape, lossShape)), lossShape);
    };
    const mask = aligned("mask");
    const weight = aligned("sampleWeight");
    const sampleWeight = weight && cast(weight, yPred.dtype);
    const valid = ignored === undefined ? undefined : not(equal(yTrue, ignored));
    /** Predictions that do not count are replaced before the loss sees them, so that their NaN reaches no gradient. */
    const losses = (counts: Node | undefined): Node => {
      if (counts === undefined) return unreduced(yTrue, yPred, inputs);
      const ones = yPred.shape.length - lossShape.length;
      const chosen = broadcastTo(reshape(counts, [...lossShape, ...new Array<number>(ones).fill(1)]), yPred.shape);
      return unreduced(yTrue, where(chosen, yPred, definition.harmless ?? 0.5), inputs);
    };
    const perSample = valid === undefined ? losses(undefined) : where(valid, losses(valid), 0);
    const both = (a: Node | undefined, b: Node | undefined) => (a && b ? and(a, b) : (a ?? b));
    const active = both(valid, mask);
    const counts = both(active, sampleWeight && not(equal(sampleWeight, 0)));
    const counted = counts === valid ? perSample : losses(counts);
    const labelWeight = definition.labelWeight?.(yTrue, yPred, params);
    return {
      perSample,
      ...reduceLosses(resolved, { losses: counted, sampleWeight, active, labelWeight, yPred }),
    };
  };

  const evaluable: Evaluable = {
    name,
    yTrue: yTrueDomain,
    yPred: domain(definition.yPred, logits),
    ignored,
    overClasses,
    reduction: resolved,
    checkValues: (values) => definition.checkTargets?.(values),
    graph,
  };
  const reconfigured = (given: EvaluateOptions<P>): { evaluable: Evaluable; data: DataOptions } => {
    const entries = Object.entries(given);
    const isData = ([key]: [string, unknown]) => (dataOptions as readonly string[]).includes(key);
    const own = Object.fromEntries(entries.filter((entry) => !isData(entry))) as LossOptions<P>;
    const data = Object.fromEntries(entries.filter(isData)) as DataOptions;
    if (Object.keys(own).length === 0) return { evaluable, data };
    return { evaluable: hidden.get(configure(definition, { ...options, ...own })) as Evaluable, data };
  };

  const configured: ConfiguredLoss<P> = {
    name,
    targets,
    definition,
    params,
    reduction,
    graph,
    checkTargets(yTrue, yTrueShape, yPredShape) {
      const shape = alignTargets(name, yTrueShape, yPredShape, index);
      const classes = yPredShape.at(-1) as number;
      if (overClasses && classes === 1 && definition.oneClass !== true) throw oneClass(name);
      checkDomain(yTrueDomain, yTrue, shape, { what: "yTrue", loss: name, ...(index ? { classes } : {}), ignored });
      definition.checkTargets?.(yTrue);
    },
    evaluate(yTrue, yPred, given = {} as EvaluateOptions<P>) {
      const { evaluable: chosen, data } = reconfigured(given);
      return evaluateLoss(chosen, yTrue, yPred, data);
    },
    async evaluateOn(device, yTrue, yPred, given = {} as EvaluateOptions<P>) {
      const { evaluable: chosen, data } = reconfigured(given);
      return evaluateLossOn(device, chosen, yTrue, yPred, data);
    },
    toConfig: () => ({
      name,
      params: {
        ...Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined)),
        ...(reduction === "sumOverBatchSize" ? {} : { reduction }),
      },
    }),
  };
  hidden.set(configured, evaluable);
  return configured;
}

/** What evaluation needs of a configured loss, which is nobody else's business. */
const hidden = new WeakMap<object, Evaluable>();

function noClassMask(name: string): InvalidArgumentError {
  return new InvalidArgumentError("loss/no-class-mask", {
    received: `${name} was given a classMask`,
    expected: "it has no classes to leave out",
    hint: "Use mask to leave samples out.",
  });
}

function oneClass(name: string): InvalidArgumentError {
  return new InvalidArgumentError("loss/one-class", {
    received: `${name} was given yPred with one class`,
    expected: "it compares classes, and with one it is always 0",
    hint: `For two classes use layers.dense(1, { activation: "sigmoid" }) with binaryCrossentropy, or one unit a class.`,
  });
}

function wrongShape(name: string, got: Shape, wanted: Shape, overClasses: boolean): ShapeError {
  return new ShapeError("loss/value-shape", {
    received: `the value of ${name} has shape ${showShape(got)}`,
    expected: `with axis "${overClasses ? "class" : "mean"}" it must have shape ${showShape(wanted)}`,
    hint: overClasses
      ? "Sum over the last axis, and only over that one."
      : `Leave the value elementwise, or set axis: "class" if it is already summed over the last axis.`,
  });
}

/**
 * `defineLoss`: one definition, from which everything else follows. No gradient is written anywhere: the graph of the value is
 * stabilised, then differentiated. Weights, masks and reduction are not the definition's business either (samples.ts, reduce.ts).
 */
import type { FloatDType } from "../base/dtype.ts";
import { InvalidArgumentError, ShapeError } from "../base/errors.ts";
import { type Shape, sameShape, showShape } from "../base/shape.ts";
import type { Tensor, TensorLike } from "../base/tensor.ts";
import { broadcastTo, equal, mean, type Node, not, reshape, where } from "../graph/index.ts";
import { callable, configured, type Evaluated, type Kind, type LossOptions, readSettings } from "./configured.ts";
import type { Loss, LossGraph, LossInputs } from "./contract.ts";
import type { LossDefinition } from "./definition.ts";
import { alignTargets, checkDomain } from "./domain.ts";
import type { DataOptions } from "./evaluate.ts";
import type { Params, ParamValues } from "./params.ts";
import { type Evaluable, pose } from "./pose.ts";
import { type Reduction, reduceLosses } from "./reduce.ts";
import { alignSamples, overEntries } from "./samples.ts";
import { plainDomains, type Takes } from "./takes.ts";

/** What a loss's `evaluate` takes besides targets and predictions. */
export type EvaluateOptions<P extends Params> = LossOptions<P> & DataOptions;

/** A configured loss, which can also be evaluated on plain data. */
export interface ConfiguredLoss<P extends Params = Params>
  extends Loss,
    Evaluated<TensorLike, TensorLike, EvaluateOptions<P>> {
  readonly definition: LossDefinition<P>;
  readonly params: ParamValues<P>;
  readonly reduction: Reduction;
}

/** A loss by its defaults, and called with options a configured one. */
export interface LossFunction<P extends Params = Params> extends ConfiguredLoss<P> {
  (options?: LossOptions<P>): ConfiguredLoss<P>;
  readonly name: string;
}

/**
 * Makes a loss from its definition. Only `name` and `value` are needed; a definition without domains takes finite targets
 * and any predictions, and its values are averaged over the last axis.
 */
export function defineLoss<const P extends Params = Record<never, never>>(
  definition: LossDefinition<P>,
): LossFunction<P> {
  return callable((options: LossOptions<P>) => configure(definition, options)) as unknown as LossFunction<P>;
}

const configure = <P extends Params>(definition: LossDefinition<P>, options: LossOptions<P>): ConfiguredLoss<P> =>
  configured(definition, kindOf(definition, options)) as ConfiguredLoss<P>;

function kindOf<P extends Params>(
  definition: LossDefinition<P>,
  options: LossOptions<P>,
): Kind<P, TensorLike, TensorLike, Tensor> {
  const { name } = definition;
  const settings = readSettings(definition, options);
  const { params, resolved } = settings;
  const { yTrue: yTrueDomain, yPred: yPredDomain, overClasses } = plainDomains(definition, params) as Takes;
  const ignored = definition.ignored?.(params);
  const index = yTrueDomain.index === true;

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
    const valid = ignored === undefined ? undefined : not(equal(yTrue, ignored));
    const { sampleWeight, active, counts } = alignSamples(inputs, lossShape, yPred.dtype as FloatDType, valid);
    /** Predictions that do not count are replaced before the loss sees them, so that their NaN reaches no gradient. */
    const losses = (chosen: Node | undefined): Node => {
      if (chosen === undefined) return unreduced(yTrue, yPred, inputs);
      const kept = where(overEntries(chosen, yPred.shape), yPred, definition.harmless ?? 0.5);
      return unreduced(yTrue, kept, inputs);
    };
    const perSample = valid === undefined ? losses(undefined) : where(valid, losses(valid), 0);
    const counted = counts === valid ? perSample : losses(counts);
    const labelWeight = definition.labelWeight?.(yTrue, yPred, params);
    return {
      perSample,
      ...reduceLosses(resolved, { losses: counted, sampleWeight, active, labelWeight, predicted: [yPred] }),
    };
  };

  const evaluable: Evaluable = {
    name,
    yTrue: yTrueDomain,
    yPred: yPredDomain,
    ignored,
    overClasses,
    reduction: resolved,
    checkValues: (values) => definition.checkTargets?.(values),
    graph,
  };

  return {
    settings,
    inputs: [],
    loss: {
      targets: index ? "classIndex" : "real",
      graph,
      checkTargets(yTrue, yTrueShape, yPredShape) {
        const shape = alignTargets(name, yTrueShape, yPredShape, index);
        const classes = yPredShape.at(-1) as number;
        if (overClasses && classes === 1 && definition.oneClass !== true) throw oneClass(name);
        checkDomain(yTrueDomain, yTrue, shape, { what: "yTrue", loss: name, ...(index ? { classes } : {}), ignored });
        definition.checkTargets?.(yTrue);
      },
    },
    pose: (yTrue, yPred, data) => pose(evaluable, yTrue, yPred, data),
    again: (changed) => kindOf(definition, { ...options, ...changed }),
  };
}

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

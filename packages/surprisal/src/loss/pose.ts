/** Reads and checks one array of targets and one of predictions, and puts a loss's graph on them. */
import type { Shape } from "../base/shape.ts";
import { sizeOf } from "../base/shape.ts";
import type { Tensor, TensorLike } from "../base/tensor.ts";
import type { Node } from "../graph/index.ts";
import type { LossGraph, LossInputs } from "./contract.ts";
import { alignTargets, checkDomain, type Domain } from "./domain.ts";
import type { DataOptions, Posed } from "./evaluate.ts";
import { asTensor, Bindings, floatOf } from "./reading.ts";
import type { ResolvedReduction } from "./reduce.ts";

/** What there is to know of a configured loss to evaluate it. */
export interface Evaluable {
  readonly name: string;
  readonly yTrue: Domain;
  readonly yPred: Domain;
  readonly ignored: number | undefined;
  readonly overClasses: boolean;
  readonly reduction: ResolvedReduction;
  checkValues(yTrue: ArrayLike<number>): void;
  graph(yTrue: Node, yPred: Node, inputs: LossInputs): LossGraph;
}

/** @throws ShapeError, DTypeError, DataError (row and value), InvalidArgumentError. */
export function pose(loss: Evaluable, yTrue: TensorLike, yPred: TensorLike, options: DataOptions): Posed<Tensor> {
  const dtype = floatOf(yPred, options.dtype);
  const data = new Bindings(dtype, options.arithmetic);
  const predicted = asTensor(yPred);
  const targets = asTensor(yTrue);
  // Nested arrays without rows cannot say how many classes there would have been.
  const bare = predicted.size === 0 && predicted.rank === 1;
  const shape: Shape = bare ? [0, 1] : predicted.shape;
  const index = loss.yTrue.index === true;
  const lossShape = loss.overClasses || shape.length > 1 ? shape.slice(0, -1) : shape;
  const aligned =
    bare && targets.size === 0 ? (index ? [0] : [0, 1]) : alignTargets(loss.name, targets.shape, shape, index);

  const samples = data.samples(options, lossShape);
  const { mask } = samples;
  const active = mask && sizeOf(mask.shape) === sizeOf(lossShape) ? data.all.get(mask) : undefined;
  checkDomain(loss.yTrue, targets.data, aligned, {
    what: "yTrue",
    loss: loss.name,
    ...(index ? { classes: shape.at(-1) as number } : {}),
    ignored: loss.ignored,
    active,
  });
  loss.checkValues(targets.data);
  checkDomain(loss.yPred, predicted.data, shape, { what: "yPred", loss: loss.name, active });

  const z = data.bind("yPred", "float", shape, predicted.data);
  const y = data.bind("yTrue", index ? "int32" : "float", aligned, targets.data);
  const classMask = options.classMask === undefined ? undefined : asTensor(options.classMask);
  const graph = loss.graph(y, z, {
    ...samples,
    ...(classMask === undefined ? {} : { classMask: data.bind("classMask", "bool", classMask.shape, classMask.data) }),
  });
  return {
    loss: loss.name,
    reduction: loss.reduction,
    graph,
    predicted: [{ node: z, shape: predicted.shape }],
    bindings: data.all,
    dtype,
    lossShape: bare ? [0] : lossShape,
    gradientOf: (gradients) => gradients[0] as Tensor,
  };
}

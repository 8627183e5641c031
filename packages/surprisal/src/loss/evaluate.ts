/** A loss on plain data: value, per-sample losses and gradient, in float64 and rounded once, or on a device. */
import { convert, type DType, type FloatDType, roundTo } from "../base/dtype.ts";
import { type Shape, sizeOf } from "../base/shape.ts";
import { Tensor, type TensorLike } from "../base/tensor.ts";
import { evaluateFloat64, gradient, type Node, stabilise } from "../graph/index.ts";
import type { LossGraph } from "./contract.ts";
import type { ResolvedReduction } from "./reduce.ts";

/** A loss on data, with its gradient. `merge` adds two. */
export interface LossResult<Gradient = Tensor> {
  /** The reduced loss: sum / divisor. With reduction "none": the sum. */
  readonly value: number;
  /** The unreduced losses, without weights. */
  readonly perSample: Tensor;
  /** Of the value, with respect to yPred; yPred's shape. For a loss of several predicted arrays one tensor each, by name. */
  readonly gradient: Gradient;
  readonly sum: number;
  readonly divisor: number;
  readonly reduction: ResolvedReduction;
  /** The predicted arrays that all samples share (weights, thresholds), for losses that have such. */
  readonly shared?: readonly string[];
}

/** What `evaluate` takes besides the loss's own options and `reduction`. */
export interface DataOptions {
  /** One number a sample: the shape of the unreduced losses, or its leading axes. */
  readonly sampleWeight?: TensorLike;
  /** One flag a sample; what is masked (0, false) reaches neither sum nor gradient. */
  readonly mask?: TensorLike;
  /** One flag an entry of yPred: classes that are out of the question; for losses that say so. */
  readonly classMask?: TensorLike;
  /** What data and results are rounded to. Default: what a typed yPred holds; float64 for nested arrays. */
  readonly dtype?: FloatDType;
  /**
   * What `evaluateOn` computes in. Default float64, so that a float32 result is the truth rounded once; float32 is what a
   * float32 model trains with. `evaluate` always computes in float64.
   */
  readonly arithmetic?: FloatDType;
}

/** What `evaluateOn` needs of a device; a `Device` has it. */
export interface EvaluationDevice {
  allocate(dtype: DType, shape: Shape): EvaluationBuffer;
  write(buffer: EvaluationBuffer, values: ArrayLike<number>, offset?: number): void;
  read(buffer: EvaluationBuffer): Promise<Tensor>;
  free(buffer: EvaluationBuffer): void;
  load(program: {
    readonly outputs: readonly { readonly node: Node; readonly into: EvaluationBuffer }[];
    readonly bindings: ReadonlyMap<Node, EvaluationBuffer>;
    readonly label?: string;
  }): Promise<{ run(): void | Promise<void>; free?(): void }>;
}
/** A tensor on such a device. */
export interface EvaluationBuffer {
  readonly dtype: DType;
  readonly shape: Shape;
}

/** A predicted array: what the gradient is with respect to, and the shape that it is given in. */
export interface Predicted {
  readonly node: Node;
  readonly shape: Shape;
}

/** A loss with its data. */
export interface Posed<Gradient> {
  readonly loss: string;
  readonly reduction: ResolvedReduction;
  readonly graph: LossGraph;
  readonly predicted: readonly Predicted[];
  readonly bindings: ReadonlyMap<Node, ArrayLike<number>>;
  readonly dtype: FloatDType;
  readonly lossShape: Shape;
  readonly shared?: readonly string[];
  /** How the gradients of the predicted arrays are handed out. */
  gradientOf(gradients: readonly Tensor[]): Gradient;
}

/** The graph, stabilised and then differentiated: per sample, sum, divisor, value and the gradients. */
function outputsOf({ graph, predicted }: Posed<unknown>): Node[] {
  const outputs = stabilise([graph.perSample, graph.sum, graph.divisor, graph.value]);
  const nodes = predicted.map(({ node }) => node);
  return [...outputs, ...gradient(outputs[3] as Node, nodes)];
}

function answer<G>(posed: Posed<G>, values: readonly ArrayLike<number>[]): LossResult<G> {
  const { dtype, lossShape, predicted } = posed;
  // Adding 0 turns −0 into 0, which is what people expect to see.
  const scalar = (i: number) => roundTo(dtype, (values[i] as ArrayLike<number>)[0] as number) + 0;
  const array = (i: number, shape: Shape) =>
    new Tensor(
      convert(
        dtype,
        Float64Array.from(values[i] as ArrayLike<number>, (x) => x + 0),
      ),
      shape,
    );
  return {
    value: scalar(3),
    perSample: array(0, lossShape),
    gradient: posed.gradientOf(predicted.map(({ shape }, i) => array(4 + i, shape))),
    sum: scalar(1),
    divisor: scalar(2),
    reduction: posed.reduction,
    ...(posed.shared === undefined ? {} : { shared: posed.shared }),
  };
}

/** Evaluates in float64 and rounds once. */
export function evaluateLoss<G>(posed: Posed<G>): LossResult<G> {
  return answer(posed, evaluateFloat64(outputsOf(posed), posed.bindings));
}

/** Evaluates the same graph on a device, in float64 unless the data options said otherwise, and rounds once. */
export async function evaluateLossOn<G>(device: EvaluationDevice, posed: Posed<G>): Promise<LossResult<G>> {
  // Devices hold no empty arrays.
  if ([...posed.bindings.keys()].some((node) => sizeOf(node.shape) === 0)) return evaluateLoss(posed);
  const held: EvaluationBuffer[] = [];
  const allocate = (node: Node) => {
    const buffer = device.allocate(node.dtype, node.shape);
    held.push(buffer);
    return buffer;
  };
  try {
    const outputs = outputsOf(posed).map((node) => ({ node, into: allocate(node) }));
    const bindings = new Map([...posed.bindings.keys()].map((node) => [node, allocate(node)]));
    for (const [node, values] of posed.bindings) device.write(bindings.get(node) as EvaluationBuffer, values);
    const executable = await device.load({ outputs, bindings, label: posed.loss });
    try {
      await executable.run();
    } finally {
      executable.free?.();
    }
    const results: Tensor[] = [];
    for (const { into } of outputs) results.push(await device.read(into));
    return answer(
      posed,
      results.map((result) => result.data),
    );
  } finally {
    for (const buffer of held) device.free(buffer);
  }
}

/** A loss on plain data: value, per-sample losses and gradient, in float64 and rounded once, or on a device. */
import { convert, type DType, dtypeOf, type FloatDType, isFloat, roundTo } from "../base/dtype.ts";
import { DTypeError, InvalidArgumentError } from "../base/errors.ts";
import { type Shape, sizeOf } from "../base/shape.ts";
import { Tensor, type TensorLike, tensor } from "../base/tensor.ts";
import { evaluateFloat64, gradient, input, type Node, stabilise } from "../graph/index.ts";
import type { LossGraph, LossInputs } from "./contract.ts";
import { alignTargets, alignWeights, checkDomain, type Domain } from "./domain.ts";
import type { ResolvedReduction } from "./reduce.ts";

/** A loss on data, with its gradient. `merge` adds two. */
export interface LossResult {
  /** The reduced loss: sum / divisor. With reduction "none": the sum. */
  readonly value: number;
  /** The unreduced losses, without weights. */
  readonly perSample: Tensor;
  /** Of the value, with respect to yPred; yPred's shape. */
  readonly gradient: Tensor;
  readonly sum: number;
  readonly divisor: number;
  readonly reduction: ResolvedReduction;
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
  }): Promise<{ run(): void | Promise<void> }>;
}
/** A tensor on such a device. */
export interface EvaluationBuffer {
  readonly dtype: DType;
  readonly shape: Shape;
}

/** What evaluation needs to know of a configured loss. */
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

interface Problem {
  readonly outputs: readonly [perSample: Node, sum: Node, divisor: Node, value: Node, gradient: Node];
  readonly bindings: ReadonlyMap<Node, ArrayLike<number>>;
  readonly dtype: FloatDType;
  readonly predictionShape: Shape;
  readonly lossShape: Shape;
}

const asTensor = (values: TensorLike): Tensor =>
  values instanceof Tensor || dtypeOf(values) !== undefined ? tensor(values) : tensor(values, { dtype: "float64" });

function floatOf(yPred: TensorLike, wanted: FloatDType | undefined): FloatDType {
  if (wanted !== undefined) {
    if (wanted === "float32" || wanted === "float64") return wanted;
    throw new DTypeError("loss/dtype", {
      received: `dtype "${String(wanted)}" was asked for`,
      expected: "a loss is float32 or float64",
      hint: "Leave dtype out to take that of yPred.",
    });
  }
  const held = yPred instanceof Tensor ? yPred.dtype : dtypeOf(yPred);
  return held !== undefined && isFloat(held) ? held : "float64";
}

/** Reads and checks the data, builds the graph at its shape, stabilises and differentiates it. */
function pose(loss: Evaluable, yTrue: TensorLike, yPred: TensorLike, options: DataOptions): Problem {
  const dtype = floatOf(yPred, options.dtype);
  const arithmetic = options.arithmetic ?? "float64";
  const predicted = asTensor(yPred);
  const targets = asTensor(yTrue);
  // Nested arrays without rows cannot say how many classes there would have been.
  const bare = predicted.size === 0 && predicted.rank === 1;
  const shape = bare ? [0, 1] : predicted.shape;
  const index = loss.yTrue.index === true;
  const lossShape = loss.overClasses || shape.length > 1 ? shape.slice(0, -1) : shape;
  const aligned =
    bare && targets.size === 0 ? (index ? [0] : [0, 1]) : alignTargets(loss.name, targets.shape, shape, index);

  const bindings = new Map<Node, ArrayLike<number>>();
  const bind = (label: string, kind: DType, at: Shape, values: ArrayLike<number>): Node => {
    const node = input(label, isFloat(kind) ? arithmetic : kind, at);
    bindings.set(node, convert(kind, values));
    return node;
  };
  const aside = (what: "sampleWeight" | "mask", kind: DType): Node | undefined => {
    const given = options[what];
    if (given === undefined) return undefined;
    const values = asTensor(given);
    alignWeights(what, values.shape, lossShape);
    return bind(what, kind, values.shape, values.data);
  };
  const sampleWeight = aside("sampleWeight", dtype);
  const mask = aside("mask", "bool");
  for (const w of sampleWeight === undefined ? [] : Array.from(bindings.get(sampleWeight) as ArrayLike<number>)) {
    if (!Number.isFinite(w)) throw notFinite("sampleWeight", w);
  }
  const active = mask && sizeOf(mask.shape) === sizeOf(lossShape) ? bindings.get(mask) : undefined;
  checkDomain(loss.yTrue, targets.data, aligned, {
    what: "yTrue",
    loss: loss.name,
    ...(index ? { classes: shape.at(-1) as number } : {}),
    ignored: loss.ignored,
    active,
  });
  loss.checkValues(targets.data);
  checkDomain(loss.yPred, predicted.data, shape, { what: "yPred", loss: loss.name, active });

  const z = bind("yPred", dtype, shape, predicted.data);
  const y = bind("yTrue", index ? "int32" : dtype, aligned, targets.data);
  const classMask = options.classMask === undefined ? undefined : asTensor(options.classMask);
  const graph = loss.graph(y, z, {
    ...(sampleWeight === undefined ? {} : { sampleWeight }),
    ...(mask === undefined ? {} : { mask }),
    ...(classMask === undefined ? {} : { classMask: bind("classMask", "bool", classMask.shape, classMask.data) }),
  });
  const outputs = stabilise([graph.perSample, graph.sum, graph.divisor, graph.value]) as [Node, Node, Node, Node];
  return {
    outputs: [...outputs, gradient(outputs[3], [z])[0] as Node],
    bindings,
    dtype,
    predictionShape: predicted.shape,
    lossShape: bare ? [0] : lossShape,
  };
}

function answer(loss: Evaluable, problem: Problem, values: readonly ArrayLike<number>[]): LossResult {
  const { dtype, lossShape, predictionShape } = problem;
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
    gradient: array(4, predictionShape),
    sum: scalar(1),
    divisor: scalar(2),
    reduction: loss.reduction,
  };
}

/** Evaluates in float64 and rounds once. */
export function evaluateLoss(loss: Evaluable, yTrue: TensorLike, yPred: TensorLike, options: DataOptions): LossResult {
  const problem = pose(loss, yTrue, yPred, options);
  return answer(loss, problem, evaluateFloat64(problem.outputs, problem.bindings));
}

/** Evaluates the same graph on a device, in float64 unless `arithmetic` says otherwise, and rounds once. */
export async function evaluateLossOn(
  device: EvaluationDevice,
  loss: Evaluable,
  yTrue: TensorLike,
  yPred: TensorLike,
  options: DataOptions,
): Promise<LossResult> {
  const problem = pose(loss, yTrue, yPred, options);
  if (sizeOf(problem.predictionShape) === 0) {
    return answer(loss, problem, evaluateFloat64(problem.outputs, problem.bindings));
  }
  const held: EvaluationBuffer[] = [];
  const allocate = (node: Node) => {
    const buffer = device.allocate(node.dtype, node.shape);
    held.push(buffer);
    return buffer;
  };
  try {
    const outputs = problem.outputs.map((node) => ({ node, into: allocate(node) }));
    const bindings = new Map([...problem.bindings.keys()].map((node) => [node, allocate(node)]));
    for (const [node, values] of problem.bindings) device.write(bindings.get(node) as EvaluationBuffer, values);
    const executable = await device.load({ outputs, bindings, label: loss.name });
    await executable.run();
    const results: Tensor[] = [];
    for (const { into } of outputs) results.push(await device.read(into));
    return answer(
      loss,
      problem,
      results.map((result) => result.data),
    );
  } finally {
    for (const buffer of held) device.free(buffer);
  }
}

function notFinite(what: string, value: number): InvalidArgumentError {
  return new InvalidArgumentError("loss/weight-not-finite", {
    received: `${what} holds ${value}`,
    expected: "weights are finite numbers",
    hint: "Use a mask to leave samples out.",
  });
}

/**
 * The result for several parts of a batch taken together: sums and divisors add up, gradients are rescaled to the whole's divisor
 * and, like the per-sample losses, put one after another along the first axis.
 * @throws InvalidArgumentError for parts that were reduced differently.
 */
export function merge(first: LossResult, ...others: readonly LossResult[]): LossResult {
  const parts = [first, ...others];
  const { reduction } = first;
  if (parts.some((part) => JSON.stringify(part.reduction) !== JSON.stringify(reduction))) {
    throw new InvalidArgumentError("loss/merge", {
      received: "results of different reductions were given",
      expected: "only results of one reduction add up",
      hint: "Evaluate every part with the same reduction.",
    });
  }
  const sum = parts.reduce((total, part) => total + part.sum, 0);
  // A fixed divisor (and the 1 of a plain sum) is the whole's already.
  const fixed = typeof reduction.over === "number";
  const divisor = fixed ? first.divisor : parts.reduce((total, part) => total + part.divisor, 0);
  const atZero = reduction.zeroDivisor === "nan" ? Number.NaN : 0;
  const scale = (part: LossResult) => (divisor === 0 ? atZero : part.divisor === 0 ? 0 : part.divisor / divisor);
  return {
    value: divisor === 0 ? atZero : sum / divisor,
    perSample: joined(parts.map((part) => part.perSample)),
    gradient: joined(
      parts.map(({ gradient: g, ...part }) => {
        const factor = fixed ? 1 : scale({ ...part, gradient: g });
        const data = Float64Array.from(g.data, (x) => (factor === 0 ? 0 : x * factor));
        return new Tensor(convert(g.dtype, data), g.shape);
      }),
    ),
    sum,
    divisor,
    reduction,
  };
}

function joined(parts: readonly Tensor[]): Tensor {
  const first = parts.find((part) => part.size > 0) ?? (parts[0] as Tensor);
  const kept = parts.filter((part) => part.size > 0);
  const data = Float64Array.from(kept.flatMap((part) => Array.from(part.data)));
  const rows = kept.reduce((n, part) => n + (part.shape[0] ?? 1), 0);
  return new Tensor(convert(first.dtype, data), [rows, ...first.shape.slice(1)]);
}

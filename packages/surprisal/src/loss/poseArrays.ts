/** Reads and checks the arrays of a loss that takes several, and puts its graph on them. */

import { dtypeOf } from "../base/dtype.ts";
import { type Shape, sizeOf } from "../base/shape.ts";
import { Tensor, type TensorLike } from "../base/tensor.ts";
import type { Node } from "../graph/index.ts";
import { type ArrayInputs, type ArraySpec, type Arrays, domainOf } from "./arrays.ts";
import { AxisLengths, beginWith } from "./axes.ts";
import type { LossGraph } from "./contract.ts";
import { checkDomain } from "./domain.ts";
import type { DataOptions, Posed } from "./evaluate.ts";
import { type Parts, partsOf, shapesOf, valuesOf } from "./parts.ts";
import { asTensor, Bindings, floatOf } from "./reading.ts";
import type { ResolvedReduction } from "./reduce.ts";
import { requireLosses } from "./samples.ts";

/** What there is to know of such a configured loss to evaluate it. */
export interface ArrayEvaluable {
  readonly name: string;
  readonly specs: { readonly yTrue: Arrays; readonly yPred: Arrays; readonly inputs: Arrays };
  /** Axes of the unreduced losses, and whether the last is averaged over. */
  readonly losses: string;
  readonly average: boolean;
  /** Whether yPred is one array, and so its gradient. */
  readonly one: boolean;
  readonly params: unknown;
  readonly ignored: number | undefined;
  readonly reduction: ResolvedReduction;
  graph(yTrue: Parts<Node> | undefined, yPred: Parts<Node>, inputs: ArrayInputs): LossGraph;
}

/** The shape that `value` returns, and that of the unreduced losses. */
export function lossShapes(
  lengths: AxisLengths,
  { losses, average }: Pick<ArrayEvaluable, "losses" | "average">,
): { readonly full: Shape; readonly lossShape: Shape } {
  const full = lengths.shape(losses);
  return { full, lossShape: average && full.length > 1 ? full.slice(0, -1) : full };
}

/** @throws DataError naming the row and value. */
export function checkArray(
  loss: ArrayEvaluable,
  what: string,
  spec: ArraySpec,
  values: ArrayLike<number>,
  shape: Shape,
  lengths: AxisLengths,
  active: ArrayLike<number> | undefined,
): void {
  checkDomain(domainOf(spec, loss.params), values, shape, {
    what,
    loss: loss.name,
    ...(spec.classes === undefined ? {} : { classes: lengths.of(spec.classes) }),
    ignored: what === "yTrue" ? loss.ignored : undefined,
    active: beginWith(spec.axes, loss.losses) ? active : undefined,
  });
}

/** Data by name: an object of arrays as it is, one array cut into its parts. */
function tensorsOf(loss: string, specs: Arrays, given: unknown, what: string): Parts<Tensor> {
  if (Object.keys(specs).length === 0) return {};
  const whole = given instanceof Tensor || Array.isArray(given) || dtypeOf(given as TensorLike) !== undefined;
  if (!whole) {
    const parts = partsOf(loss, specs, (given ?? {}) as Parts<TensorLike>, what);
    return Object.fromEntries(Object.entries(parts).map(([name, values]) => [name, asTensor(values)]));
  }
  const tensor = asTensor(given as TensorLike);
  const shapes = shapesOf(loss, specs, tensor.shape, what);
  const values = valuesOf(specs, tensor.data, tensor.shape);
  return Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [
      name,
      Object.keys(shapes).length === 1 ? tensor : new Tensor(values[name] as Float64Array, shape),
    ]),
  );
}

/** @throws ShapeError, DTypeError, DataError (row and value), UnknownNameError, InvalidArgumentError. */
export function poseArrays(
  loss: ArrayEvaluable,
  yTrue: unknown,
  yPred: unknown,
  options: DataOptions & Readonly<Record<string, unknown>>,
): Posed<Tensor | Parts<Tensor>> {
  const { name, specs } = loss;
  const predicted = tensorsOf(name, specs.yPred, yPred, "yPred");
  const targets = tensorsOf(name, specs.yTrue, yTrue, "yTrue");
  const besides = Object.keys(specs.inputs).filter((input) => options[input] !== undefined);
  const given = Object.fromEntries(besides.map((input) => [input, options[input]]));
  const inputs = tensorsOf(name, specs.inputs, given, "inputs");
  const dtype = floatOf(Object.values(predicted)[0] as Tensor, options.dtype);
  const data = new Bindings(dtype, options.arithmetic);
  const lengths = new AxisLengths(name);
  const place = (arrays: Arrays, tensors: Parts<Tensor>) =>
    Object.entries(tensors).map(([what, tensor]) => {
      const spec = arrays[what] as ArraySpec;
      return { what, spec, tensor, shape: lengths.match(what, spec.axes, tensor.shape) };
    });
  const placed = {
    yPred: place(specs.yPred, predicted),
    yTrue: place(specs.yTrue, targets),
    inputs: place(specs.inputs, inputs),
  };
  const { lossShape } = lossShapes(lengths, loss);
  requireLosses(name, loss.losses, options);
  const samples = data.samples(options, lossShape);
  const { mask } = samples;
  const active = mask && sizeOf(mask.shape) === sizeOf(lossShape) ? data.all.get(mask) : undefined;
  const bound = (arrays: typeof placed.yPred): Parts<Node> =>
    Object.fromEntries(
      arrays.map(({ what, spec, tensor, shape }) => {
        checkArray(loss, what, spec, tensor.data, shape, lengths, active);
        const index = domainOf(spec, loss.params).index === true;
        return [what, data.bind(what, index ? "int32" : "float", shape, tensor.data)];
      }),
    );
  const yPredNodes = bound(placed.yPred);
  const yTrueNodes = bound(placed.yTrue);
  const graph = loss.graph(yTrueNodes, yPredNodes, { ...samples, arrays: bound(placed.inputs) });
  const shared = placed.yPred.filter(({ spec }) => !beginWith(spec.axes, loss.losses)).map(({ what }) => what);
  return {
    loss: name,
    reduction: loss.reduction,
    graph,
    predicted: placed.yPred.map(({ what, tensor }) => ({ node: yPredNodes[what] as Node, shape: tensor.shape })),
    bindings: data.all,
    dtype,
    lossShape,
    ...(shared.length === 0 || loss.losses === "" ? {} : { shared }),
    gradientOf: (gradients) =>
      loss.one
        ? (gradients[0] as Tensor)
        : Object.fromEntries(placed.yPred.map(({ what }, i) => [what, gradients[i] as Tensor])),
  };
}

/** Reading the plain data that a loss is evaluated on: nodes with what is bound to them. */
import { convert, type DType, dtypeOf, type FloatDType, isFloat } from "../base/dtype.ts";
import { DTypeError, InvalidArgumentError } from "../base/errors.ts";
import type { Shape } from "../base/shape.ts";
import { Tensor, type TensorLike, tensor } from "../base/tensor.ts";
import { input, type Node } from "../graph/index.ts";
import { alignWeights } from "./domain.ts";
import type { DataOptions } from "./evaluate.ts";

export const asTensor = (values: TensorLike): Tensor =>
  values instanceof Tensor || dtypeOf(values) !== undefined ? tensor(values) : tensor(values, { dtype: "float64" });

/**
 * What data and results are rounded to: as asked for, or what typed predictions hold.
 * @throws DTypeError.
 */
export function floatOf(yPred: TensorLike, wanted: FloatDType | undefined): FloatDType {
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

/** Nodes and their numbers, as they are read. */
export class Bindings {
  readonly all = new Map<Node, ArrayLike<number>>();
  private readonly dtype: FloatDType;
  private readonly arithmetic: FloatDType;

  constructor(dtype: FloatDType, arithmetic: FloatDType = "float64") {
    this.dtype = dtype;
    this.arithmetic = arithmetic;
  }

  /** A node for an array; floats are rounded to the data's dtype and computed with in that of the arithmetic. */
  bind(label: string, kind: DType | "float", shape: Shape, values: ArrayLike<number>): Node {
    const held = kind === "float" ? this.dtype : kind;
    const node = input(label, isFloat(held) ? this.arithmetic : held, shape);
    this.all.set(node, convert(held, values));
    return node;
  }

  /**
   * Weights and mask of samples.
   * @throws ShapeError, InvalidArgumentError.
   */
  samples(options: DataOptions, lossShape: Shape): { sampleWeight?: Node; mask?: Node } {
    const read = (what: "sampleWeight" | "mask", kind: DType | "float") => {
      const given = options[what];
      if (given === undefined) return {};
      const values = asTensor(given);
      alignWeights(what, values.shape, lossShape);
      return { [what]: this.bind(what, kind, values.shape, values.data) };
    };
    const nodes: { sampleWeight?: Node; mask?: Node } = { ...read("sampleWeight", "float"), ...read("mask", "bool") };
    for (const w of Array.from((nodes.sampleWeight && this.all.get(nodes.sampleWeight)) ?? [])) {
      if (!Number.isFinite(w)) throw notFinite("sampleWeight", w);
    }
    return nodes;
  }
}

function notFinite(what: string, value: number): InvalidArgumentError {
  return new InvalidArgumentError("loss/weight-not-finite", {
    received: `${what} holds ${value}`,
    expected: "weights are finite numbers",
    hint: "Use a mask to leave samples out.",
  });
}

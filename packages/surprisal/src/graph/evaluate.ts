/** The reference evaluator: every op in float64, node by node. The oracle for every backend. */
import { convert, type TypedArray } from "../base/dtype.ts";
import { Tensor } from "../base/tensor.ts";
import { type Node, topological } from "./node.ts";

/** Values for inputs, row-major. */
export type Bindings = ReadonlyMap<Node, ArrayLike<number>>;

/** Sees (and may change) each node's values as they are computed. */
export type Observer = (node: Node, values: Float64Array) => void;

/** Values of the outputs in float64, whatever their dtype; nothing is rounded to float32. */
export function evaluateFloat64(outputs: readonly Node[], bindings: Bindings, observe?: Observer): Float64Array[] {
  const values = new Map<Node, Float64Array>();
  for (const node of topological(outputs)) {
    const bound = bindings.get(node);
    const value =
      bound === undefined
        ? node.op.evaluate(
            node,
            node.inputs.map((x) => values.get(x) as Float64Array),
          )
        : Float64Array.from(bound);
    observe?.(node, value);
    values.set(node, value);
  }
  return outputs.map((node) => values.get(node) as Float64Array);
}

/** Values of the outputs as tensors: computed in float64, rounded once to their dtype. */
export function evaluate(outputs: readonly Node[], bindings: Bindings): Tensor[] {
  return evaluateFloat64(outputs, bindings).map(
    (values, i) => new Tensor(convert((outputs[i] as Node).dtype, values) as TypedArray, (outputs[i] as Node).shape),
  );
}

/** Checks that a graph is what its records say: run between passes in tests. */
import { SurprisalError } from "../base/errors.ts";
import { sameShape, showShape } from "../base/shape.ts";
import { type Node, topological } from "./node.ts";

/**
 * Checks a graph.
 * @throws SurprisalError naming the first node whose dtype, shape or operands contradict its record.
 */
export function verify(outputs: readonly Node[]): void {
  for (const node of topological(outputs)) {
    const { dtype, shape } = node.op.infer(node.inputs, node.attrs);
    if (dtype !== node.dtype || !sameShape(shape, node.shape)) {
      throw new SurprisalError("graph/verify", {
        received: `a ${node.op.name} node says ${node.dtype} ${showShape(node.shape)}`,
        expected: `its record infers ${dtype} ${showShape(shape)}`,
        hint: "The pass that made it is wrong.",
      });
    }
    const later = node.inputs.find((x) => x.id >= node.id);
    if (later !== undefined) {
      throw new SurprisalError("graph/verify", {
        received: `a ${node.op.name} node uses a ${later.op.name} made after it`,
        expected: "graphs are built inputs first",
        hint: "The pass that made it is wrong.",
      });
    }
  }
}

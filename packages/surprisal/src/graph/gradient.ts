/** Reverse-mode differentiation, graph to graph. Each op's rule is in its record; this only walks. */
import { isFloat } from "../base/dtype.ts";
import { ShapeError } from "../base/errors.ts";
import { showShape, sizeOf } from "../base/shape.ts";
import { add, broadcastTo, build, constant } from "./build.ts";
import { type Node, topological } from "./node.ts";

/**
 * The gradient of `output` with respect to each node of `wrt`, as nodes of their shapes (zeros where nothing flows). Works on
 * its own results, so derivatives of any order come from applying it again.
 * @param cotangent what flows into the output; 1 by default, for which the output must hold one element.
 * @throws ShapeError when the output holds several elements and no cotangent is given.
 */
export function gradient(output: Node, wrt: readonly Node[], cotangent?: Node): Node[] {
  if (cotangent === undefined && sizeOf(output.shape) !== 1) {
    throw new ShapeError("graph/gradient-of-many", {
      received: `the gradient of a node of shape ${showShape(output.shape)} was asked for`,
      expected: "one number has a gradient; several need a cotangent of their shape",
      hint: "Sum the output first, or pass a cotangent.",
    });
  }
  const order = topological([output]);
  const reaches = new Set<Node>(wrt);
  for (const node of order) if (node.inputs.some((x) => reaches.has(x))) reaches.add(node);

  const flowing = new Map<Node, Node>([[output, cotangent ?? constant(1, output.dtype, output.shape)]]);
  for (const node of order.reverse()) {
    const arriving = flowing.get(node);
    if (arriving === undefined || !reaches.has(node) || !isFloat(node.dtype)) continue;
    const leaving = node.op.gradient?.(build, node, arriving) ?? [];
    node.inputs.forEach((x, i) => {
      const part = leaving[i];
      if (part === undefined || !reaches.has(x)) return;
      const known = flowing.get(x);
      flowing.set(x, known === undefined ? part : add(known, part));
    });
  }
  return wrt.map((x) => flowing.get(x) ?? broadcastTo(constant(0, x.dtype), x.shape));
}

/**
 * productShape: elementwise work on a reshaped matrix product is done in the product's own shape, a matrix, and reshaped
 * afterwards: only there can it be the product's epilogue, or share a pass over memory with sums of its columns.
 */
import { type Shape, sizeOf } from "../../base/shape.ts";
import { build as b, constantValue, type Node, type Operand, ops, rewrite } from "../../graph/index.ts";

/** Rows of the last axis, as a matrix. */
const asMatrix = (shape: Shape): Shape => [sizeOf(shape.slice(0, -1)), shape.at(-1) as number];

/** The matrix that an operand is a reshape of, where only leading axes were split. */
function matrixBehind(operand: Node): Node | undefined {
  if (operand.op !== ops.reshape || operand.shape.length < 3) return undefined;
  const inner = operand.inputs[0] as Node;
  const same = inner.shape.length === 2 && inner.shape[1] === operand.shape.at(-1);
  return same ? inner : undefined;
}

/** Operands that lie row by row, or are the same everywhere: seen as a matrix they cost nothing. */
const isFree = (operand: Node): boolean =>
  constantValue(operand) !== undefined || operand.op === ops.reshape || operand.op.kind !== "view";

function inProductShape(node: Node): Node | undefined {
  const make = b[node.op.name as keyof typeof b] as ((...operands: Operand[]) => Node) | undefined;
  // Ops with attributes of their own are few, and none of them an activation.
  const plain = node.op.kind === "elementwise" && node.op.scalar !== undefined && Object.keys(node.attrs).length === 0;
  if (!plain || make === undefined || !node.inputs.some(matrixBehind) || !node.inputs.every(isFree)) return undefined;
  return b.reshape(make(...node.inputs.map((x) => b.reshape(x, asMatrix(node.shape)))), node.shape);
}

export function productShape(outputs: readonly Node[]): Node[] {
  return rewrite(outputs, [inProductShape]);
}

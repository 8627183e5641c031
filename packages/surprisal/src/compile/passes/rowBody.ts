/** rowBody: a region of rows as a graph of its own for a block of them; its inputs and outputs are windows of what lies in memory. */
import { build, constantValue, input, type Node, ops } from "../../graph/index.ts";
import { makeNode } from "../../graph/node.ts";
import type { RowRegion } from "./fuse.ts";
import { isRowOperand } from "./rowRegion.ts";

/** The graph for one block of rows. */
export interface RowBody {
  readonly rows: number;
  /** Stand-ins for what lies in memory: rows of it, or all that the rows share. */
  readonly rowInputs: ReadonlyMap<Node, Node>;
  readonly sharedInputs: ReadonlyMap<Node, Node>;
  /** What each result and total of the region is here. */
  readonly outputs: ReadonlyMap<Node, Node>;
}

export function rowBody(region: RowRegion, rows: number): RowBody {
  const rowInputs = new Map<Node, Node>();
  const sharedInputs = new Map<Node, Node>();
  const made = new Map<Node, Node>();
  const blockShape = ([_, ...rest]: readonly number[]) => [rows, ...rest];

  const standIn = (into: Map<Node, Node>, node: Node, shape: readonly number[]): Node => {
    const known = into.get(node) ?? input(node.op.name, node.dtype, shape);
    into.set(node, known);
    return known;
  };
  const shared = (node: Node): Node => {
    if (constantValue(node) !== undefined || node.op === ops.iota) return node;
    if (node.op.kind !== "view") return standIn(sharedInputs, node, node.shape);
    return makeNode(node.op, [shared(node.inputs[0] as Node)], node.attrs);
  };
  const byRow = (node: Node): Node => {
    const known = made.get(node);
    if (known !== undefined) return known;
    const block = rebuild(node);
    made.set(node, block);
    return block;
  };
  // A single row and what rows share are the same thing.
  const takesRows = (node: Node, x: Node, i: number) =>
    region.nodes.has(x) || (region.rows > 1 && isRowOperand(node, i, region.rows));
  const rebuild = (node: Node): Node => {
    const value = constantValue(node);
    if (value !== undefined) return build.constant(value, node.dtype, blockShape(node.shape));
    if (node.op === ops.iota) return build.iota(node.attrs.axis, blockShape(node.shape));
    if (!region.nodes.has(node) && node.op.kind !== "view") return standIn(rowInputs, node, blockShape(node.shape));
    const inputs = node.inputs.map((x, i) => (takesRows(node, x, i) ? byRow(x) : shared(x)));
    if (node.op === ops.reshape || node.op === ops.broadcastTo)
      return makeNode(node.op, inputs, { ...node.attrs, shape: blockShape(node.shape) });
    return makeNode(node.op, inputs, node.attrs);
  };
  const outputs = new Map([...region.results, ...region.totals].map((node) => [node, byRow(node)]));
  return { rows, rowInputs, sharedInputs, outputs };
}

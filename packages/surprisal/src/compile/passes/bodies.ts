/** bodies: turns a fused unit into a kernel's phases. Decides which pass along the row computes what. */
import { type Shape, sameShape, sizeOf, stridesOf } from "../../base/shape.ts";
import { constantValue, type Node, ops } from "../../graph/index.ts";
import { expand, isCostly, literal } from "../expressions.ts";
import type {
  Access,
  ColumnSum,
  Expression,
  KernelBuffer,
  Phase,
  ReductionKind,
  RowReduction,
  Store,
} from "../kernel.ts";
import { columnBlock } from "../kernel.ts";
import { broadcastRow, type Fusion, isColumnSum, isRowLevel, type Unit } from "./fuse.ts";

/** Where nodes lie in memory, and room for what a kernel keeps to itself. */
export interface Placement {
  /** The buffer that holds a node row-major; asks for one if it has none yet. */
  bufferOf(node: Node): KernelBuffer;
  /** Whether the node must be written to memory at all. */
  isStored(node: Node): boolean;
  temporary(node: Pick<Node, "dtype">, elements: number): KernelBuffer;
}

/** Row-major strides of a shape within a space of equal rank; axes of size 1 stand still. */
const ownStrides = (shape: Shape): number[] => stridesOf(shape).map((stride, d) => (shape[d] === 1 ? 0 : stride));

/** Elementwise expressions of a unit's nodes, for one phase. */
function reader(unit: Unit, fusion: Fusion, placement: Placement, held: (node: Node) => Expression | undefined) {
  const made = new Map<Node, Expression>();
  const load = (operand: Node): Expression => {
    const view = fusion.viewOf(operand);
    const access: Access = {
      buffer: placement.bufferOf(view.base),
      offset: view.offset,
      strides: loadStrides(operand, view.strides),
    };
    return { kind: "load", access, dtype: operand.dtype };
  };
  const loadStrides = (operand: Node, strides: readonly number[]) =>
    strides.map((stride, d) => (operand.shape[d] === 1 ? 0 : stride));
  const read = (operand: Node): Expression => {
    const known = made.get(operand);
    if (known !== undefined) return known;
    const expression = make(operand);
    made.set(operand, expression);
    return expression;
  };
  const make = (operand: Node): Expression => {
    const value = constantValue(operand);
    if (value !== undefined) return literal(value, operand.dtype);
    if (operand.op === ops.iota) return iotaExpression(operand);
    const row = broadcastRow(operand);
    if (!unit.nodes.has(operand) && row !== undefined && unit.nodes.has(row) && !isColumnSum(row)) return read(row);
    if (!unit.nodes.has(operand) || isColumnSum(operand)) return load(operand);
    return held(operand) ?? compute(operand);
  };
  const compute = (node: Node): Expression => {
    if (node.op.kind === "view") return load(node.inputs[0] as Node);
    return expand(node, node.inputs.map(read));
  };
  return { read, compute, load };
}

function iotaExpression(node: Node): Expression {
  return {
    kind: "index",
    offset: 0,
    strides: node.shape.map((dim, d) => (d === node.attrs.axis && dim !== 1 ? 1 : 0)),
    dtype: "int32",
  };
}

/** The expression of a contraction's epilogue, over the product's space. */
export function epilogueStores(unit: Unit, product: Node, fusion: Fusion, placement: Placement): Store[] {
  const accumulator: Expression = { kind: "accumulator", dtype: product.dtype };
  const { read } = reader(unit, fusion, placement, (node) => (node === product ? accumulator : undefined));
  return [...unit.nodes]
    .filter(placement.isStored)
    .map((node) => ({ access: storeAccess(node, placement), value: read(node) }));
}

function storeAccess(node: Node, placement: Placement): Access {
  return { buffer: placement.bufferOf(node), offset: 0, strides: ownStrides(node.shape) };
}

const reductionKind = (node: Node): ReductionKind =>
  node.op === ops.sum ? "sum" : node.op === ops.max ? "max" : "argmax";

/** In which pass each node of a nest is computed; for row values, after which pass it is known (−1: before any). */
function schedule(unit: Unit): ReadonlyMap<Node, number> {
  const at = new Map<Node, number>();
  for (const node of [...unit.nodes].sort((a, b) => a.id - b.id)) {
    const rowNode = node.op.kind !== "reduction" && isRowLevel(node, unit.space);
    let phase = rowNode ? -1 : 0;
    for (const operand of node.inputs) {
      const row = broadcastRow(operand);
      const source = unit.nodes.has(operand) ? operand : row !== undefined && unit.nodes.has(row) ? row : undefined;
      if (source === undefined || isColumnSum(source)) continue;
      const known = at.get(source) as number;
      const isRowValue = source.op.kind === "reduction" || isRowLevel(source, unit.space);
      // A row value is known after its pass, so elements can use it from the next one on.
      phase = Math.max(phase, isRowValue && !rowNode ? known + 1 : known);
    }
    at.set(node, phase);
  }
  return at;
}

export function nestPhases(unit: Unit, fusion: Fusion, placement: Placement): Phase[] {
  const at = schedule(unit);
  const nodes = [...unit.nodes].sort((a, b) => a.id - b.id);
  const isElement = (node: Node) => node.op.kind !== "reduction" && !isRowLevel(node, unit.space);
  const count = Math.max(0, ...at.values()) + 1;
  const reductions = new Map<Node, RowReduction>();
  const kept = keptElements(unit, nodes, at, isElement, placement);
  const rowExpressions = new Map<Node, Expression>();

  const columns = unit.space.at(-1) ?? 1;
  const rows = columns === 0 ? 0 : sizeOf(unit.space) / columns;
  const phases: Phase[] = [];
  for (let p = 0; p < count; p++) {
    const held = (node: Node): Expression | undefined => {
      const reduction = reductions.get(node);
      if (reduction !== undefined) return { kind: "reduced", reduction, dtype: reduction.dtype };
      const keeper = kept.get(node);
      if (keeper !== undefined && (at.get(node) as number) < p)
        return { kind: "load", access: keeper, dtype: node.dtype };
      return rowExpressions.get(node);
    };
    const { read } = reader(unit, fusion, placement, held);
    const here = (node: Node) => at.get(node) === p || (p === 0 && at.get(node) === -1);
    const stores: Store[] = [];
    const rowReductions: RowReduction[] = [];
    const columnSums: ColumnSum[] = [];
    const rowStores: Store[] = [];
    for (const node of nodes.filter(here)) {
      if (node.op.kind === "reduction") {
        const source = read(node.inputs[0] as Node);
        if (isColumnSum(node)) {
          const partials =
            rows > columnBlock ? placement.temporary(node, Math.ceil(rows / columnBlock) * columns) : undefined;
          columnSums.push({ value: source, into: storeAccess(node, placement), ...(partials && { partials }) });
        } else {
          const reduction: RowReduction = { kind: reductionKind(node), source, dtype: node.dtype };
          reductions.set(node, reduction);
          rowReductions.push(reduction);
        }
      } else if (isElement(node)) {
        const keeper = kept.get(node);
        if (placement.isStored(node)) stores.push({ access: storeOf(node, unit, placement), value: read(node) });
        else if (keeper !== undefined) stores.push({ access: keeper, value: read(node) });
      }
    }
    // Row values come after the pass, from reductions that it finished; a fresh reader sees those.
    const after = reader(unit, fusion, placement, held);
    for (const node of nodes.filter((n) => here(n) && !isElement(n) && !isColumnSum(n))) {
      if (node.op.kind !== "reduction") rowExpressions.set(node, after.read(node));
      if (placement.isStored(node)) rowStores.push({ access: storeAccess(node, placement), value: after.read(node) });
    }
    phases.push({ stores, reductions: rowReductions, columnSums, rowStores });
  }
  return phases;
}

/** Copies are written in their operand's space, row-major like everything. */
function storeOf(node: Node, unit: Unit, placement: Placement): Access {
  if (sameShape(node.shape, unit.space)) return storeAccess(node, placement);
  return { buffer: placement.bufferOf(node), offset: 0, strides: ownStrides(unit.space) };
}

/**
 * Elements that a later pass needs and that are dear to compute again stay in memory: in their own buffer if they have one,
 * else in one row of scratch.
 */
function keptElements(
  unit: Unit,
  nodes: readonly Node[],
  at: ReadonlyMap<Node, number>,
  isElement: (node: Node) => boolean,
  placement: Placement,
): Map<Node, Access> {
  const kept = new Map<Node, Access>();
  // The last pass that needs each element, through cheap ones that are computed again.
  const needed = new Map<Node, number>();
  for (const user of [...nodes].reverse()) {
    const passes = isElement(user) && !placement.isStored(user) && !isCostly(user) ? needed.get(user) : undefined;
    const last = Math.max(at.get(user) as number, passes ?? -1);
    for (const operand of user.inputs) needed.set(operand, Math.max(needed.get(operand) ?? -1, last));
  }
  for (const node of nodes) {
    if (!isElement(node) || (needed.get(node) ?? -1) <= (at.get(node) as number)) continue;
    if (placement.isStored(node)) kept.set(node, storeOf(node, unit, placement));
    else if (isCostly(node)) {
      const buffer = placement.temporary(node, unit.space.at(-1) ?? 1);
      kept.set(node, { buffer, offset: 0, strides: unit.space.map((_, d) => (d === unit.space.length - 1 ? 1 : 0)) });
    }
  }
  return kept;
}

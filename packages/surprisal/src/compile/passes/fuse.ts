/**
 * fuse: groups nodes into units, each of which becomes one kernel. A node joins the unit of something it reads when both walk
 * the same index space and no other unit lies between them; otherwise it starts a unit of its own.
 */
import { type Shape, sameShape } from "../../base/shape.ts";
import { constantValue, type Node, ops, topological } from "../../graph/index.ts";
import { type View, viewResolver } from "./views.ts";

export type UnitKind = "nest" | "contraction" | "indexed" | "rows";

/** Nodes that one kernel computes. */
export interface Unit {
  readonly id: number;
  kind: UnitKind;
  /** The index space: the shape of its elementwise nodes. */
  readonly space: Shape;
  readonly nodes: Set<Node>;
  /** Units that must run before. */
  readonly deps: Set<Unit>;
  /** Nodes in memory that it reads. */
  readonly reads: Set<Node>;
  /** Of a unit of kind "rows". */
  readonly region?: RowRegion;
}

/** Nodes that are computed block by block of rows (`rowRegion.ts` finds them). */
export interface RowRegion {
  readonly rows: number;
  readonly nodes: ReadonlySet<Node>;
  /** Those that others read, as they lie in memory: a row for each row. */
  readonly results: readonly Node[];
  /** Those that add up over the rows, complete only when all are done. */
  readonly totals: readonly Node[];
  /** What must be there before, in memory. */
  readonly operands: readonly Node[];
}

export interface Fusion {
  readonly units: readonly Unit[];
  readonly unitOf: ReadonlyMap<Node, Unit>;
  readonly viewOf: (node: Node) => View;
}

/** Kernels beyond this many nodes compile slowly and spill. */
const largestUnit = 160;

const rowShapeOf = (space: Shape): Shape => (space.length === 0 ? space : [...space.slice(0, -1), 1]);

/** Nodes that cost no memory: their value is in the expression. */
export const isInline = (node: Node): boolean => constantValue(node) !== undefined || node.op === ops.iota;

/** A sum down the leading axis: complete only when the whole space has been walked. */
export const isColumnSum = (node: Node): boolean =>
  node.op === ops.sum && node.attrs.axes[0] !== (node.inputs[0] as Node).shape.length - 1;

/** Nodes whose value is the same along the row of the unit's space. */
export const isRowLevel = (node: Node, space: Shape): boolean =>
  !sameShape(node.shape, space) && sameShape(node.shape, rowShapeOf(space));

/** The row value behind a broadcast along the last axis, if that is what the operand is. */
export function broadcastRow(operand: Node): Node | undefined {
  if (operand.op !== ops.broadcastTo) return undefined;
  const inner = operand.inputs[0] as Node;
  return isRowLevel(inner, operand.shape) ? inner : undefined;
}

/** Reachability over a graph that grows while it is asked. */
function dependsOn(unit: Unit, target: Unit): boolean {
  const seen = new Set<Unit>();
  const stack = [unit];
  for (let u = stack.pop(); u !== undefined; u = stack.pop()) {
    if (u === target) return true;
    for (const dep of u.deps) {
      // A unit is made after what it reads, but joins can add later ones, so no pruning by id.
      if (!seen.has(dep)) {
        seen.add(dep);
        stack.push(dep);
      }
    }
  }
  return false;
}

/** @param region nodes that become one unit, which works on them in blocks of rows. */
export function fuse(outputs: readonly Node[], region?: RowRegion): Fusion {
  const viewOf = viewResolver();
  const unitOf = new Map<Node, Unit>();
  /** In the order in which they were made. */
  const units = new Set<Unit>();

  const create = (kind: UnitKind, space: Shape, node: Node): Unit => {
    const unit: Unit = { id: units.size, kind, space, nodes: new Set(), deps: new Set(), reads: new Set() };
    units.add(unit);
    admit(unit, node);
    return unit;
  };

  /** What an operand needs when read by a node of this unit: nothing, or a node in memory. */
  const memoryOperand = (unit: Unit | undefined, operand: Node, level: "element" | "row"): Node | undefined => {
    if (isInline(operand)) return undefined;
    const row = level === "element" ? broadcastRow(operand) : undefined;
    for (const direct of row === undefined ? [operand] : [operand, row]) {
      if (unit?.nodes.has(direct) && !isColumnSum(direct)) return undefined;
    }
    return viewOf(operand).base;
  };

  const levelIn = (node: Node, space: Shape): "element" | "row" =>
    node.op.kind !== "reduction" && isRowLevel(node, space) ? "row" : "element";

  const canJoin = (unit: Unit, node: Node): boolean => {
    if (unit.kind === "indexed" || unit.kind === "rows" || unit.nodes.size >= largestUnit) return false;
    const space = node.op.kind === "reduction" ? (node.inputs[0] as Node).shape : node.shape;
    const fits = sameShape(space, unit.space) || (node.op.kind !== "reduction" && isRowLevel(node, unit.space));
    if (!fits) return false;
    if (unit.kind === "contraction" && (node.op.kind !== "elementwise" || !sameShape(node.shape, unit.space)))
      return false;
    return node.inputs.every((operand) => {
      const base = memoryOperand(unit, operand, levelIn(node, unit.space));
      if (base === undefined) return true;
      const source = unitOf.get(base);
      return source === undefined || (source !== unit && !dependsOn(source, unit));
    });
  };

  const admit = (unit: Unit, node: Node): void => {
    unit.nodes.add(node);
    unitOf.set(node, unit);
    for (const operand of node.inputs) {
      const base = memoryOperand(unit, operand, levelIn(node, unit.space));
      if (base === undefined || base === node) continue;
      unit.reads.add(base);
      const source = unitOf.get(base);
      if (source !== undefined && source !== unit) unit.deps.add(source);
    }
  };

  /** Joins two independent units of one space, so that what reads both can follow. */
  const merge = (into: Unit, from: Unit): void => {
    for (const node of from.nodes) {
      into.nodes.add(node);
      unitOf.set(node, into);
    }
    for (const dep of from.deps) into.deps.add(dep);
    for (const base of from.reads) into.reads.add(base);
    for (const unit of units) if (unit.deps.delete(from)) unit.deps.add(into);
    from.nodes.clear();
    from.deps.clear();
    units.delete(from);
  };

  const mergeable = (a: Unit, b: Unit): boolean =>
    a !== b &&
    a.kind === "nest" &&
    b.kind === "nest" &&
    sameShape(a.space, b.space) &&
    a.nodes.size + b.nodes.size < largestUnit &&
    !dependsOn(a, b) &&
    !dependsOn(b, a);

  /** Units that compute something the node reads, latest first. */
  const producers = (node: Node): Unit[] => {
    const found = new Set<Unit>();
    for (const operand of node.inputs) {
      for (const direct of [operand, broadcastRow(operand)]) {
        const unit = direct && unitOf.get(direct);
        if (unit !== undefined) found.add(unit);
      }
    }
    return [...found].sort((a, b) => b.id - a.id);
  };

  const place = (node: Node): void => {
    const own = producers(node);
    const space = node.op.kind === "reduction" ? (node.inputs[0] as Node).shape : node.shape;
    for (const a of own)
      for (const b of own) {
        if (units.has(a) && units.has(b) && mergeable(a, b)) merge(a, b);
      }
    const candidates = own.filter((unit) => units.has(unit));
    const readsSame = (unit: Unit) =>
      unit.kind === "nest" &&
      sameShape(unit.space, space) &&
      node.inputs.some((operand) => !isInline(operand) && unit.reads.has(viewOf(operand).base));
    if (node.op.kind === "reduction") candidates.push(...[...units].filter(readsSame).reverse());
    const home = candidates.find((unit) => canJoin(unit, node));
    if (home === undefined) create("nest", space, node);
    else admit(home, node);
  };

  const placeRegion = (region: RowRegion): void => {
    const unit: Unit = {
      id: units.size,
      kind: "rows",
      space: [region.rows],
      nodes: new Set(region.nodes),
      deps: new Set(),
      reads: new Set(region.operands),
      region,
    };
    units.add(unit);
    for (const node of region.nodes) unitOf.set(node, unit);
    for (const base of region.operands) {
      const source = unitOf.get(base);
      if (source !== undefined) unit.deps.add(source);
    }
  };

  const inMemory = inlineInMemory(outputs);
  // All that a region needs comes before any of it.
  const inputsOf = (node: Node) => (region?.nodes.has(node) ? region.operands : node.inputs);
  for (const node of topological(outputs, inputsOf)) {
    const { kind } = node.op;
    if (region?.nodes.has(node)) {
      if (!unitOf.has(node)) placeRegion(region);
      continue;
    }
    if (isInline(node) && !inMemory.has(node)) continue;
    if (kind === "source" && node.op !== ops.iota && constantValue(node) === undefined) continue;
    if (kind === "view") {
      // A reshape that no strides express: a copy, in the order of its operand.
      if (viewOf(node).base === node) create("nest", (node.inputs[0] as Node).shape, node);
    } else if (kind === "contraction") create("contraction", node.shape, node);
    else if (kind === "indexed") create("indexed", node.shape, node);
    else if (isInline(node)) create("nest", node.shape, node);
    else place(node);
  }
  return { units: [...units], unitOf, viewOf };
}

/** Inline nodes that somebody needs in memory: outputs, and what is behind a view or an operand of a matrix product. */
function inlineInMemory(outputs: readonly Node[]): Set<Node> {
  const users = new Set<Node>(outputs);
  for (const node of topological(outputs)) {
    if (node.op.kind === "elementwise" || node.op.kind === "reduction") continue;
    for (const operand of node.inputs) if (isInline(operand)) users.add(operand);
  }
  return users;
}

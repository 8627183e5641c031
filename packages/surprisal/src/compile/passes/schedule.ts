/**
 * schedule: the order in which units run, and which results go straight into the buffers they are meant for. A result may
 * overwrite state that other units still read only after those have run.
 */
import { sameShape } from "../../base/shape.ts";
import type { Node } from "../../graph/index.ts";
import type { DeviceBuffer } from "../device.ts";
import type { Fusion, Unit } from "./fuse.ts";

export interface Schedule {
  readonly order: readonly Unit[];
  /** Results that are written into a device buffer directly. */
  readonly direct: ReadonlyMap<Node, DeviceBuffer>;
  /** Results that have to be copied into their device buffer when everything has run. */
  readonly copies: readonly { readonly node: Node; readonly into: DeviceBuffer }[];
}

export interface Ends {
  readonly outputs: readonly { readonly node: Node; readonly into: DeviceBuffer }[];
  readonly bindings: ReadonlyMap<Node, DeviceBuffer>;
}

export function schedule({ units, unitOf, viewOf }: Fusion, { outputs, bindings }: Ends): Schedule {
  const after = new Map<Unit, Set<Unit>>(units.map((unit) => [unit, new Set(unit.deps)]));
  const dependsOn = (unit: Unit, target: Unit, seen = new Set<Unit>()): boolean => {
    if (unit === target) return true;
    if (seen.has(unit)) return false;
    seen.add(unit);
    for (const dep of after.get(unit) as Set<Unit>) if (dependsOn(dep, target, seen)) return true;
    return false;
  };

  const direct = new Map<Node, DeviceBuffer>();
  const copies: { node: Node; into: DeviceBuffer }[] = [];
  const readersOf = readersByBuffer(units, bindings);
  for (const { node, into } of outputs) {
    const writer = unitOf.get(node) as Unit;
    const readers = readersOf.get(into) ?? [];
    const others = readers.filter((unit) => unit !== writer);
    const safe =
      !direct.has(node) &&
      others.every((reader) => !dependsOn(reader, writer)) &&
      (!readers.includes(writer) || overwritesInStep(writer, node, into, bindings, viewOf));
    if (!safe) copies.push({ node, into });
    else {
      direct.set(node, into);
      for (const reader of others) after.get(writer)?.add(reader);
    }
  }
  return { order: topologicalUnits(units, after), direct, copies };
}

/** The units that read each buffer, in their order. */
function readersByBuffer(units: readonly Unit[], bindings: Ends["bindings"]): Map<DeviceBuffer, Unit[]> {
  const found = new Map<DeviceBuffer, Unit[]>();
  for (const unit of units) {
    for (const buffer of new Set([...unit.reads].map((base) => bindings.get(base)))) {
      if (buffer === undefined) continue;
      const known = found.get(buffer);
      if (known === undefined) found.set(buffer, [unit]);
      else known.push(unit);
    }
  }
  return found;
}

/**
 * Whether each element of the buffer is read only where the same element of the result is made: one pass, and every read
 * of the buffer covers it as the result does.
 */
function overwritesInStep(
  unit: Unit,
  node: Node,
  into: DeviceBuffer,
  bindings: ReadonlyMap<Node, DeviceBuffer>,
  viewOf: Fusion["viewOf"],
): boolean {
  if (unit.kind === "indexed" || unit.kind === "rows") return false;
  for (const user of unit.nodes) {
    if (user.op.kind === "reduction") return false;
    for (const operand of user.inputs) {
      const { base, offset, strides } = viewOf(operand);
      if (bindings.get(base) !== into) continue;
      const inStep =
        user.op.kind === "elementwise" &&
        offset === 0 &&
        sameShape(operand.shape, node.shape) &&
        strides.every((stride, d) => operand.shape[d] === 1 || stride === (viewOf(node).strides[d] as number));
      if (!inStep) return false;
    }
  }
  return true;
}

function topologicalUnits(units: readonly Unit[], after: ReadonlyMap<Unit, ReadonlySet<Unit>>): Unit[] {
  const order: Unit[] = [];
  const done = new Set<Unit>();
  const visit = (unit: Unit): void => {
    if (done.has(unit)) return;
    done.add(unit);
    for (const dep of [...(after.get(unit) as ReadonlySet<Unit>)].sort((a, b) => a.id - b.id)) visit(dep);
    order.push(unit);
  };
  for (const unit of [...units].sort((a, b) => a.id - b.id)) visit(unit);
  return order;
}

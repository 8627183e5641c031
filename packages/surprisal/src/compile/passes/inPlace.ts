/**
 * inPlace: results that may lie where an operand lay. A nest reads an element and writes the result's element of the same place before it goes
 * on, so an operand that nobody needs afterwards gives its memory to a result of the same size.
 */
import { sizeOf, stridesOf } from "../../base/shape.ts";
import {
  type Access,
  type Expression,
  type Kernel,
  type KernelBuffer,
  type NestKernel,
  type Phase,
  wholeOf,
} from "../kernel.ts";

interface Uses {
  /** The last phase that reads it, and the first that writes it. */
  read: number;
  written: number;
  /** Every access covers it element by element, in the order of the space. */
  inStep: boolean;
}

/** Of one kernel: whether `result`, written there first, may take the memory of `operand`, read there last. */
export function mayReplace(kernel: Kernel, operand: KernelBuffer, result: KernelBuffer): boolean {
  if (kernel.family !== "map" && kernel.family !== "row") return false;
  if ((operand.dtype === "float64") !== (result.dtype === "float64")) return false;
  const uses = usesOf(kernel);
  const [from, into] = [uses.get(operand), uses.get(result)];
  if (from === undefined || into === undefined) return false;
  const isOnlyRead = from.written === Infinity && from.inStep;
  return isOnlyRead && into.inStep && from.read <= into.written;
}

const known = new WeakMap<NestKernel, ReadonlyMap<KernelBuffer, Uses>>();

function usesOf(kernel: NestKernel): ReadonlyMap<KernelBuffer, Uses> {
  const before = known.get(kernel);
  if (before !== undefined) return before;
  const uses = new Map<KernelBuffer, Uses>();
  const rowMajor = stridesOf(kernel.space);
  const elements = sizeOf(kernel.space);
  const use = (buffer: KernelBuffer): Uses => {
    const found = uses.get(buffer) ?? { read: -1, written: Infinity, inStep: true };
    uses.set(buffer, found);
    return found;
  };
  const touch = ({ buffer, offset, strides }: Access, inWalk: boolean): Uses => {
    const found = use(wholeOf(buffer));
    const covers = offset === 0 && buffer.elements === elements && strides.every((s, d) => s === rowMajor[d]);
    if (!inWalk || !covers || buffer.place.kind === "window") found.inStep = false;
    return found;
  };
  kernel.phases.forEach((phase, p) => {
    const seen = new Set<Expression>();
    const visit = (e: Expression, inWalk: boolean): void => {
      if (seen.has(e)) return;
      seen.add(e);
      if (e.kind === "load") touch(e.access, inWalk).read = p;
      else if (e.kind === "op") for (const arg of e.args) visit(arg, inWalk);
    };
    for (const value of walked(phase)) visit(value, true);
    seen.clear();
    for (const { access, value } of phase.rowStores) {
      visit(value, false);
      touch(access, false);
    }
    for (const { access } of phase.stores) {
      const found = touch(access, true);
      found.written = Math.min(found.written, p);
    }
    for (const { into, partials, running } of phase.columnSums)
      for (const buffer of [into.buffer, partials, running?.block])
        if (buffer !== undefined) use(buffer).inStep = false;
  });
  if (kernel.blockSums !== undefined) use(kernel.blockSums).inStep = false;
  known.set(kernel, uses);
  return uses;
}

function walked({ stores, reductions, columnSums }: Phase): Expression[] {
  return [
    ...stores.map(({ value }) => value),
    ...reductions.map(({ source }) => source),
    ...columnSums.map(({ value }) => value),
  ];
}

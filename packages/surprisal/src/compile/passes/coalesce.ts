/** coalesce: merges axes of an index space that memory does not tell apart, and drops those of length 1. */
import type { Shape } from "../../base/shape.ts";
import type { Expression, NestKernel, Phase } from "../kernel.ts";
import { mapStrides } from "./remap.ts";

type Strided = { readonly offset: number; readonly strides: readonly number[] };

/** Every strided thing in the kernel, and the kernel rebuilt with other strides. */
export function coalesce(kernel: NestKernel): NestKernel {
  const strided = collect(kernel.phases);
  const groups = axisGroups(kernel.space, strided, kernel.family === "row");
  // Most often nothing joins: then nothing is rebuilt.
  if (groups.length === kernel.space.length) return kernel;
  const space = groups.map((axes) => axes.reduce((n, d) => n * (kernel.space[d] ?? 1), 1));
  const remap = (strides: readonly number[]) => groups.map((axes) => strides[axes.at(-1) as number] ?? 0);
  return { ...kernel, space, phases: mapStrides(kernel.phases, remap) };
}

/** Runs of axes that become one, outermost first; at least one (a scalar's only axis is the one before the first: −1). */
function axisGroups(space: Shape, strided: readonly Strided[], keepLast: boolean): number[][] {
  const last = space.length - 1;
  const groups: number[][] = [];
  for (let d = 0; d <= last; d++) {
    if (space[d] === 1 && !(keepLast && d === last)) continue;
    const before = groups.at(-1)?.at(-1);
    const joins =
      before !== undefined &&
      !(keepLast && d === last) &&
      strided.every(({ strides }) => strides[before] === (strides[d] as number) * (space[d] as number));
    if (joins) groups.at(-1)?.push(d);
    else groups.push([d]);
  }
  return groups.length === 0 ? [[last]] : groups;
}

function collect(phases: readonly Phase[]): Strided[] {
  const found = new Set<Strided>();
  const seen = new Set<Expression>();
  const visit = (e: Expression): void => {
    if (e.kind === "constant" || seen.has(e)) return;
    seen.add(e);
    if (e.kind === "load") found.add(e.access);
    else if (e.kind === "index") found.add(e);
    else if (e.kind === "op") e.args.forEach(visit);
    else if (e.kind === "reduced") visit(e.reduction.source);
  };
  for (const phase of phases) {
    for (const { access, value } of [...phase.stores, ...phase.rowStores]) {
      found.add(access);
      visit(value);
    }
    for (const { source } of phase.reductions) visit(source);
    for (const { value, into } of phase.columnSums) {
      found.add(into);
      visit(value);
    }
  }
  return [...found];
}

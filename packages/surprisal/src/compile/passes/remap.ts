/** remap: kernels' bodies rebuilt with other accesses or strides. What was shared stays shared. */
import type { Access, Expression, Phase, RowReduction, Store } from "../kernel.ts";

type Strides = readonly number[];

/** The phases with every access, and the strides of every index, changed. */
function mapPhases(
  phases: readonly Phase[],
  access: (access: Access) => Access,
  strides: (strides: Strides) => Strides,
): Phase[] {
  const expressions = new Map<Expression, Expression>();
  const reductions = new Map<RowReduction, RowReduction>();
  const reduction = (r: RowReduction): RowReduction => {
    const made = reductions.get(r) ?? { ...r, source: expression(r.source) };
    reductions.set(r, made);
    return made;
  };
  const expression = (e: Expression): Expression => {
    const known = expressions.get(e);
    if (known !== undefined) return known;
    let made = e;
    if (e.kind === "load") made = { ...e, access: access(e.access) };
    else if (e.kind === "index") made = { ...e, strides: strides(e.strides) };
    else if (e.kind === "op") {
      const call = e.call && { call: { ...e.call, args: e.call.args.map(expression) } };
      made = { ...e, args: e.args.map(expression), ...call };
    } else if (e.kind === "reduced") made = { ...e, reduction: reduction(e.reduction) };
    expressions.set(e, made);
    return made;
  };
  const store = (s: Store): Store => ({ access: access(s.access), value: expression(s.value) });
  return phases.map((phase) => ({
    stores: phase.stores.map(store),
    reductions: phase.reductions.map(reduction),
    columnSums: phase.columnSums.map((c) => ({ ...c, value: expression(c.value), into: access(c.into) })),
    rowStores: phase.rowStores.map(store),
  }));
}

/** The phases with other strides everywhere. */
export const mapStrides = (phases: readonly Phase[], remap: (strides: Strides) => number[]): Phase[] =>
  mapPhases(phases, (access) => ({ ...access, strides: remap(access.strides) }), remap);

/** The stores of a product with other accesses. */
export function mapStores(
  stores: readonly Store[],
  access: (access: Access) => Access,
  strides: (strides: Strides) => Strides = (same) => same,
): readonly Store[] {
  const [phase] = mapPhases([{ stores, reductions: [], columnSums: [], rowStores: [] }], access, strides);
  return phase?.stores ?? [];
}

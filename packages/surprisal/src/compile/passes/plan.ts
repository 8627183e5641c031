/** plan: places temporaries in one arena, sharing bytes between those that are never needed at the same time. */
import type { Expression, Kernel, KernelBuffer, KernelProgram, Store } from "../kernel.ts";

/** Every buffer starts on a multiple of this, so vector accesses of any target are aligned. */
export const alignment = 64;

export interface MemoryPlan {
  /** Byte offset in the arena of each temporary. */
  readonly offsets: ReadonlyMap<KernelBuffer, number>;
  readonly bytes: number;
  /** What it would be without sharing. */
  readonly bytesWithoutReuse: number;
}

export const bytesOf = (buffer: KernelBuffer): number => buffer.elements * (buffer.dtype === "float64" ? 8 : 4);

const padded = (bytes: number): number => Math.max(alignment, Math.ceil(bytes / alignment) * alignment);

/**
 * Places every temporary of a program.
 * @param gap bytes kept free behind every buffer; tests put red zones there, and then nothing is shared.
 */
export function plan(program: KernelProgram, gap = 0): MemoryPlan {
  const lives = lifetimes(program.kernels);
  const placed: { buffer: KernelBuffer; from: number; to: number; start: number; end: number }[] = [];
  let bytes = 0;
  let bytesWithoutReuse = 0;
  // Largest first leaves the fewest holes; ties by age keep the plan the same every time.
  const bySize = [...lives].sort(([a], [b]) => bytesOf(b) - bytesOf(a) || a.id - b.id);
  for (const [buffer, { from, to }] of bySize) {
    const size = padded(bytesOf(buffer)) + gap;
    bytesWithoutReuse += size;
    const busy = placed.filter((p) => gap > 0 || (p.from <= to && from <= p.to)).sort((a, b) => a.start - b.start);
    let start = 0;
    for (const other of busy) {
      if (other.start - start >= size) break;
      start = Math.max(start, other.end);
    }
    placed.push({ buffer, from, to, start, end: start + size });
    bytes = Math.max(bytes, start + size);
  }
  return { offsets: new Map(placed.map((p) => [p.buffer, p.start])), bytes, bytesWithoutReuse };
}

/** First and last kernel that touches each temporary. */
function lifetimes(kernels: readonly Kernel[]): Map<KernelBuffer, { from: number; to: number }> {
  const lives = new Map<KernelBuffer, { from: number; to: number }>();
  kernels.forEach((kernel, i) => {
    for (const buffer of buffersOf(kernel)) {
      if (buffer.place.kind !== "temporary") continue;
      lives.set(buffer, { from: lives.get(buffer)?.from ?? i, to: i });
    }
  });
  return lives;
}

/** The buffers a kernel touches. */
export function buffersOf(kernel: Kernel): Set<KernelBuffer> {
  const found = new Set<KernelBuffer>();
  if (kernel.family === "gather") return found.add(kernel.source).add(kernel.indices).add(kernel.out);
  if (kernel.family === "scatterAdd") return found.add(kernel.indices).add(kernel.updates).add(kernel.out);
  const seen = new Set<Expression>();
  const visit = (e: Expression): void => {
    if (e.kind === "constant" || seen.has(e)) return;
    seen.add(e);
    if (e.kind === "load") found.add(e.access.buffer);
    else if (e.kind === "op") for (const arg of e.args) visit(arg);
    else if (e.kind === "reduced") visit(e.reduction.source);
  };
  const store = ({ access, value }: Store): void => {
    found.add(access.buffer);
    visit(value);
  };
  if (kernel.family === "contraction") {
    found.add(kernel.a.buffer).add(kernel.b.buffer).add(kernel.workspace);
    kernel.stores.forEach(store);
    return found;
  }
  if (kernel.family === "convolution") {
    const { a, b, workspace } = kernel;
    for (const buffer of [a.buffer, a.rows, a.inner, b.buffer, b.inner, workspace]) found.add(buffer);
    kernel.stores.forEach(store);
    return found;
  }
  if (kernel.blockSums !== undefined) found.add(kernel.blockSums);
  for (const { stores, rowStores, reductions, columnSums } of kernel.phases) {
    stores.forEach(store);
    rowStores.forEach(store);
    for (const { source } of reductions) visit(source);
    for (const { value, into, partials } of columnSums) {
      store({ access: into, value });
      if (partials !== undefined) found.add(partials);
    }
  }
  return found;
}

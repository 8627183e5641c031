/** plan: places temporaries in one arena, sharing bytes between those that are never needed at the same time. */
import {
  type Expression,
  elementBytes,
  type Kernel,
  type KernelBuffer,
  type KernelProgram,
  type Store,
  wholeOf,
} from "../kernel.ts";
import { mayReplace } from "./inPlace.ts";

/** Every buffer starts on a multiple of this, so vector accesses of any target are aligned. */
export const alignment = 64;

export interface MemoryPlan {
  /** Byte offset in the arena of each temporary. */
  readonly offsets: ReadonlyMap<KernelBuffer, number>;
  readonly bytes: number;
  /** What it would be without sharing. */
  readonly bytesWithoutReuse: number;
}

export const bytesOf = (buffer: KernelBuffer): number => buffer.elements * elementBytes(buffer.dtype);

const padded = (bytes: number): number => Math.max(alignment, Math.ceil(bytes / alignment) * alignment);

/**
 * Places every temporary of a program.
 * @param gap bytes kept free behind every buffer; tests put red zones there, and then nothing is shared.
 */
export function plan(program: KernelProgram, gap = 0): MemoryPlan {
  const flat = inOrder(program.kernels);
  const lives = lifetimes(program.kernels);
  const placed: Placed[] = [];
  let bytes = 0;
  let bytesWithoutReuse = 0;
  // Largest first leaves the fewest holes; ties by age keep the plan the same every time.
  const bySize = [...lives].sort(([a], [b]) => bytesOf(b) - bytesOf(a) || a.id - b.id);
  for (const [buffer, { from, to }] of bySize) {
    const size = padded(bytesOf(buffer)) + gap;
    bytesWithoutReuse += size;
    const busy = placed.filter((p) => gap > 0 || (p.from <= to && from <= p.to)).sort((a, b) => a.start - b.start);
    const isGiven = (other: Placed) =>
      gap === 0 &&
      other.end - other.start === size &&
      ((other.to === from && mayReplace(flat[from] as Kernel, other.buffer, buffer)) ||
        (to === other.from && mayReplace(flat[to] as Kernel, buffer, other.buffer)));
    const clashes = (given: Placed) => busy.some((p) => p !== given && p.start < given.end && given.start < p.end);
    let start = 0;
    const given = busy.find((other) => isGiven(other) && !clashes(other));
    if (given !== undefined) start = given.start;
    else {
      for (const other of busy) {
        if (other.start - start >= size) break;
        start = Math.max(start, other.end);
      }
    }
    placed.push({ buffer, from, to, start, end: start + size });
    bytes = Math.max(bytes, start + size);
  }
  return { offsets: new Map(placed.map((p) => [p.buffer, p.start])), bytes, bytesWithoutReuse };
}

interface Placed {
  readonly buffer: KernelBuffer;
  readonly from: number;
  readonly to: number;
  readonly start: number;
  readonly end: number;
}

/** All kernels one after another, those inside loops too. */
const inOrder = (kernels: readonly Kernel[]): Kernel[] =>
  kernels.flatMap((kernel) => (kernel.family === "loop" ? inOrder(kernel.body) : [kernel]));

/**
 * First and last kernel that touches each temporary, counting those inside loops. What a loop shares with the kernels around it must
 * outlive all rounds; what only its body touches lives within one.
 */
function lifetimes(kernels: readonly Kernel[]): Map<KernelBuffer, { from: number; to: number }> {
  const lives = new Map<KernelBuffer, { from: number; to: number }>();
  const loops: { from: number; to: number }[] = [];
  let at = 0;
  const walk = (kernel: Kernel): void => {
    if (kernel.family === "loop") {
      const from = at;
      kernel.body.forEach(walk);
      loops.push({ from, to: at - 1 });
      return;
    }
    for (const buffer of buffersOf(kernel)) {
      if (buffer.place.kind === "temporary") lives.set(buffer, { from: lives.get(buffer)?.from ?? at, to: at });
    }
    at++;
  };
  kernels.forEach(walk);
  // Inner loops come before those around them.
  for (const loop of loops) {
    for (const [buffer, { from, to }] of lives) {
      const apart = to < loop.from || from > loop.to;
      const inside = from >= loop.from && to <= loop.to;
      if (!apart && !inside) lives.set(buffer, { from: Math.min(from, loop.from), to: Math.max(to, loop.to) });
    }
  }
  return lives;
}

/** The buffers a kernel touches; of a window the one that it is a part of. A loop touches what its body does. */
export function buffersOf(kernel: Kernel): Set<KernelBuffer> {
  const found = new Set<KernelBuffer>();
  if (kernel.family === "loop") {
    for (const inner of kernel.body) for (const buffer of buffersOf(inner)) found.add(buffer);
    return found;
  }
  const add = (...buffers: readonly (KernelBuffer | undefined)[]): void => {
    for (const buffer of buffers) if (buffer !== undefined) found.add(wholeOf(buffer));
  };
  if (kernel.family === "gather") {
    add(kernel.source, kernel.indices, kernel.out);
    return found;
  }
  if (kernel.family === "scatterAdd") {
    add(kernel.indices, kernel.updates, kernel.out);
    return found;
  }
  const seen = new Set<Expression>();
  const visit = (e: Expression): void => {
    if (e.kind === "constant" || seen.has(e)) return;
    seen.add(e);
    if (e.kind === "load") add(e.access.buffer);
    else if (e.kind === "op") for (const arg of e.args) visit(arg);
    else if (e.kind === "reduced") visit(e.reduction.source);
  };
  const store = ({ access, value }: Store): void => {
    add(access.buffer);
    visit(value);
  };
  if (kernel.family === "contraction" || kernel.family === "convolution") {
    add(kernel.a.buffer, kernel.b.buffer, kernel.workspace);
    if (kernel.family === "contraction") add(kernel.accumulate?.buffer);
    else add(kernel.a.rows, kernel.a.inner, kernel.b.inner);
    kernel.stores.forEach(store);
    return found;
  }
  add(kernel.blockSums);
  for (const { stores, rowStores, reductions, columnSums } of kernel.phases) {
    stores.forEach(store);
    rowStores.forEach(store);
    for (const { source } of reductions) visit(source);
    for (const { value, into, partials, running } of columnSums) {
      store({ access: into, value });
      add(partials, running?.block);
    }
  }
  return found;
}

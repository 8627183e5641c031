/** One growing WebAssembly memory and who owns which bytes of it. */
import { SurprisalError } from "../../base/errors.ts";
import { alignment } from "../../compile/passes/plan.ts";

const pageBytes = 65536;
const mostPages = 65536;

/** What fills red zones; read as float32 it is no number that a kernel makes. */
const guard = 0xa5;

export class DeviceMemory {
  readonly memory = new WebAssembly.Memory({ initial: 1, maximum: mostPages });
  /** Bytes of red zone behind every region; 0 outside tests. */
  readonly gap: number;
  readonly #free: { start: number; bytes: number }[] = [];
  readonly #taken = new Map<number, number>();
  #end = alignment;

  constructor(gap = 0) {
    this.gap = Math.ceil(gap / alignment) * alignment;
    if (gap > 0) this.#guard(0, alignment);
  }

  /** Address of a zeroed region. */
  take(bytes: number): number {
    const size = Math.max(alignment, Math.ceil(bytes / alignment) * alignment);
    const whole = size + this.gap;
    const hole = this.#free.findIndex((region) => region.bytes >= whole);
    let start: number;
    if (hole >= 0) {
      const region = this.#free[hole] as { start: number; bytes: number };
      start = region.start;
      region.start += whole;
      region.bytes -= whole;
      if (region.bytes === 0) this.#free.splice(hole, 1);
    } else {
      start = this.#end;
      this.#grow(start + whole);
      this.#end = start + whole;
    }
    new Uint8Array(this.memory.buffer, start, size).fill(0);
    if (this.gap > 0) this.#guard(start + size, this.gap);
    this.#taken.set(start, whole);
    return start;
  }

  give(start: number): void {
    const bytes = this.#taken.get(start);
    if (bytes === undefined) return;
    this.#taken.delete(start);
    this.#free.push({ start, bytes });
    this.#free.sort((a, b) => a.start - b.start);
    for (let i = this.#free.length - 1; i > 0; i--) {
      const [before, here] = [this.#free[i - 1], this.#free[i]] as [
        { start: number; bytes: number },
        { start: number; bytes: number },
      ];
      if (before.start + before.bytes !== here.start) continue;
      before.bytes += here.bytes;
      this.#free.splice(i, 1);
    }
  }

  /** First address in a red zone that somebody wrote to, or undefined. */
  firstTouched(zones: readonly { start: number; bytes: number }[] = []): number | undefined {
    const own = [...this.#taken].map(([start, whole]) => ({ start: start + whole - this.gap, bytes: this.gap }));
    for (const { start, bytes } of [{ start: 0, bytes: this.gap > 0 ? alignment : 0 }, ...own, ...zones]) {
      const at = new Uint8Array(this.memory.buffer, start, bytes).findIndex((byte) => byte !== guard);
      if (at >= 0) return start + at;
    }
    return undefined;
  }

  #guard(start: number, bytes: number): void {
    new Uint8Array(this.memory.buffer, start, bytes).fill(guard);
  }

  /** Marks a zone inside a region (between a program's temporaries). */
  guardZone(start: number, bytes: number): void {
    this.#guard(start, bytes);
  }

  #grow(end: number): void {
    const missing = Math.ceil((end - this.memory.buffer.byteLength) / pageBytes);
    if (missing <= 0) return;
    try {
      this.memory.grow(missing);
    } catch (cause) {
      throw new SurprisalError(
        "device/out-of-memory",
        {
          received: `${(end / 2 ** 20).toFixed(0)} MiB are needed`,
          expected: "WebAssembly memory holds up to 4096 MiB, and this machine gave less or no more",
          hint: "Use smaller batches or a smaller model, or float32 instead of float64.",
        },
        { cause },
      );
    }
  }
}

/** One growing WebAssembly memory and who owns which bytes of it. */
import { InvalidArgumentError, SurprisalError } from "../../base/errors.ts";
import type { MemoryUse } from "../../compile/device.ts";
import { alignment } from "../../compile/passes/plan.ts";

const pageBytes = 65536;
/** 4 GiB: all that 32 bits address. */
export const largestMemory = 65536 * pageBytes;

/** Memory grows by a share of itself, at least and at most so much, so that many small regions do not each make it move. */
const growthShare = 1 / 4;
const leastGrowth = 2 ** 20;
const mostGrowth = 2 ** 26;

/** What fills red zones; read as float32 it is no number that a kernel makes. */
const guard = 0xa5;

interface Region {
  start: number;
  bytes: number;
}

export class DeviceMemory {
  readonly memory: WebAssembly.Memory;
  /** Bytes of red zone behind every region; 0 outside tests. */
  readonly gap: number;
  readonly #mostBytes: number;
  /** By address; two never touch. */
  readonly #free: Region[] = [];
  readonly #taken = new Map<number, number>();
  #inUse = 0;
  #end = alignment;
  /** From here on nothing was ever written. */
  #fresh = alignment;

  constructor(gap = 0, mostBytes = largestMemory) {
    if (!(mostBytes >= pageBytes && mostBytes <= largestMemory)) {
      throw new InvalidArgumentError("device/memory-size", {
        received: `mostBytes is ${mostBytes}`,
        expected: `a WebAssembly memory holds from ${pageBytes} to ${largestMemory} bytes`,
        hint: "Leave it out for all that there can be.",
      });
    }
    this.#mostBytes = Math.floor(mostBytes / pageBytes) * pageBytes;
    this.memory = new WebAssembly.Memory({ initial: 1, maximum: this.#mostBytes / pageBytes });
    this.gap = Math.ceil(gap / alignment) * alignment;
    if (gap > 0) this.#guard(0, alignment);
  }

  /** Red zones included. */
  get use(): MemoryUse {
    return { inUse: this.#inUse, reserved: this.memory.buffer.byteLength, most: this.#mostBytes };
  }

  /** Address of a zeroed region. @throws SurprisalError when there is no room. */
  take(bytes: number): number {
    const size = Math.max(alignment, Math.ceil(bytes / alignment) * alignment);
    const whole = size + this.gap;
    const start = this.#fromHole(whole) ?? this.#fromEnd(whole);
    // What nobody has written yet is zero, and stays untouched: the system need not give pages for it.
    const used = Math.min(size, this.#fresh - start);
    if (used > 0) new Uint8Array(this.memory.buffer, start, used).fill(0);
    this.#fresh = Math.max(this.#fresh, start + whole);
    if (this.gap > 0) this.#guard(start + size, this.gap);
    this.#taken.set(start, whole);
    this.#inUse += whole;
    return start;
  }

  #fromHole(whole: number): number | undefined {
    const hole = this.#free.findIndex((region) => region.bytes >= whole);
    if (hole < 0) return undefined;
    const region = this.#free[hole] as Region;
    const { start } = region;
    region.start += whole;
    region.bytes -= whole;
    if (region.bytes === 0) this.#free.splice(hole, 1);
    return start;
  }

  #fromEnd(whole: number): number {
    this.#grow(this.#end + whole, whole);
    const start = this.#end;
    this.#end += whole;
    return start;
  }

  /** Gives a region back; an address where none starts is left alone. */
  give(start: number): void {
    const bytes = this.#taken.get(start);
    if (bytes === undefined) return;
    this.#taken.delete(start);
    this.#inUse -= bytes;
    const after = this.#firstFrom(start);
    const [before, next] = [this.#free[after - 1], this.#free[after]];
    const joinsBefore = before !== undefined && before.start + before.bytes === start;
    const joinsNext = next !== undefined && start + bytes === next.start;
    const region = joinsBefore ? before : { start, bytes: 0 };
    region.bytes += bytes + (joinsNext ? next.bytes : 0);
    this.#free.splice(after - (joinsBefore ? 1 : 0), (joinsBefore ? 1 : 0) + (joinsNext ? 1 : 0), region);
    // What is free at the end is the end's: a larger region can then begin there.
    if (region.start + region.bytes === this.#end) {
      this.#end = region.start;
      this.#free.pop();
    }
  }

  /** Index of the first free region behind an address. */
  #firstFrom(start: number): number {
    let [low, high] = [0, this.#free.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#free[middle] as Region).start < start) low = middle + 1;
      else high = middle;
    }
    return low;
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

  #grow(end: number, asked: number): void {
    const has = this.memory.buffer.byteLength;
    if (end <= has) return;
    if (end <= this.#mostBytes) {
      const ahead = Math.min(mostGrowth, Math.max(leastGrowth, has * growthShare));
      for (const wanted of [Math.min(this.#mostBytes, Math.max(end, has + ahead)), end]) {
        try {
          this.memory.grow(Math.ceil((wanted - has) / pageBytes));
          return;
        } catch {
          // A step ahead may be more than the system has left; what is needed may not.
        }
      }
    }
    throw new SurprisalError("device/out-of-memory", {
      received: `${mebibytes(asked)} were asked for beside ${mebibytes(this.#inUse)} in use`,
      expected: `this device's WebAssembly memory holds up to ${mebibytes(this.#mostBytes)}${end <= this.#mostBytes ? ", and the system gave less" : ""}`,
      hint: "Use smaller batches or a smaller model, float32 instead of float64, or dispose() of models that are no longer needed.",
    });
  }
}

const mebibytes = (bytes: number): string =>
  `${(bytes / 2 ** 20).toFixed(bytes < 2 ** 20 ? 2 : bytes < 2 ** 24 ? 1 : 0)} MiB`;

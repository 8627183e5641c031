/**
 * Room for temporaries. Programs never run at the same time, so they share one region; one that needs more moves it to a larger region,
 * and the one that was outgrown goes when the last program that was linked to it does.
 */
import type { DeviceMemory } from "./memory.ts";

/** A region and how many programs use it. */
interface ScratchRegion {
  readonly start: number;
  readonly bytes: number;
  users: number;
}

export class Scratch {
  readonly #memory: DeviceMemory;
  #newest: ScratchRegion | undefined;

  constructor(memory: DeviceMemory) {
    this.#memory = memory;
  }

  /** The start of a region of at least so many bytes, and how to give it up. With red zones every program has its own. */
  take(bytes: number): { start: number; release(): void } {
    if (bytes === 0) return { start: 0, release() {} };
    let region = this.#newest;
    if (region === undefined || region.bytes < bytes || this.#memory.gap > 0) {
      region = { start: this.#memory.take(bytes), bytes, users: 0 };
      this.#newest = region;
    }
    const taken = region;
    taken.users++;
    return { start: taken.start, release: () => this.#release(taken) };
  }

  #release(region: ScratchRegion): void {
    if (--region.users > 0) return;
    this.#memory.give(region.start);
    if (this.#newest === region) this.#newest = undefined;
  }
}

/** Programs of one batch size each, with the cells that feed them; the least recently used ones are given back. */
import type { Device, DeviceBuffer, Executable, Program } from "../compile/device.ts";
import { CellGroup } from "./cells.ts";

/** Enough for a full and a last batch of predict, evaluate and trainOnBatch, and some to spare. */
const capacity = 12;

interface Entry<T> {
  readonly cells: T;
  readonly run: Executable["run"];
  readonly group: CellGroup;
}

export class ProgramCache {
  readonly #device: Device;
  readonly #entries = new Map<string, Entry<unknown>>();
  /** The buffers in use, for a finalizer. */
  readonly shelf: { buffers: DeviceBuffer[] } = { buffers: [] };
  #queue: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(device: Device) {
    this.#device = device;
  }

  /** Runs `work` when all earlier work is done: two calls at once would write into each other's batch. */
  exclusive<T>(work: () => Promise<T>): Promise<T> {
    this.#waiting++;
    const mine = this.#queue.then(work);
    this.#queue = mine
      .catch(() => {})
      .then(() => {
        this.#waiting--;
      });
    return mine;
  }

  /** The program under `key`, built on first use. */
  async get<T>(key: string, build: (group: CellGroup) => { cells: T; program: Program }): Promise<Entry<T>> {
    const known = this.#entries.get(key) as Entry<T> | undefined;
    if (known !== undefined) {
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return known;
    }
    const group = new CellGroup(this.#device);
    const entry = await makeEntry(group, build).catch((error: unknown) => {
      group.free();
      throw error;
    });
    this.#entries.set(key, entry);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= capacity) break;
      this.#drop(oldest);
    }
    this.#shelve();
    return entry;
  }

  /** Gives all programs back, when the work that is under way is done with them; work that is asked for later makes new ones. */
  clear(): void {
    this.whenIdle(() => {
      for (const key of [...this.#entries.keys()]) this.#drop(key);
      this.#shelve();
    });
  }

  /** Does something at once where no work is under way, else after it. */
  whenIdle(work: () => void): void {
    if (this.#waiting === 0) work();
    else void this.exclusive(async () => work());
  }

  #drop(key: string): void {
    this.#entries.get(key)?.group.free();
    this.#entries.delete(key);
  }

  #shelve(): void {
    this.shelf.buffers = [...this.#entries.values()].flatMap((entry) => [...entry.group.buffers]);
  }
}

async function makeEntry<T>(
  group: CellGroup,
  build: (group: CellGroup) => { cells: T; program: Program },
): Promise<Entry<T>> {
  const { cells, program } = build(group);
  const executable = await group.load(program);
  return { cells, run: () => executable.run(), group };
}

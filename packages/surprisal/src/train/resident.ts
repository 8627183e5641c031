/** Batches of a data set that lies on the device: programs for full batches and for the last one, sharing all cells. */
import type { Executable, Program } from "../compile/device.ts";
import { type BatchSource, gathered, type ResidentSet } from "./batch.ts";
import type { Cell, CellGroup } from "./cells.ts";

interface Loaded {
  readonly indices: Cell;
  readonly executable: Executable;
}

/** Runs a step over rows of a resident set, whatever their number: one program for each batch size that occurs. */
export class ResidentBatches {
  readonly #group: CellGroup;
  readonly #set: ResidentSet;
  readonly #build: (source: BatchSource) => Program;
  readonly #bySize = new Map<number, Loaded>();

  constructor(group: CellGroup, set: ResidentSet, build: (source: BatchSource) => Program) {
    this.#group = group;
    this.#set = set;
    this.#build = build;
  }

  /** Builds the programs for `total` rows in batches of `size` ahead of the first run. */
  async prepare(total: number, size: number): Promise<void> {
    if (total >= size) await this.#load(size);
    if (total % size !== 0) await this.#load(total % size);
  }

  async #load(size: number): Promise<Loaded> {
    const known = this.#bySize.get(size);
    if (known !== undefined) return known;
    const indices = this.#group.make("rows", "int32", [size]);
    const executable = await this.#group.load(this.#build(gathered(this.#set, indices)));
    const loaded = { indices, executable };
    this.#bySize.set(size, loaded);
    return loaded;
  }

  /** One step on these rows. Returns a promise only where the device does. */
  run(rows: Int32Array): void | Promise<void> {
    const loaded = this.#bySize.get(rows.length);
    if (loaded === undefined) return this.#load(rows.length).then(() => this.run(rows));
    this.#group.device.write(loaded.indices.buffer, rows);
    return loaded.executable.run();
  }
}

/** Splits rows into batches, in order. The views share the rows' memory. */
export function* inBatches(rows: Int32Array, size: number): Generator<Int32Array> {
  for (let start = 0; start < rows.length; start += size) yield rows.subarray(start, start + size);
}

/** A model's values on a device and what it was compiled with; `Model` is the face of it, `fit` and the others work on it. */
import type { FloatDType } from "../base/dtype.ts";
import { InvalidArgumentError, ShapeError } from "../base/errors.ts";
import { sameShape, showShape, sizeOf } from "../base/shape.ts";
import type { Tensor } from "../base/tensor.ts";
import type { Warning } from "../base/warning.ts";
import type { Device } from "../compile/device.ts";
import type { Loss } from "../loss/contract.ts";
import type { Network, NetworkWeight } from "../model/contract.ts";
import { type Cell, CellGroup } from "./cells.ts";
import { freeWith } from "./collected.ts";
import type { Host, Optimizer } from "./contract.ts";
import { Meters, type NamedMetric } from "./meters.ts";
import { OptimizerState } from "./optimizerState.ts";
import { ProgramCache } from "./programCache.ts";
import type { Weights } from "./step.ts";

/** What `compile` settled. */
export interface Compiled {
  readonly optimizer: Optimizer;
  readonly loss: Loss;
  readonly metrics: readonly NamedMetric[];
  /** What is probably not meant about output and loss; `fit` says it. */
  readonly warnings: readonly Warning[];
}

/** With the state that goes with it. */
export interface Ready extends Compiled {
  readonly state: OptimizerState;
  /** For `evaluate` and `trainOnBatch`; `fit` counts with its own. */
  readonly meters: Meters;
  /** Codes of the warnings that were written to the terminal; each is written once. */
  readonly said: Set<string>;
}

/** All values that training changes, as they were at one moment. */
export type Snapshot = { readonly weights: Tensor[]; readonly optimizer: Tensor[]; readonly updates: number };

export class Core {
  readonly network: Network;
  readonly dtype: FloatDType;
  readonly device: Device;
  readonly host: Host | undefined;
  readonly seed: number;
  readonly weights: Weights;
  /** Programs fed batch by batch, kept between calls. */
  readonly programs: ProgramCache;
  /** Values of the widest layer for one row, once somebody asked. */
  widest: number | undefined;
  /** A training run is under way. */
  busy = false;
  #disposed = false;
  readonly #group: CellGroup;
  #compiled: (Ready & { readonly group: CellGroup }) | undefined;

  constructor(
    network: Network,
    options: {
      device: Device;
      dtype: FloatDType;
      seed: number;
      host: Host | undefined;
      initialWeights?: readonly ArrayLike<number>[] | undefined;
    },
  ) {
    this.network = network;
    this.dtype = options.dtype;
    this.device = options.device;
    this.host = options.host;
    this.seed = options.seed;
    const group = new CellGroup(this.device);
    this.#group = group;
    const initial = options.initialWeights ?? network.initialise(this.seed);
    const cells = new Map<NetworkWeight, Cell>(
      network.weights.map((w, i) => [w, group.make(w.path, this.dtype, w.shape, initial[i] as ArrayLike<number>)]),
    );
    this.weights = { network, dtype: this.dtype, cells, seed: group.make("seed", "int32", [], [this.seed | 0]) };
    this.programs = new ProgramCache(this.device);
    freeWith(this, this.device, [group, this.programs.shelf]);
  }

  get trainable(): readonly NetworkWeight[] {
    return this.network.weights.filter((w) => w.trainable);
  }

  /** Takes a new optimizer, loss and metrics; the optimizer's state starts afresh, the weights stay. */
  compile(compiled: Compiled): void {
    this.requireAlive("compile");
    const before = this.#compiled?.group;
    this.programs.clear();
    this.programs.whenIdle(() => before?.free());
    const group = new CellGroup(this.device);
    const state = new OptimizerState(group, compiled.optimizer, this.trainable, this.dtype);
    this.#compiled = { ...compiled, state, group, meters: new Meters(group, compiled.metrics), said: new Set() };
    freeWith(this, this.device, [group]);
  }

  /** Gives back everything on the device; work that waits for its turn comes first. */
  dispose(): void {
    this.#disposed = true;
    this.programs.clear();
    this.programs.whenIdle(() => {
      this.#compiled?.group.free();
      this.#group.free();
    });
  }

  /** @throws InvalidArgumentError after `dispose`. */
  requireAlive(doing: string): void {
    if (!this.#disposed) return;
    throw new InvalidArgumentError("model/disposed", {
      received: `${doing} was called`,
      expected: "this model was disposed of, and its weights are gone",
      hint: "Call dispose() last, or leave it out: a model that is no longer reachable is given back by itself.",
    });
  }

  /** What `compile` settled, or undefined before it. */
  get settled(): Compiled | undefined {
    return this.#compiled;
  }

  /** What `compile` settled. @throws InvalidArgumentError before that. */
  compiled(doing: string): Ready {
    this.requireAlive(doing);
    if (this.#compiled === undefined) {
      throw new InvalidArgumentError("model/not-compiled", {
        received: `${doing} was called on a model that has not been compiled`,
        expected: "it needs a loss and an optimizer",
        hint: `Call compile({ optimizer: "adam", loss: … }) first.`,
      });
    }
    return this.#compiled;
  }

  async getWeights(): Promise<Tensor[]> {
    this.requireAlive("getWeights");
    const read: Tensor[] = [];
    for (const w of this.network.weights) read.push(await this.device.read((this.weights.cells.get(w) as Cell).buffer));
    return read;
  }

  /** @throws ShapeError when count or sizes differ. */
  setWeights(values: readonly ArrayLike<number>[], shapes?: readonly (readonly number[])[]): void {
    this.requireAlive("setWeights");
    const { weights } = this.network;
    if (values.length !== weights.length) {
      throw new ShapeError("model/weight-count", {
        received: `${values.length} weights were given`,
        expected: `the model has ${weights.length} (${weights.map((w) => w.path).join(", ")})`,
        hint: "Pass one array a weight, in the order of getWeights().",
      });
    }
    weights.forEach((w, i) => {
      const given = values[i] as ArrayLike<number>;
      const shape = shapes?.[i];
      if (given.length === sizeOf(w.shape) && (shape === undefined || sameShape(shape, w.shape))) return;
      throw new ShapeError("model/weight-shape", {
        received: `weight ${i} was given as ${shape === undefined ? `${given.length} numbers` : showShape(shape)}`,
        expected: `${w.path} has shape ${showShape(w.shape)}`,
        hint: "Pass the weights in the order of getWeights().",
      });
    });
    weights.forEach((w, i) => {
      this.device.write((this.weights.cells.get(w) as Cell).buffer, values[i] as ArrayLike<number>);
    });
  }

  async snapshot(): Promise<Snapshot> {
    const state = this.#compiled?.state;
    const optimizer: Tensor[] = [];
    for (const cell of state?.named().values() ?? []) optimizer.push(await this.device.read(cell.buffer));
    return { weights: await this.getWeights(), optimizer, updates: state?.updates ?? 0 };
  }

  restore(snapshot: Snapshot): void {
    this.setWeights(snapshot.weights.map((t) => t.data));
    const state = this.#compiled?.state;
    if (state === undefined) return;
    [...state.named().values()].forEach((cell, i) => {
      this.device.write(cell.buffer, (snapshot.optimizer[i] as Tensor).data);
    });
    state.updates = snapshot.updates;
  }
}

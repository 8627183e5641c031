/** What an optimizer keeps between steps, on the device, and the rate of the next update. */
import type { FloatDType } from "../base/dtype.ts";
import { InvalidArgumentError } from "../base/errors.ts";
import type { Shape } from "../base/shape.ts";
import type { NetworkWeight } from "../model/contract.ts";
import type { Cell, CellGroup } from "./cells.ts";
import type { Optimizer } from "./contract.ts";

/** The name and shape of everything that an optimizer keeps: `dense/kernel/momentum`, `global/momentumProduct`. */
export function optimizerShapes(optimizer: Optimizer, trainable: readonly NetworkWeight[]): Map<string, Shape> {
  return new Map([
    ...trainable.flatMap((w) => optimizer.slots.map((s) => [`${w.path}/${s.name}`, w.shape] as const)),
    ...optimizer.globals.map((s) => [`global/${s.name}`, []] as const),
  ]);
}

export class OptimizerState {
  readonly optimizer: Optimizer;
  readonly slots: ReadonlyMap<NetworkWeight, ReadonlyMap<string, Cell>>;
  readonly globals: ReadonlyMap<string, Cell>;
  /** Updates made, int32. */
  readonly step: Cell;
  readonly learningRate: Cell;
  readonly #group: CellGroup;
  #updates = 0;
  #rate: number;
  /** What the cell holds, so that it is written only when the rate changes. */
  #written = Number.NaN;

  constructor(group: CellGroup, optimizer: Optimizer, trainable: readonly NetworkWeight[], dtype: FloatDType) {
    this.#group = group;
    this.optimizer = optimizer;
    this.slots = new Map(
      trainable.map((weight) => [
        weight,
        new Map(
          optimizer.slots.map((s) => [s.name, group.make(`${weight.path}/${s.name}`, dtype, weight.shape, s.initial)]),
        ),
      ]),
    );
    this.globals = new Map(optimizer.globals.map((s) => [s.name, group.make(s.name, dtype, [], s.initial)]));
    this.step = group.make("step", "int32", []);
    this.learningRate = group.make("learning rate", dtype, []);
    this.#rate = typeof optimizer.learningRate === "number" ? optimizer.learningRate : Number.NaN;
  }

  /** Updates made so far. */
  get updates(): number {
    return this.#updates;
  }

  set updates(count: number) {
    this.#updates = count;
    this.#group.fill(this.step, count);
  }

  /** The rate of the next update. */
  get rate(): number {
    const { learningRate } = this.optimizer;
    return typeof learningRate === "number" ? this.#rate : learningRate(this.#updates);
  }

  set rate(rate: number) {
    if (typeof this.optimizer.learningRate !== "number") {
      throw new InvalidArgumentError("optimizer/rate-is-scheduled", {
        received: "the learning rate was set while training",
        expected: `${this.optimizer.name} was made with a schedule, which sets it at every update`,
        hint: "Make the optimizer with a number as learningRate, or leave out the callback that changes it.",
      });
    }
    if (!(Number.isFinite(rate) && rate >= 0)) {
      throw new InvalidArgumentError("optimizer/bad-rate", {
        received: `the learning rate was set to ${rate}`,
        expected: "it must be a finite number, 0 or more",
        hint: "Check what the schedule returns.",
      });
    }
    this.#rate = rate;
  }

  /** Brings the rate of the next update to the device. */
  beforeUpdate(): void {
    const { rate } = this;
    if (rate === this.#written) return;
    this.#group.fill(this.learningRate, rate);
    this.#written = rate;
  }

  /** Counts an update that the device has made (and counted itself). */
  afterUpdate(): void {
    this.#updates++;
  }

  /** Every cell but the rate, by a name that is unique and stable: `dense/kernel/momentum`, `global/momentumProduct`. */
  named(): Map<string, Cell> {
    const cells = new Map<string, Cell>();
    for (const [weight, slots] of this.slots) {
      for (const [name, cell] of slots) cells.set(`${weight.path}/${name}`, cell);
    }
    for (const [name, cell] of this.globals) cells.set(`global/${name}`, cell);
    return cells;
  }
}

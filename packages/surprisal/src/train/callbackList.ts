/** A run's callbacks, called in order. */
import type { Callback, CallbackContext } from "./contract.ts";
import type { Logs } from "./history.ts";

export class CallbackList {
  readonly #callbacks: readonly Callback[];
  readonly #context: CallbackContext;
  /** Whether somebody must see the loss after every batch. */
  readonly wantsBatches: boolean;
  readonly wantsPauses: boolean;
  readonly changesLearningRate: boolean;
  readonly explains: boolean;

  constructor(callbacks: readonly Callback[], context: CallbackContext) {
    this.#callbacks = callbacks;
    this.#context = context;
    this.wantsBatches = callbacks.some((c) => c.onBatchEnd !== undefined);
    this.wantsPauses = callbacks.some((c) => c.onPause !== undefined);
    this.changesLearningRate = callbacks.some((c) => c.changesLearningRate === true);
    this.explains = callbacks.some((c) => c.explains === true);
  }

  async trainBegin(): Promise<void> {
    for (const c of this.#callbacks) await c.onTrainBegin?.(this.#context);
  }

  async epochBegin(epoch: number): Promise<void> {
    for (const c of this.#callbacks) await c.onEpochBegin?.(epoch, this.#context);
  }

  async batchEnd(batch: number, logs: Logs): Promise<void> {
    for (const c of this.#callbacks) await c.onBatchEnd?.(batch, logs, this.#context);
  }

  async pause(batch: number, read: () => Promise<Logs>): Promise<void> {
    for (const c of this.#callbacks) await c.onPause?.(batch, read, this.#context);
  }

  async epochEnd(epoch: number, logs: Logs): Promise<void> {
    for (const c of this.#callbacks) await c.onEpochEnd?.(epoch, logs, this.#context);
  }

  async trainEnd(logs: Logs): Promise<void> {
    for (const c of this.#callbacks) await c.onTrainEnd?.(logs, this.#context);
  }
}

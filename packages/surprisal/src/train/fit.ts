/** The loop of `fit`: epochs, batches, validation, callbacks. What a step computes is in `step.ts`. */
import { AbortError } from "../base/errors.ts";
import { sizeOf } from "../base/shape.ts";
import { Tensor, type TensorLike } from "../base/tensor.ts";
import type { Warning } from "../base/warning.ts";
import { CallbackList } from "./callbackList.ts";
import { progress } from "./callbacks/progress.ts";
import { CellGroup } from "./cells.ts";
import type { CallbackContext } from "./contract.ts";
import type { Core, Ready } from "./core.ts";
import { type FitData, placeFitData, takeFitData } from "./fitData.ts";
import { type FitOptions, type FitSettings, readFitOptions } from "./fitOptions.ts";
import { emptyHistory, endHistory, type History, type Logs, record } from "./history.ts";
import { appendThrough, saveThrough } from "./host.ts";
import { Meters } from "./meters.ts";
import { explainNonFinite, FlightRecorder } from "./nonFinite.ts";
import { checkOutputs, checkTargets, mayLeaveDomain } from "./pairing.ts";
import { Pacer } from "./pause.ts";
import { predict } from "./predict.ts";
import { inBatches, ResidentBatches } from "./resident.ts";
import { evaluateStep, trainStep } from "./step.ts";

/** Trains. `model` is what `Host.save` is given; `started` gets the history at once, so that it survives an error. */
export async function fit(
  core: Core,
  model: unknown,
  x: TensorLike,
  y: TensorLike,
  options: FitOptions,
  started: (history: History) => void,
): Promise<History> {
  const compiled = core.compiled("fit");
  const settings = readFitOptions(options);
  const host = takeFitData(core, compiled, x, y, options, settings);
  const { loss } = compiled;
  const warnings = [...compiled.warnings, ...checkTargets(core.network, loss, host.data)];
  if (mayLeaveDomain(core.network, loss)) {
    const { values, rowShape } = host.data.x;
    const rows = Math.min(host.data.rows, lookedAt);
    const first = new Tensor(values.slice(0, rows * sizeOf(rowShape)), [rows, ...rowShape]);
    checkOutputs(core.network, loss, await predict(core, first));
  }
  if (settings.verbose > 0) sayWarnings(core, compiled, warnings);
  const history = emptyHistory(warnings);
  started(history);
  const group = new CellGroup(core.device);
  try {
    await new Run(core, compiled, model, settings, group, placeFitData(core, group, host), history).train();
  } finally {
    group.free();
  }
  return history;
}

/** Rows whose outputs are looked at before the first step, where they may be none that the loss takes. */
const lookedAt = 32;

/** One line each, once for what was compiled. */
function sayWarnings({ host }: Core, { said }: Ready, warnings: readonly Warning[]): void {
  for (const { code, message } of warnings) {
    if (!said.has(code)) host?.terminal?.write(`warning: ${message} [${code}]\n`);
    said.add(code);
  }
}

class Run {
  readonly #core: Core;
  readonly #compiled: Ready;
  readonly #settings: FitSettings;
  readonly #data: FitData;
  readonly #history: History;
  readonly #meters: Meters;
  readonly #steps: ResidentBatches;
  readonly #validate: (() => Promise<Logs>) | undefined;
  readonly #callbacks: CallbackList;
  readonly #recorder: FlightRecorder | undefined;
  readonly #pacer = new Pacer();
  #stopped: string | undefined;

  constructor(
    core: Core,
    compiled: Ready,
    model: unknown,
    settings: FitSettings,
    group: CellGroup,
    data: FitData,
    history: History,
  ) {
    const { loss, metrics, state } = compiled;
    this.#core = core;
    this.#compiled = compiled;
    this.#settings = settings;
    this.#data = data;
    this.#history = history;
    this.#meters = new Meters(group, metrics);
    this.#steps = new ResidentBatches(group, data.train, (source) =>
      trainStep(core.weights, loss, state, source, this.#meters),
    );
    this.#validate = data.validation && this.#validation(group, data.validation);
    const wanted = settings.verbose === 2 || (settings.verbose === 1 && core.host?.terminal?.isTTY === true);
    const shown = wanted && !settings.callbacks.some((callback) => callback.showsProgress);
    const callbacks = shown ? [...settings.callbacks, progress()] : settings.callbacks;
    this.#callbacks = new CallbackList(callbacks, this.#context(model));
    this.#recorder = this.#callbacks.explains ? new FlightRecorder() : undefined;
  }

  async train(): Promise<void> {
    const { epochs, initialEpoch, batchSize, validationBatchSize } = this.#settings;
    let logs: Logs = {};
    let failure: unknown;
    try {
      this.#throwIfAborted();
      await this.#steps.prepare(this.#data.trainRows, batchSize);
      await this.#validationBatches?.prepare(this.#data.validationRows.length, validationBatchSize);
      await this.#callbacks.trainBegin();
      for (let epoch = initialEpoch; epoch < epochs && this.#stopped === undefined; epoch++) {
        logs = await this.#epoch(epoch);
      }
      await this.#keepAverages();
      const [how, reason] =
        this.#stopped === undefined
          ? (["completed", "all epochs done"] as const)
          : (["stopped", this.#stopped] as const);
      endHistory(this.#history, { how, reason });
    } catch (error) {
      failure = error;
      const how = error instanceof AbortError ? "aborted" : "failed";
      endHistory(this.#history, { how, reason: error instanceof Error ? error.message : String(error) });
    }
    try {
      await this.#callbacks.trainEnd(logs);
    } catch (error) {
      failure ??= error;
    }
    if (failure !== undefined) throw failure;
  }

  async #epoch(epoch: number): Promise<Logs> {
    const { state } = this.#compiled;
    const { batchSize } = this.#settings;
    this.#meters.reset();
    await this.#callbacks.epochBegin(epoch);
    const learningRate = state.rate;
    const order = this.#settings.order(epoch, this.#data.trainRows);
    await this.#recorder?.beginEpoch(this.#core);
    let batch = 0;
    for (const rows of inBatches(order, batchSize)) {
      this.#throwIfAborted();
      state.beforeUpdate();
      this.#recorder?.note({ rows, epoch, batch, learningRate: state.rate });
      const running = this.#steps.run(rows);
      if (running !== undefined) await running;
      state.afterUpdate();
      if (this.#callbacks.wantsBatches) {
        await this.#callbacks.batchEnd(batch, await this.#meters.read());
        if (this.#stopped !== undefined) break;
      }
      if (this.#pacer.due) await this.#pause(batch);
      batch++;
    }
    const logs: Record<string, number> = { ...(await this.#meters.read()) };
    if (this.#validate !== undefined && this.#settings.validates(epoch)) {
      for (const [name, value] of Object.entries(await this.#validate())) logs[validationName(name)] = value;
    }
    if (this.#callbacks.changesLearningRate) logs.learningRate = learningRate;
    record(this.#history, epoch, logs);
    await this.#callbacks.epochEnd(epoch, logs);
    return logs;
  }

  async #pause(batch: number): Promise<void> {
    await this.#pacer.pause();
    if (this.#callbacks.wantsPauses) await this.#callbacks.pause(batch, () => this.#meters.read());
  }

  #validationBatches: ResidentBatches | undefined;

  #validation(group: CellGroup, set: NonNullable<FitData["validation"]>): () => Promise<Logs> {
    const { loss, metrics } = this.#compiled;
    const meters = new Meters(group, metrics);
    const batches = new ResidentBatches(group, set, (source) => evaluateStep(this.#core.weights, loss, source, meters));
    this.#validationBatches = batches;
    return async () => {
      meters.reset();
      for (const rows of inBatches(this.#data.validationRows, this.#settings.validationBatchSize)) {
        this.#throwIfAborted();
        const running = batches.run(rows);
        if (running !== undefined) await running;
        if (this.#pacer.due) await this.#pacer.pause();
      }
      return meters.read();
    };
  }

  /** Optimizers that average weights leave the averages in them. */
  async #keepAverages(): Promise<void> {
    const { optimizer, slots, updates } = this.#compiled.state;
    if (optimizer.averageSlot === undefined || updates === 0) return;
    for (const [weight, cells] of slots) {
      const average = cells.get(optimizer.averageSlot);
      const cell = this.#core.weights.cells.get(weight);
      if (average === undefined || cell === undefined) continue;
      this.#core.device.write(cell.buffer, (await this.#core.device.read(average.buffer)).data);
    }
  }

  #throwIfAborted(): void {
    if (this.#settings.signal?.aborted !== true) return;
    throw new AbortError("fit/aborted", {
      received: "the caller's signal ended training",
      expected: `${this.#history.epoch.length} of ${this.#settings.epochs - this.#settings.initialEpoch} epochs were done`,
      hint: "The weights are those of the last step; model.history holds the epochs so far.",
    });
  }

  #context(model: unknown): CallbackContext {
    const run = this;
    const core = this.#core;
    const { state, metrics, loss } = this.#compiled;
    const names = ["loss", ...metrics.map((m) => m.key)];
    const validated = this.#data.validation === undefined ? [] : names.map(validationName);
    return {
      epochs: this.#settings.epochs,
      stepsPerEpoch: Math.ceil(this.#data.trainRows / this.#settings.batchSize),
      dtype: core.dtype,
      columns: [...names, ...validated],
      terminal: core.host?.terminal,
      warnings: this.#history.warnings,
      better(column) {
        if (column === "loss" || column === validationName("loss")) return "lower";
        return metrics.find((m) => m.key === column || validationName(m.key) === column)?.metric.better;
      },
      get learningRate() {
        return state.rate;
      },
      set learningRate(rate) {
        state.rate = rate;
      },
      getWeights: async () => (await core.getWeights()).map((t) => Float64Array.from(t.data)),
      setWeights: (weights) => core.setWeights(weights),
      save: (path) => saveThrough(core.host, model, path),
      appendText: (path, text, options) => appendThrough(core.host, path, text, options),
      stop(reason) {
        run.#stopped ??= reason;
      },
      explainNonFinite: async () =>
        run.#recorder === undefined
          ? "nothing was recorded to explain it: the callback that asks must declare `explains`"
          : explainNonFinite(core, loss, state, run.#data.train, run.#recorder),
    };
  }
}

/** `loss` → `valLoss`. */
const validationName = (name: string): string => `val${name.charAt(0).toUpperCase()}${name.slice(1)}`;

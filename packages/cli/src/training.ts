/** The model of a task and its training: early stopping with the best weights, divergence with its reason, a clean interrupt. */
import {
  AbortError,
  type Callback,
  callbacks,
  type History,
  layers,
  type Model,
  NumericError,
  optimizers,
  sequential,
  type Tensor,
} from "surprisal";
import { defaults, taskDefaults } from "./defaults.ts";
import type { LossChoice } from "./lossChoice.ts";
import type { Task } from "./task.ts";

export interface TrainingOptions {
  readonly hidden: readonly number[];
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly optimizer: string;
  readonly seed: number;
  readonly dtype: "float32" | "float64";
  readonly device?: string | undefined;
}

export interface Rows {
  readonly x: Tensor;
  readonly y: Tensor;
}

/** A network of dense layers for one task, compiled. @throws UnknownNameError for an optimizer that does not exist. */
export function makeModel(
  task: Task,
  inputs: number,
  units: number,
  loss: LossChoice,
  options: TrainingOptions,
): Model {
  const { seed, dtype, device } = options;
  const shapes = (first: boolean) => (first ? { inputShape: [inputs] } : {});
  const model = sequential(
    [
      ...options.hidden.map((width, i) => layers.dense(width, { activation: "relu", ...shapes(i === 0) })),
      layers.dense(units, { activation: loss.activation, ...shapes(options.hidden.length === 0) }),
    ],
    { seed, dtype, ...(device !== undefined && { device: device as "auto" }) },
  );
  model.compile({
    optimizer: optimizers.fromConfig({ name: options.optimizer, options: { learningRate: options.learningRate } }),
    loss: loss.loss,
    metrics: taskDefaults[task].metrics,
  });
  return model;
}

export interface Trained {
  readonly history: History;
  /** Counted from 1; 0 when no epoch was finished. */
  readonly bestEpoch: number;
  readonly epochs: number;
  /** The column that decided: `valLoss`, or `loss` where there is no validation part. */
  readonly monitor: string;
  readonly interrupted: boolean;
  /** Ended before the last epoch by itself. */
  readonly stoppedEarly: boolean;
}

/**
 * Trains until the validation loss has stopped falling; the weights are those of the best epoch, also when `signal` interrupts.
 * @throws NumericError when the loss becomes NaN or infinite, with the reason.
 */
export async function train(
  model: Model,
  rows: Rows,
  validation: Rows | undefined,
  options: TrainingOptions & {
    readonly classWeight?: Float64Array | undefined;
    readonly signal: AbortSignal;
    readonly show?: Callback | undefined;
    /** Told what is probably not meant, before the first step. */
    readonly warn?: ((line: string) => void) | undefined;
  },
): Promise<Trained> {
  const monitor = validation === undefined ? "loss" : "valLoss";
  const stopping = callbacks.earlyStopping({
    monitor,
    patience: defaults.patience,
    minDelta: defaults.minDelta,
    restoreBestWeights: true,
  });
  let interrupted = false;
  try {
    await model.fit(rows.x, rows.y, {
      epochs: options.epochs,
      batchSize: options.batchSize,
      seed: options.seed,
      verbose: 0,
      signal: options.signal,
      callbacks: [
        passWarnings(options.warn),
        refuseDivergence(),
        stopping,
        ...(options.show === undefined ? [] : [options.show]),
      ],
      ...(validation !== undefined && { validationData: [validation.x, validation.y] }),
      ...(options.classWeight !== undefined && { classWeight: options.classWeight }),
    });
  } catch (error) {
    // Early stopping has put the best weights back before the error arrives here.
    if (!(error instanceof AbortError)) throw error;
    interrupted = true;
  }
  const history = model.history as History;
  return {
    history,
    bestEpoch: stopping.best === undefined ? 0 : stopping.bestEpoch + 1,
    epochs: history.epoch.length,
    monitor,
    interrupted,
    stoppedEarly: history.end?.how === "stopped",
  };
}

function passWarnings(warn: (line: string) => void = () => {}): Callback {
  return {
    name: "passWarnings",
    onTrainBegin({ warnings }) {
      for (const { message } of warnings) warn(message);
    },
  };
}

/** Ends the run at the first epoch whose loss is no number any more, and says what became infinite first. */
function refuseDivergence(): Callback {
  return {
    name: "refuseDivergence",
    explains: true,
    async onEpochEnd(epoch, logs, context) {
      if (Number.isFinite(logs.loss)) return;
      const reason = await context.explainNonFinite();
      throw new NumericError("train/diverged", {
        received: `training diverged: the loss became ${logs.loss} in epoch ${epoch + 1}`,
        expected: `it must stay finite (first wrong: ${reason})`,
        hint: `Lower the learning rate: --learning-rate ${defaults.learningRate / 10}. No model was saved.`,
      });
    },
  };
}

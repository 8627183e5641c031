import type { Callback } from "../contract.ts";
import { Monitor, type MonitorOptions, requireNumber } from "./monitor.ts";

/** What `earlyStopping` takes. */
export interface EarlyStoppingOptions extends MonitorOptions {
  /** Epochs without improvement before training ends. 0 and 1 stop alike, and never after the first epoch. Default 0. */
  readonly patience?: number;
  /** Reaching this is what resets the count; improving without reaching it does not. */
  readonly baseline?: number;
  /** Leave the weights of the best epoch, even if patience never ran out. Default false: those of the last one. */
  readonly restoreBestWeights?: boolean;
  /** Epochs before this one (counted from 0) are not looked at. Default 0. */
  readonly startFromEpoch?: number;
}

/** What `earlyStopping` returns: after the run it knows when and why it stopped. */
export interface EarlyStopping extends Callback {
  /** The epoch after which training was ended, 0 if it was not. */
  readonly stoppedEpoch: number;
  readonly bestEpoch: number;
  readonly best: number | undefined;
  /** Epochs since the last improvement. */
  readonly wait: number;
}

/**
 * Ends training when a column has stopped improving. Equal is no improvement; a NaN taken first is never beaten; an epoch that did
 * not measure the column does not count. As Keras's EarlyStopping.
 * @throws InvalidArgumentError, UnknownNameError (when training begins) for a column that the run does not have.
 */
export function earlyStopping(options: EarlyStoppingOptions = {}): EarlyStopping {
  const { patience = 0, baseline, restoreBestWeights = false, startFromEpoch = 0 } = options;
  const monitor = new Monitor("earlyStopping", options);
  requireNumber("earlyStopping", "patience", patience, 0);
  requireNumber("earlyStopping", "startFromEpoch", startFromEpoch, 0);
  if (baseline !== undefined) requireNumber("earlyStopping", "baseline", baseline);
  let stoppedEpoch = 0;
  let bestEpoch = 0;
  let best: number | undefined;
  let wait = 0;
  let bestWeights: readonly Float64Array[] | undefined;
  return {
    name: "earlyStopping",
    get stoppedEpoch() {
      return stoppedEpoch;
    },
    get bestEpoch() {
      return bestEpoch;
    },
    get best() {
      return best;
    },
    get wait() {
      return wait;
    },
    onTrainBegin(context) {
      monitor.begin(context);
      stoppedEpoch = bestEpoch = wait = 0;
      best = bestWeights = undefined;
    },
    async onEpochEnd(epoch, logs, context) {
      const now = monitor.value(logs);
      if (now === undefined || epoch < startFromEpoch) return;
      wait++;
      if (monitor.improves(now, best)) {
        best = now;
        bestEpoch = epoch;
        if (restoreBestWeights) bestWeights = await context.getWeights();
        if (baseline === undefined || monitor.improves(now, baseline)) wait = 0;
        return;
      }
      if (wait >= patience && epoch > 0) {
        stoppedEpoch = epoch;
        context.stop(`no better ${monitor.column} for ${wait} ${wait === 1 ? "epoch" : "epochs"}`);
      }
    },
    onTrainEnd(_, context) {
      if (bestWeights !== undefined) context.setWeights(bestWeights);
    },
  };
}

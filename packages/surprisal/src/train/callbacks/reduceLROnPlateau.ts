import { InvalidArgumentError } from "../../base/errors.ts";
import type { Callback } from "../contract.ts";
import { Monitor, type MonitorOptions, requireNumber } from "./monitor.ts";

/** What `reduceLROnPlateau` takes. */
export interface ReduceLROnPlateauOptions extends MonitorOptions {
  /** What the rate is multiplied by, between 0 and 1. Default 0.1. */
  readonly factor?: number;
  /** Epochs without improvement before the rate is lowered. Default 10. */
  readonly patience?: number;
  /** Default 1e-4. */
  readonly minDelta?: number;
  /** Epochs after a reduction that do not count. Default 0. */
  readonly cooldown?: number;
  /** The rate is not lowered below this. Default 0. */
  readonly minLearningRate?: number;
}

/** What `reduceLROnPlateau` returns. */
export interface ReduceLROnPlateau extends Callback {
  readonly wait: number;
  readonly cooldownCounter: number;
  readonly best: number | undefined;
}

/**
 * Lowers the learning rate when a column has stopped improving. The logs gain `learningRate`: the rate that the epoch was trained
 * with. As Keras's ReduceLROnPlateau.
 * @throws InvalidArgumentError, UnknownNameError (when training begins) for a column that the run does not have.
 */
export function reduceLROnPlateau(options: ReduceLROnPlateauOptions = {}): ReduceLROnPlateau {
  const { factor = 0.1, patience = 10, minDelta = 1e-4, cooldown = 0, minLearningRate = 0 } = options;
  const monitor = new Monitor("reduceLROnPlateau", { ...options, minDelta });
  requireNumber("reduceLROnPlateau", "patience", patience, 0);
  requireNumber("reduceLROnPlateau", "cooldown", cooldown, 0);
  requireNumber("reduceLROnPlateau", "minLearningRate", minLearningRate, 0);
  if (!(factor > 0 && factor < 1)) {
    throw new InvalidArgumentError("reduce-l-r-on-plateau/factor", {
      received: `factor is ${String(factor)}`,
      expected: "it must lie between 0 and 1 to lower the rate",
      hint: "Pass e.g. factor: 0.5.",
    });
  }
  let wait = 0;
  let cooldownCounter = 0;
  let best: number | undefined;
  return {
    name: "reduceLROnPlateau",
    changesLearningRate: true,
    get wait() {
      return wait;
    },
    get cooldownCounter() {
      return cooldownCounter;
    },
    get best() {
      return best;
    },
    onTrainBegin(context) {
      monitor.begin(context);
      wait = cooldownCounter = 0;
      best = undefined;
    },
    onEpochEnd(_, logs, context) {
      const now = monitor.value(logs);
      if (now === undefined) return;
      if (cooldownCounter > 0) {
        cooldownCounter--;
        wait = 0;
      }
      if (monitor.improves(now, best)) {
        best = now;
        wait = 0;
        return;
      }
      if (cooldownCounter > 0) return;
      wait++;
      const rate = context.learningRate;
      if (wait < patience || rate <= Math.fround(minLearningRate)) return;
      context.learningRate = Math.max(rate * factor, minLearningRate);
      cooldownCounter = cooldown;
      wait = 0;
    },
  };
}

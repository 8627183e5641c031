import type { Callback } from "../contract.ts";

/** Sets the rate before each epoch to what `schedule(epoch, rate)` returns; epochs count from 0. The logs gain `learningRate`. */
export function learningRateScheduler(schedule: (epoch: number, learningRate: number) => number): Callback {
  return {
    name: "learningRateScheduler",
    changesLearningRate: true,
    onEpochBegin(epoch, context) {
      context.learningRate = schedule(epoch, context.learningRate);
    },
  };
}

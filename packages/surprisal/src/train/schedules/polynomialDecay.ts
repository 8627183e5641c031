import { flag, number } from "../../base/parameters.ts";
import { defineSchedule, startingRate, updates } from "./define.ts";

/**
 * (initialLearningRate − endLearningRate) · (1 − t / decaySteps)^power + endLearningRate, and endLearningRate afterwards; with
 * `cycle` it restarts with decaySteps stretched to the next multiple instead. As in Keras.
 */
export const polynomialDecay = defineSchedule(
  {
    name: "polynomialDecay",
    summary: "Goes from one rate to another along a power of the remaining fraction.",
    parameters: {
      initialLearningRate: startingRate(),
      decaySteps: updates("updates until the end rate"),
      endLearningRate: number(0.0001, "the rate at the end", { min: 0 }),
      power: number(1, "the power; 1 is a straight line", { min: 0, open: true }),
      cycle: flag(false, "go on beyond decaySteps in longer and longer turns"),
    },
    rate(t, { initialLearningRate, decaySteps, endLearningRate, power, cycle }) {
      const length = cycle && t > 0 ? decaySteps * Math.ceil(t / decaySteps) : decaySteps;
      const done = Math.min(t, length) / length;
      return (initialLearningRate - endLearningRate) * (1 - done) ** power + endLearningRate;
    },
  },
  ["initialLearningRate", "decaySteps"],
);

import { flag, requiredNumber } from "../../base/parameters.ts";
import { defineSchedule, startingRate, updates } from "./define.ts";

/** initialLearningRate / (1 + decayRate · t / decaySteps); with `staircase` the quotient is rounded down. As in Keras. */
export const inverseTimeDecay = defineSchedule(
  {
    name: "inverseTimeDecay",
    summary: "Divides the rate by 1 + decayRate · t / decaySteps.",
    parameters: {
      initialLearningRate: startingRate(),
      decaySteps: updates("updates after which decayRate is added to the divisor once"),
      decayRate: requiredNumber("what is added to the divisor", { min: 0 }),
      staircase: flag(false, "hold the rate between multiples of decaySteps"),
    },
    rate(t, { initialLearningRate, decaySteps, decayRate, staircase }) {
      const turns = t / decaySteps;
      return initialLearningRate / (1 + decayRate * (staircase ? Math.floor(turns) : turns));
    },
  },
  ["initialLearningRate", "decaySteps", "decayRate"],
);

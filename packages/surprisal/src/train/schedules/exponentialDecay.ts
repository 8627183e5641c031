import { flag, requiredNumber } from "../../base/parameters.ts";
import { defineSchedule, startingRate, updates } from "./define.ts";

/** initialLearningRate · decayRate^(t / decaySteps); with `staircase` the exponent is rounded down. As in Keras. */
export const exponentialDecay = defineSchedule(
  {
    name: "exponentialDecay",
    summary: "Multiplies the rate by decayRate every decaySteps updates, smoothly or in steps.",
    parameters: {
      initialLearningRate: startingRate(),
      decaySteps: updates("updates in which the rate is multiplied once"),
      decayRate: requiredNumber("the factor", { min: 0, open: true }),
      staircase: flag(false, "hold the rate between multiples of decaySteps"),
    },
    rate(t, { initialLearningRate, decaySteps, decayRate, staircase }) {
      const turns = t / decaySteps;
      return initialLearningRate * decayRate ** (staircase ? Math.floor(turns) : turns);
    },
  },
  ["initialLearningRate", "decaySteps", "decayRate"],
);

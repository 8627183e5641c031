import { number, optionalNumber } from "../../base/parameters.ts";
import { defineSchedule, startingRate, updates } from "./define.ts";

/** Half a cosine wave from 1 at 0 to `floor` at 1. */
export const halfCosine = (done: number, floor: number): number =>
  (1 - floor) * 0.5 * (1 + Math.cos(Math.PI * done)) + floor;

/**
 * Down along half a cosine wave to alpha times the peak in decaySteps updates. With `warmupTarget` the rate first rises from
 * initialLearningRate to it in warmupSteps updates, in a straight line. As in Keras; the decay is Loshchilov & Hutter, SGDR (2017).
 */
export const cosineDecay = defineSchedule(
  {
    name: "cosineDecay",
    summary: "Falls along half a cosine wave, after a linear rise if asked.",
    parameters: {
      initialLearningRate: startingRate(),
      decaySteps: updates("updates of the fall"),
      alpha: number(0, "the end rate as a fraction of the peak", { min: 0 }),
      warmupTarget: optionalNumber("the peak that the rate rises to; without it there is no rise", { min: 0 }),
      warmupSteps: number(0, "updates of the rise", { min: 0 }),
    },
    rate(t, { initialLearningRate, decaySteps, alpha, warmupTarget, warmupSteps }) {
      if (warmupTarget === undefined)
        return initialLearningRate * halfCosine(Math.min(t, decaySteps) / decaySteps, alpha);
      if (t < warmupSteps) return initialLearningRate + (warmupTarget - initialLearningRate) * (t / warmupSteps);
      return warmupTarget * halfCosine(Math.min(t - warmupSteps, decaySteps) / decaySteps, alpha);
    },
  },
  ["initialLearningRate", "decaySteps"],
);

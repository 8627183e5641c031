import { number } from "../../base/parameters.ts";
import { halfCosine } from "./cosineDecay.ts";
import { defineSchedule, startingRate, updates } from "./define.ts";

/**
 * Which turn an update lies in, and how much of that turn is done. Turns are counted out rather than computed with logarithms,
 * whose rounding would put the first update of a turn at the end of the one before.
 */
function turnAt(update: number, first: number, growth: number): { turn: number; done: number } {
  if (growth === 1) return { turn: Math.floor(update / first), done: (update % first) / first };
  let [turn, start, length] = [0, 0, first];
  while (update >= start + length) {
    start += length;
    length *= growth;
    turn++;
  }
  return { turn, done: (update - start) / length };
}

/**
 * Cosine decay that starts again, each turn tMul times as long and mMul times as high as the one before. As in Keras, after
 * Loshchilov & Hutter, SGDR (2017).
 */
export const cosineDecayRestarts = defineSchedule(
  {
    name: "cosineDecayRestarts",
    aliases: ["sgdr"],
    summary: "Cosine decay that starts again, in longer and lower turns.",
    parameters: {
      initialLearningRate: startingRate(),
      firstDecaySteps: updates("updates of the first turn"),
      tMul: number(2, "each turn's length over that of the one before", { min: 1 }),
      mMul: number(1, "each turn's peak over that of the one before", { min: 0 }),
      alpha: number(0, "the lowest rate as a fraction of the first peak", { min: 0 }),
    },
    rate(t, { initialLearningRate, firstDecaySteps, tMul, mMul, alpha }) {
      const { turn, done } = turnAt(t, firstDecaySteps, tMul);
      return initialLearningRate * ((1 - alpha) * mMul ** turn * halfCosine(done, 0) + alpha);
    },
  },
  ["initialLearningRate", "firstDecaySteps"],
);

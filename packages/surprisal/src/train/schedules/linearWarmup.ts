import { number } from "../../base/parameters.ts";
import { defineSchedule, startingRate, updates } from "./define.ts";

/** A straight line from initialLearningRate to learningRate in warmupSteps updates, and learningRate afterwards. */
export const linearWarmup = defineSchedule(
  {
    name: "linearWarmup",
    aliases: ["warmup", "warmupConstant"],
    summary: "Rises in a straight line, then stays.",
    parameters: {
      learningRate: { ...startingRate(), about: "the rate after the rise" },
      warmupSteps: updates("updates of the rise"),
      initialLearningRate: number(0, "the rate at update 0", { min: 0 }),
    },
    rate(t, { learningRate, warmupSteps, initialLearningRate }) {
      return t >= warmupSteps
        ? learningRate
        : initialLearningRate + (learningRate - initialLearningRate) * (t / warmupSteps);
    },
  },
  ["learningRate", "warmupSteps"],
);

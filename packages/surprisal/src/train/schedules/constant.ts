import { defineSchedule, startingRate } from "./define.ts";

/** The same rate at every update. */
export const constant = defineSchedule(
  {
    name: "constant",
    summary: "The same rate at every update.",
    parameters: { learningRate: startingRate() },
    rate: (_, { learningRate }) => learningRate,
  },
  ["learningRate"],
);

/** The options that all optimizers share, and the kinds of options that only optimizers have. */
import {
  flag,
  number,
  optionalNumber,
  type Parameter,
  type Place,
  readNumber,
  refuseOption,
} from "../../base/parameters.ts";
import { fromConfig, type Schedule } from "../schedules/index.ts";

/** A number, a schedule, or any pure function of the update index (from 0). */
export type LearningRate = number | Schedule | ((updateIndex: number) => number);

/** The learning rate. A configuration (`{ name, options }`) is read as the schedule it describes. */
export function learningRate(fallback: number): Parameter<LearningRate> {
  return {
    about: "the step size: a number, or a schedule read at the update index from 0",
    required: false,
    fallback,
    read(value, place) {
      if (typeof value === "function") return value as LearningRate;
      if (typeof value === "object" && value !== null && "name" in value) {
        return fromConfig(value as { name: string; options?: Record<string, unknown> });
      }
      return readNumber(value, place, { min: 0 });
    },
    write(value) {
      if (typeof value === "number") return value;
      if ("toConfig" in value) return value.toConfig();
      const place = { owner: "optimizer", option: "learningRate" };
      throw refuseOption(
        place,
        value,
        "a function cannot be written to a file",
        "Use one of the schedules, which know their configuration.",
      );
    },
  };
}

/** A number in [0, 1): how much of a moving average is kept. */
export function decay(fallback: number, about: string): Parameter<number> {
  return {
    about,
    required: false,
    fallback,
    read(value: unknown, place: Place) {
      const kept = readNumber(value, place, { min: 0, max: 1 });
      if (kept < 1) return kept;
      throw refuseOption(place, value, "a number from 0 to less than 1 is needed", "Pass a number such as 0.9.");
    },
    write: (value) => value,
  };
}

const positive = { min: 0, open: true };

/** A small number that keeps a divisor away from 0. */
export const epsilon = (fallback = 1e-7) => number(fallback, "added to the divisor", positive);

/** What every optimizer takes. */
export const sharedParameters = {
  weightDecay: optionalNumber("the share of each weight, biases included, taken off at every update, times the rate", {
    min: 0,
  }),
  clipNorm: optionalNumber("the largest norm of one weight's gradient", positive),
  clipValue: optionalNumber("the largest size of one element of a gradient", positive),
  globalClipNorm: optionalNumber("the largest norm of all gradients together", positive),
  useEma: flag(false, "keep moving averages of the weights, which training leaves in them when it ends"),
  emaMomentum: decay(0.99, "how much of the average is kept at each step"),
  emaOverwriteFrequency: optionalNumber("write the averages into the weights every so many steps", {
    min: 1,
    integer: true,
  }),
  gradientAccumulationSteps: optionalNumber("batches whose mean gradient makes one update", { min: 2, integer: true }),
};

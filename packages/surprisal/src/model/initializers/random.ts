/** Initializers whose spread is given. */
import { InvalidArgumentError } from "../../base/errors.ts";
import { number } from "../../base/parameters.ts";
import { defineInitializer } from "./define.ts";
import { drawNormal, drawTruncatedNormal, drawUniform } from "./draw.ts";

/** Uniform in [minval, maxval). */
export const randomUniform = defineInitializer({
  name: "randomUniform",
  aliases: ["uniform"],
  parameters: { minval: number(-0.05, "the lower bound"), maxval: number(0.05, "the upper bound") },
  make({ minval, maxval }) {
    if (minval > maxval) {
      throw new InvalidArgumentError("random-uniform/bounds", {
        received: `randomUniform was given minval ${minval} and maxval ${maxval}`,
        expected: "the lower bound must not be above the upper one",
        hint: "Exchange them.",
      });
    }
    return { generate: (shape, random) => drawUniform(shape, random, minval, maxval) };
  },
});

const spread = {
  mean: number(0, "the mean"),
  stddev: number(0.05, "the standard deviation (before cutting)", { min: 0 }),
};

/** A normal distribution. */
export const randomNormal = defineInitializer({
  name: "randomNormal",
  aliases: ["normal"],
  parameters: spread,
  make: ({ mean, stddev }) => ({ generate: (shape, random) => drawNormal(shape, random, mean, stddev) }),
});

/** A normal distribution cut at mean ± 2 stddev. */
export const truncatedNormal = defineInitializer({
  name: "truncatedNormal",
  parameters: spread,
  make: ({ mean, stddev }) => ({ generate: (shape, random) => drawTruncatedNormal(shape, random, mean, stddev) }),
});

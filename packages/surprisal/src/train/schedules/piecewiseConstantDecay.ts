import { InvalidArgumentError } from "../../base/errors.ts";
import { type Parameter, readNumber, refuseOption } from "../../base/parameters.ts";
import { defineSchedule } from "./define.ts";

function numbers(about: string, min: number): Parameter<readonly number[]> {
  return {
    about,
    required: true,
    fallback: [],
    read(value, place) {
      if (!Array.isArray(value)) throw refuseOption(place, value, "a list of numbers is needed", "Pass an array.");
      return Object.freeze(value.map((x) => readNumber(x, place, { min })));
    },
    write: (list) => [...list],
  };
}

/**
 * values[0] up to and including update boundaries[0], values[1] up to boundaries[1] … and the last value afterwards. As in Keras.
 * @throws InvalidArgumentError when values is not one longer than boundaries, or the boundaries do not rise.
 */
export const piecewiseConstantDecay = defineSchedule(
  {
    name: "piecewiseConstantDecay",
    aliases: ["piecewiseConstant"],
    summary: "One rate up to each boundary, and a last one after them.",
    parameters: {
      boundaries: numbers("the last update of each piece but the last, rising", 0),
      values: numbers("the rate of each piece", 0),
    },
    check({ boundaries, values }) {
      const rising = boundaries.every((boundary, i) => i === 0 || boundary > (boundaries[i - 1] as number));
      if (rising && values.length === boundaries.length + 1) return;
      throw new InvalidArgumentError("piecewise-constant-decay/pieces", {
        received: `piecewiseConstantDecay was given boundaries [${boundaries.join(", ")}] and ${values.length} values`,
        expected: "the boundaries must rise and there must be one value more than boundaries",
        hint: `Pass rising boundaries and ${boundaries.length + 1} values.`,
      });
    },
    rate(t, { boundaries, values }) {
      const piece = boundaries.findIndex((boundary) => t <= boundary);
      return (piece === -1 ? values.at(-1) : values[piece]) as number;
    },
  },
  ["boundaries", "values"],
);

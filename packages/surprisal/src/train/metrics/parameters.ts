/** Kinds of options that several metrics have. */
import { ShapeError } from "../../base/errors.ts";
import { optionalNumber, type Parameter, readNumber, refuseOption } from "../../base/parameters.ts";
import { showShape } from "../../base/shape.ts";
import type { MetricContext } from "./define.ts";

/** One threshold in [0, 1] or several. */
export function thresholds(about: string): Parameter<readonly number[] | undefined, number | readonly number[]> {
  return {
    about,
    required: false,
    fallback: undefined,
    read(value, place) {
      const list = Array.isArray(value) ? value : [value];
      if (list.length === 0) throw refuseOption(place, value, "at least one threshold is needed", "Pass e.g. 0.5.");
      return Object.freeze(list.map((x) => readNumber(x, place, { min: 0, max: 1 })));
    },
    write: (list) => (list?.length === 1 ? list[0] : [...(list ?? [])]),
  };
}

export const classId = () => optionalNumber("look at one class only, by its index", { min: 0, integer: true });

/** @throws ShapeError when there is no such class. */
export function checkClass(id: number | undefined, owner: string, { yPredShape }: MetricContext): void {
  if (id === undefined || (yPredShape.length > 1 && id < (yPredShape.at(-1) as number))) return;
  throw new ShapeError("metrics/no-such-class", {
    received: `classId ${id} was given to ${owner}, and predictions have shape ${showShape(yPredShape)}`,
    expected: "it must be an index along their last axis",
    hint: "Count classes from 0.",
  });
}

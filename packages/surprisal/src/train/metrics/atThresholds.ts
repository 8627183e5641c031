/** Metrics with one value for each threshold that the user named: precision, recall, counts. */

import { optionalNumber } from "../../base/parameters.ts";
import type { MetricBody, MetricContext } from "./define.ts";
import { type Confusion, histogram } from "./histogram.ts";
import { checkClass, classId, thresholds as thresholdsOption } from "./parameters.ts";
import { listed } from "./thresholds.ts";

/** The options of precision and recall. */
export const chosen = {
  thresholds: thresholdsOption("scores above it are positive: one number or several; 0.5 unless topK is given"),
  topK: optionalNumber("only this many of a row's highest scores are positive", { min: 1, integer: true }),
  classId: classId(),
};

export interface Chosen {
  readonly thresholds?: readonly number[] | undefined;
  readonly topK?: number | undefined;
  readonly classId?: number | undefined;
}

/** `value` gives the figure at a position among the ascending thresholds; results come in the order the user gave. */
export function atThresholds(
  owner: string,
  options: Chosen,
  context: MetricContext,
  value: (confusion: Confusion, at: number) => number,
): MetricBody {
  checkClass(options.classId, owner, context);
  // Among the k highest every score is positive, so any score but −∞ (which the others are given) is.
  const given = options.thresholds ?? [options.topK === undefined ? 0.5 : -Infinity];
  const thresholds = listed(given);
  const { state, update, read } = histogram({ ...options, thresholds });
  const values: NonNullable<MetricBody["values"]> = (held) => {
    const [confusion] = read(held) as [Confusion];
    return given.map((threshold) => value(confusion, thresholds.values.indexOf(threshold)));
  };
  return { state, update, values, result: (held) => values(held)[0] as number };
}

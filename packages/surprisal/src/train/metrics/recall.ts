import { atThresholds, chosen } from "./atThresholds.ts";
import { defineMetric } from "./define.ts";
import { ratio } from "./histogram.ts";

/**
 * Of what is positive, the share that is predicted so: true positives / (true positives + false negatives), 0 when there are no
 * positives. With several thresholds `values` has one figure for each, and `result` is the first.
 */
export const recall = defineMetric({
  name: "recall",
  aliases: ["sensitivity"],
  summary: "Of the positives, the share that is predicted positive.",
  better: "higher",
  parameters: chosen,
  build: (options, context) =>
    atThresholds("recall", options, context, ({ truePositives: tp, falseNegatives: fn }, t) =>
      ratio(tp[t] as number, (tp[t] as number) + (fn[t] as number)),
    ),
});

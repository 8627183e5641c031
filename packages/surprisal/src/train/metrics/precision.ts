import { atThresholds, chosen } from "./atThresholds.ts";
import { defineMetric } from "./define.ts";
import { ratio } from "./histogram.ts";

/**
 * Of what is predicted positive, the share that is: true positives / (true + false positives), 0 when nothing is predicted
 * positive. With several thresholds `values` has one figure for each, and `result` is the first.
 */
export const precision = defineMetric({
  name: "precision",
  summary: "Of the predicted positives, the share that is positive.",
  better: "higher",
  parameters: chosen,
  build: (options, context) =>
    atThresholds("precision", options, context, ({ truePositives: tp, falsePositives: fp }, t) =>
      ratio(tp[t] as number, (tp[t] as number) + (fp[t] as number)),
    ),
});

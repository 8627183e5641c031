/** The four cells of the confusion matrix, as weights of predictions above or not above each threshold. */
import { atThresholds, chosen } from "./atThresholds.ts";
import { defineMetric } from "./define.ts";
import type { Confusion } from "./histogram.ts";

const count = (cell: keyof Confusion, summary: string, better: "higher" | "lower") =>
  defineMetric({
    name: cell,
    summary,
    better,
    parameters: { thresholds: chosen.thresholds },
    build: (options, context) => atThresholds(cell, options, context, (confusion, t) => confusion[cell][t] as number),
  });

/** The weight of positives that are predicted positive. */
export const truePositives = count("truePositives", "The weight of positives predicted positive.", "higher");
/** The weight of negatives that are predicted positive. */
export const falsePositives = count("falsePositives", "The weight of negatives predicted positive.", "lower");
/** The weight of negatives that are predicted negative. */
export const trueNegatives = count("trueNegatives", "The weight of negatives predicted negative.", "higher");
/** The weight of positives that are predicted negative. */
export const falseNegatives = count("falseNegatives", "The weight of positives predicted negative.", "lower");

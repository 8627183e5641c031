/** The best of one rate that can be had while another is at least a given value, over all thresholds. */
import { number, requiredNumber } from "../../base/parameters.ts";
import { defineMetric, type MetricBody, type MetricContext } from "./define.ts";
import { type Confusion, histogram, ratio } from "./histogram.ts";
import { checkClass, classId } from "./parameters.ts";
import { listed, spread } from "./thresholds.ts";

type Rate = (confusion: Confusion, t: number) => number;
const share =
  (part: keyof Confusion, rest: keyof Confusion): Rate =>
  (c, t) =>
    ratio(c[part][t] as number, (c[part][t] as number) + (c[rest][t] as number));

const sensitivityRate = share("truePositives", "falseNegatives");
const specificityRate = share("trueNegatives", "falsePositives");
const precisionRate = share("truePositives", "falsePositives");

const least = (what: string) => requiredNumber(`the least ${what} that will do`, { min: 0, max: 1 });
const shared = {
  numThresholds: number(200, "thresholds, evenly spread over [0, 1]", { min: 1, max: 1_000_000, integer: true }),
  classId: classId(),
};

interface Search {
  readonly owner: string;
  readonly constraint: Rate;
  readonly least: number;
  readonly wanted: Rate;
}

function bestWhere(
  { owner, constraint, least, wanted }: Search,
  options: { readonly numThresholds: number; readonly classId: number | undefined },
  context: MetricContext,
): MetricBody {
  checkClass(options.classId, owner, context);
  const thresholds = options.numThresholds === 1 ? listed([0.5]) : spread(options.numThresholds);
  const { state, update, read } = histogram({ thresholds, classId: options.classId, probabilities: true });
  return {
    state,
    update,
    result(counts) {
      const [confusion] = read(counts) as [Confusion];
      // Written so that NaN counts pass the constraint, and show.
      const rates = thresholds.values.map((_, t) => (constraint(confusion, t) < least ? 0 : wanted(confusion, t)));
      return rates.reduce((best, rate) => Math.max(best, rate), 0);
    },
  };
}

/** The highest sensitivity (recall) where specificity is at least `specificity` (required). */
export const sensitivityAtSpecificity = defineMetric({
  name: "sensitivityAtSpecificity",
  summary: "The highest sensitivity where specificity is at least a given value.",
  better: "higher",
  parameters: { specificity: least("specificity"), ...shared },
  build: (options, context) =>
    bestWhere(
      {
        owner: "sensitivityAtSpecificity",
        constraint: specificityRate,
        least: options.specificity,
        wanted: sensitivityRate,
      },
      options,
      context,
    ),
});

/** The highest specificity where sensitivity (recall) is at least `sensitivity` (required). */
export const specificityAtSensitivity = defineMetric({
  name: "specificityAtSensitivity",
  summary: "The highest specificity where sensitivity is at least a given value.",
  better: "higher",
  parameters: { sensitivity: least("sensitivity"), ...shared },
  build: (options, context) =>
    bestWhere(
      {
        owner: "specificityAtSensitivity",
        constraint: sensitivityRate,
        least: options.sensitivity,
        wanted: specificityRate,
      },
      options,
      context,
    ),
});

/** The highest precision where recall is at least `recall` (required). */
export const precisionAtRecall = defineMetric({
  name: "precisionAtRecall",
  summary: "The highest precision where recall is at least a given value.",
  better: "higher",
  parameters: { recall: least("recall"), ...shared },
  build: (options, context) =>
    bestWhere(
      { owner: "precisionAtRecall", constraint: sensitivityRate, least: options.recall, wanted: precisionRate },
      options,
      context,
    ),
});

/** The highest recall where precision is at least `precision` (required). */
export const recallAtPrecision = defineMetric({
  name: "recallAtPrecision",
  summary: "The highest recall where precision is at least a given value.",
  better: "higher",
  parameters: { precision: least("precision"), ...shared },
  build: (options, context) =>
    bestWhere(
      { owner: "recallAtPrecision", constraint: precisionRate, least: options.precision, wanted: sensitivityRate },
      options,
      context,
    ),
});

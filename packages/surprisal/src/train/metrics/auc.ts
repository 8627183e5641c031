import { ShapeError } from "../../base/errors.ts";
import {
  choice,
  flag,
  number,
  optionalNumber,
  type Parameter,
  readNumber,
  refuseOption,
  type ValuesOf,
} from "../../base/parameters.ts";
import { showShape } from "../../base/shape.ts";
import { sigmoid } from "../../graph/index.ts";
import { area, curves, heights, interpolatedPrecisionRecall } from "./curve.ts";
import { defineMetric, type MetricBody, type MetricContext } from "./define.ts";
import { type Confusion, histogram, ratio } from "./histogram.ts";
import { thresholds } from "./parameters.ts";
import { listed, spread, withOpenEnds } from "./thresholds.ts";

const weights: Parameter<readonly number[] | undefined, readonly number[]> = {
  about: "a weight for each label",
  required: false,
  fallback: undefined,
  read(value, place) {
    if (!Array.isArray(value))
      throw refuseOption(place, value, "a list of numbers is needed", "Pass one for each label.");
    return Object.freeze(value.map((x) => readNumber(x, place, { min: 0 })));
  },
  write: (list) => [...(list ?? [])],
};

const parameters = {
  numThresholds: number(200, "thresholds, evenly spread over [0, 1]", { min: 2, max: 1_000_000, integer: true }),
  thresholds: thresholds("thresholds to use instead"),
  curve: choice(["ROC", "PR"], "ROC", "the curve: receiver operating characteristic, or precision over recall"),
  summationMethod: choice(
    ["interpolation", "minoring", "majoring"],
    "interpolation",
    "how to add up between thresholds",
  ),
  multiLabel: flag(false, "the mean of one area for each label, instead of one for all of them together"),
  numLabels: optionalNumber("with multiLabel, how many labels are expected", { min: 1, integer: true }),
  labelWeights: weights,
  fromLogits: flag(false, "predictions are logits, not probabilities"),
};

type Options = ValuesOf<typeof parameters>;

/** How many labels are kept apart; 1 when they count together. */
function labelsOf({ multiLabel, numLabels, labelWeights }: Options, { yPredShape }: MetricContext): number {
  const labels = yPredShape.length > 1 ? (yPredShape.at(-1) as number) : 1;
  const wrong = [numLabels, labelWeights?.length].find((count) => count !== undefined && count !== labels);
  if (wrong !== undefined) {
    throw new ShapeError("auc/labels", {
      received: `auc was told of ${wrong} labels, and predictions have shape ${showShape(yPredShape)}`,
      expected: "their last axis holds the labels",
      hint: "Correct numLabels or labelWeights, or the units of the last layer.",
    });
  }
  return multiLabel ? labels : 1;
}

function areaUnder(confusion: Confusion, { curve, summationMethod }: Options): number {
  if (curve === "PR" && summationMethod === "interpolation") return interpolatedPrecisionRecall(confusion);
  return area(confusion, curves[curve], heights[summationMethod]);
}

/**
 * The area under the ROC or precision-recall curve, from the counts at thresholds: an approximation, as in Keras, close where
 * scores spread over [0, 1]. Nothing seen: 0. A prediction outside [0, 1] makes it NaN: pass `fromLogits` for logits.
 */
export const auc = defineMetric({
  name: "auc",
  aliases: ["areaUnderCurve", "rocAuc"],
  summary: "The area under the ROC curve, or the precision-recall curve.",
  better: "higher",
  parameters,
  build(options, context): MetricBody {
    const { numThresholds, labelWeights, multiLabel, fromLogits } = options;
    const given = options.thresholds;
    const chosen = given === undefined ? spread(numThresholds) : listed([-1, ...given, 2]);
    const { state, update, read } = histogram({
      thresholds: withOpenEnds(chosen),
      apart: labelsOf(options, context),
      classWeights: multiLabel ? undefined : labelWeights,
      probabilities: true,
    });
    return {
      state,
      update: (inputs) => update(fromLogits ? { ...inputs, yPred: sigmoid(inputs.yPred) } : inputs),
      result(held) {
        const areas = read(held).map((confusion) => areaUnder(confusion, options));
        const shares = multiLabel && labelWeights !== undefined ? labelWeights : areas.map(() => 1);
        const total = areas.reduce((sum, value, i) => sum + value * (shares[i] as number), 0);
        return ratio(
          total,
          shares.reduce((sum, share) => sum + share, 0),
        );
      },
    };
  },
});

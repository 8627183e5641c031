import type { Shape } from "../../base/shape.ts";
import { binaryAccuracy } from "./binaryAccuracy.ts";
import { categoricalAccuracy } from "./categoricalAccuracy.ts";
import { defineMetric, type MetricBody, type MetricContext } from "./define.ts";
import { labelAccuracy } from "./labelAccuracy.ts";
import { sparseCategoricalAccuracy } from "./sparseCategoricalAccuracy.ts";

/** Whether targets name a class for each row of scores. */
function areIndices({ yTrueShape, yPredShape, targets }: MetricContext): boolean {
  const last = (shape: Shape) => shape.at(-1);
  return targets === "classIndex" || yTrueShape.length < yPredShape.length || last(yTrueShape) === 1;
}

/**
 * The accuracy that suits the shapes, chosen as in Keras: binary where predictions have one column, sparse where targets are
 * class indices, categorical otherwise. Predictions without a class axis, [n], are probabilities of class 1, or labels
 * where targets are class indices.
 */
export const accuracy = defineMetric({
  name: "accuracy",
  aliases: ["acc"],
  summary: "How often the prediction is right: binary, sparse or categorical accuracy, whichever fits.",
  better: "higher",
  parameters: {},
  build(_, context): MetricBody {
    const { yPredShape, targets } = context;
    const flat = yPredShape.length < 2;
    if (flat && targets === "classIndex") return labelAccuracy.definition.build({}, context);
    if (flat || yPredShape.at(-1) === 1) return binaryAccuracy.definition.build({ threshold: 0.5 }, context);
    return (areIndices(context) ? sparseCategoricalAccuracy : categoricalAccuracy).definition.build({}, context);
  },
});

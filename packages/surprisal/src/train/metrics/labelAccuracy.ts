import { equal } from "../../graph/index.ts";
import { alike } from "./align.ts";
import { defineMetric } from "./define.ts";
import { meanOf } from "./mean.ts";

/** How often yPred equals yTrue, label against label (Keras's class `Accuracy`). For scores of classes, take `accuracy`. */
export const labelAccuracy = defineMetric({
  name: "labelAccuracy",
  summary: "How often a predicted label equals the true one.",
  better: "higher",
  parameters: {},
  build: () => meanOf((yTrue, yPred) => equal(alike(yTrue, yPred), yPred)),
});

import { argmax, equal } from "../../graph/index.ts";
import { classIndices } from "./align.ts";
import { defineMetric } from "./define.ts";
import { meanOf } from "./mean.ts";

/** How often the largest prediction is at the target's index. Of equal predictions the first counts. */
export const sparseCategoricalAccuracy = defineMetric({
  name: "sparseCategoricalAccuracy",
  summary: "How often the most likely class is the true one; targets are class indices.",
  better: "higher",
  parameters: {},
  build: () => meanOf((yTrue, yPred) => equal(classIndices(yTrue, yPred), argmax(yPred))),
});

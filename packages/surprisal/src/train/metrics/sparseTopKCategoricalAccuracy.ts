import { classIndices } from "./align.ts";
import { defineMetric } from "./define.ts";
import { meanOf } from "./mean.ts";
import { inTopK } from "./topK.ts";
import { k } from "./topKCategoricalAccuracy.ts";

/** How often the true class is among the k highest scores; targets are class indices. */
export const sparseTopKCategoricalAccuracy = defineMetric({
  name: "sparseTopKCategoricalAccuracy",
  aliases: ["sparseTopKAccuracy"],
  summary: "How often the true class is among the k most likely; targets are class indices.",
  better: "higher",
  parameters: { k: k() },
  build: (options) => meanOf((yTrue, yPred) => inTopK(classIndices(yTrue, yPred), yPred, options.k)),
});

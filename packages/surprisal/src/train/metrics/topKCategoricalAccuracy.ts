import { number } from "../../base/parameters.ts";
import { argmax } from "../../graph/index.ts";
import { alike } from "./align.ts";
import { defineMetric } from "./define.ts";
import { meanOf } from "./mean.ts";
import { inTopK } from "./topK.ts";

/** How many scores are looked at. */
export const k = () => number(5, "how many of the highest scores count", { min: 1, integer: true });

/** How often the true class is among the k highest scores; one-hot targets. Fewer than k classes: always. */
export const topKCategoricalAccuracy = defineMetric({
  name: "topKCategoricalAccuracy",
  aliases: ["topKAccuracy"],
  summary: "How often the true class is among the k most likely; one-hot targets.",
  better: "higher",
  parameters: { k: k() },
  build: (options) => meanOf((yTrue, yPred) => inTopK(argmax(alike(yTrue, yPred)), yPred, options.k)),
});

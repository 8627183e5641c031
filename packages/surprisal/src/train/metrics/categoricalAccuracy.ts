import { argmax, equal } from "../../graph/index.ts";
import { alike } from "./align.ts";
import { defineMetric } from "./define.ts";
import { meanOf } from "./mean.ts";

/** How often the largest prediction is where the one-hot target's 1 is. Of equal predictions the first counts. */
export const categoricalAccuracy = defineMetric({
  name: "categoricalAccuracy",
  summary: "How often the most likely class is the true one; one-hot targets.",
  better: "higher",
  parameters: {},
  build: () => meanOf((yTrue, yPred) => equal(argmax(alike(yTrue, yPred)), argmax(yPred))),
});

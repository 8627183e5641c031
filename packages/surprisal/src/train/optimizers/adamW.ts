import { number } from "../../base/parameters.ts";
import { adam } from "./adam.ts";
import { defineOptimizer } from "./define.ts";
import { sharedParameters } from "./parameters.ts";

const parameters = {
  ...adam.definition.parameters,
  weightDecay: number(0.004, sharedParameters.weightDecay.about, { min: 0 }),
};

/** Adam with weight decay by default: 0.004 · rate of each weight is taken off before the step, for biases too. As in Keras. */
export const adamW = defineOptimizer<typeof parameters>({
  ...adam.definition,
  name: "adamW",
  aliases: ["adamWithWeightDecay"],
  summary: "Adam with decoupled weight decay.",
  reference: "Loshchilov & Hutter (2019), Decoupled weight decay regularization",
  parameters,
});

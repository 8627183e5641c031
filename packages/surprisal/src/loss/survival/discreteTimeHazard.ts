import { and, equal, iota, less, neg, not, or, softplus, sum, where } from "../../graph/index.ts";
import { alongClasses } from "../classes.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import { logits } from "../domain.ts";
import { ifClass, intervals } from "./targets.ts";

/**
 * Σ_(k < i) log(1 + e^(z_k)) for the intervals that a row lived through, and the cost of event or no event in the last that it was
 * seen in. yPred has one logit for each of K intervals: that of P(event in k | none before).
 */
export const discreteTimeHazard = defineArrayLoss({
  name: "discreteTimeHazard",
  aliases: ["logisticHazard", "nnetSurvival", "discreteHazard"],
  task: "survival",
  summary: "Cuts time into intervals and asks in each whether the event comes in it, as long as it has not come.",
  formula: String.raw`\ell = \sum_{k < i} \log(1 + e^{z_k}) + \log(1 + e^{\mp z_i}), \quad - \text{ at an event}`,
  references: [
    {
      title: "Gensheimer, Narasimhan, A scalable discrete-time survival model for neural networks (2019)",
      url: "https://doi.org/10.7717/peerj.6257",
    },
  ],
  yTrue: intervals,
  yPred: { axes: "N K", domain: logits, doc: "the logit of each interval's hazard" },
  losses: "N",
  value({ interval, event }, yPred) {
    const label = alongClasses(interval, yPred);
    const step = iota(-1, yPred.shape);
    const isLast = equal(step, label);
    const isSeen = alongClasses(not(equal(event, 0)), yPred);
    const cost = softplus(where(and(isLast, isSeen), neg(yPred), where(or(isLast, less(step, label)), yPred, 0)));
    const counted = where(or(isLast, less(step, label)), cost, 0);
    return ifClass(interval, yPred.shape.at(-1) as number, sum(counted, [-1]));
  },
  textbook: ({ interval, event }: Record<"interval" | "event", number[]>, z: number[][]) =>
    z.map((row, n) =>
      row.slice(0, (interval[n] as number) + 1).reduce((total, x, k) => {
        const hazard = 1 / (1 + Math.exp(-x));
        return total - Math.log(k === interval[n] && event[n] === 1 ? hazard : 1 - hazard);
      }, 0),
    ),
  examples: [
    { yTrue: { interval: [1], event: [1] }, yPred: [[0, 0, 9]], loss: 2 * Math.LN2 },
    { yTrue: { interval: [0], event: [0] }, yPred: [[0, 5]], loss: Math.LN2 },
  ],
  traits: { smooth: true, convex: true, nonNegative: true },
});

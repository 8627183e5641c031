import { add, and, equal, exp, less, log, sub, where } from "../../graph/index.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import { logits } from "../domain.ts";
import { excessOverExp, timesExp } from "../special.ts";
import { seen, times } from "./targets.ts";

/**
 * −log of a Weibull density at the time of an event, or of the probability of a later one where the row is censored. With
 * z = shape (log t − log scale) that is e^z, less z + log shape − log t at an event; e^z − z has its least value at z = 0 and is
 * formed so that its slope keeps its digits there.
 */
export const weibullNll = defineArrayLoss({
  name: "weibullNll",
  aliases: ["weibull", "weibullSurvival"],
  task: "survival",
  summary: "Predicts a whole distribution of times until an event, from a scale and a shape for each row.",
  formula: String.raw`\ell = (t/\lambda)^k - \delta \bigl(\log k - \log \lambda + (k - 1)(\log t - \log \lambda)\bigr)`,
  references: [{ title: "Kalbfleisch, Prentice, The Statistical Analysis of Failure Time Data (2002)" }],
  yTrue: {
    time: { axes: "N", domain: times, doc: "when the event was, or the watch ended" },
    event: seen,
  },
  yPred: {
    logScale: { axes: "N", domain: logits, doc: "the logarithm of the scale λ" },
    logShape: { axes: "N", domain: logits, doc: "the logarithm of the shape k; below 0 the hazard falls with time" },
  },
  losses: "N",
  value({ time, event }, { logScale, logShape }) {
    const logTime = log(time);
    const gap = sub(logTime, logScale);
    const isCensored = equal(event, 0);
    // So long before the scale, for the shape, that e^z is 0 in any dtype; z itself may be beyond all numbers.
    const isEarly = and(isCensored, less(timesExp(gap, logShape), -2000));
    const z = timesExp(where(isEarly, 0, gap), where(isEarly, 0, logShape));
    const ofEvent = sub(add(add(1, excessOverExp(where(isCensored, 0, z))), logTime), logShape);
    return where(isEarly, 0, where(isCensored, exp(where(isCensored, z, 0)), ofEvent));
  },
  textbook: (
    { time, event }: Record<"time" | "event", number[]>,
    { logScale, logShape }: Record<"logScale" | "logShape", number[]>,
  ) =>
    time.map((t, i) => {
      const [scale, shape] = [Math.exp(logScale[i] as number), Math.exp(logShape[i] as number)];
      const hazard = (shape / scale) * (t / scale) ** (shape - 1);
      return (t / scale) ** shape - (event[i] as number) * Math.log(hazard);
    }),
  examples: [
    { yTrue: { time: [2], event: [0] }, yPred: { logScale: [0], logShape: [0] }, loss: 2 },
    { yTrue: { time: [1], event: [1] }, yPred: { logScale: [0], logShape: [0] }, loss: 1 },
    { yTrue: { time: [1], event: [1] }, yPred: { logScale: [0], logShape: [Math.LN2] }, loss: 1 - Math.LN2 },
  ],
  traits: { smooth: true },
});

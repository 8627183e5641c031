import { and, equal, iota, less, logSumExp, not, or, softplus, sub, where } from "../../graph/index.ts";
import { alongClasses } from "../classes.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import { logits } from "../domain.ts";
import { ifClass, intervals } from "./targets.ts";

/**
 * −log of the probability of the interval of the event, or of all later ones together where the row is censored; of a softmax over K intervals and
 * a last column for what comes after them. It is log(1 + Σ e^(others) / Σ e^(meant)), so that a row that is foreseen well has a loss with all its digits.
 */
export const deepHitNll = defineArrayLoss({
  name: "deepHitNll",
  aliases: ["deepHit", "deepHitLikelihood"],
  task: "survival",
  summary: "Cuts time into intervals and gives each a probability that the event comes in it.",
  formula: String.raw`\ell = -\log p_i \text{ at an event}, \quad -\log \sum_{k > i} p_k \text{ else}, \quad p = \operatorname{softmax}(z)`,
  references: [
    {
      title:
        "Lee, Zame, Yoon, van der Schaar, DeepHit: A Deep Learning Approach to Survival Analysis With Competing Risks (2018)",
      url: "https://doi.org/10.1609/aaai.v32i1.11842",
    },
  ],
  yTrue: intervals,
  yPred: { axes: "N K+1", domain: logits, doc: "a logit for each interval, and one for no event in any" },
  losses: "N",
  value({ interval, event }, yPred) {
    const label = alongClasses(interval, yPred);
    const step = iota(-1, yPred.shape);
    const isSeen = alongClasses(not(equal(event, 0)), yPred);
    const isMeant = or(and(isSeen, equal(step, label)), and(not(isSeen), less(label, step)));
    const meant = logSumExp(where(isMeant, yPred, Number.NEGATIVE_INFINITY));
    const others = logSumExp(where(isMeant, Number.NEGATIVE_INFINITY, yPred));
    return ifClass(interval, (yPred.shape.at(-1) as number) - 1, softplus(sub(others, meant)));
  },
  textbook: ({ interval, event }: Record<"interval" | "event", number[]>, z: number[][]) =>
    z.map((row, n) => {
      const sum = (list: number[]) => list.reduce((total, x) => total + Math.exp(x), 0);
      const i = interval[n] as number;
      return Math.log(sum(row)) - Math.log(sum(event[n] === 1 ? row.slice(i, i + 1) : row.slice(i + 1)));
    }),
  examples: [
    { yTrue: { interval: [0], event: [1] }, yPred: [[0, 0]], loss: Math.LN2 },
    { yTrue: { interval: [0], event: [0] }, yPred: [[0, 0, 0, 0]], loss: Math.log(4 / 3) },
  ],
  traits: { smooth: true, nonNegative: true },
});

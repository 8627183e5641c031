import { equal, gather, mul, sub, where } from "../../graph/index.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import { classIndex, logits } from "../domain.ts";
import { choice } from "../params.ts";
import { costOfInterval, extreme, logistic, normal } from "./noises.ts";

const links = { logit: logistic, probit: normal, cloglog: extreme };

/**
 * −log(F(θ_y − f) − F(θ_(y−1) − f)) for classes 0 … K in order, with K thresholds that all rows share, and −Infinity and Infinity beyond them. The
 * thresholds must ascend: an interval of no width costs Infinity, and one with its ends exchanged is NaN.
 */
export const cumulativeLink = defineArrayLoss({
  name: "cumulativeLink",
  aliases: ["proportionalOdds", "orderedLogit", "orderedProbit", "cumulativeLogit"],
  task: "ordinal",
  summary: "For ordered classes: one score on a line that thresholds cut into classes, with noise.",
  formula: String.raw`\ell = -\log \bigl(F(\theta_y - f) - F(\theta_{y-1} - f)\bigr)`,
  references: [
    {
      title: "McCullagh, Regression Models for Ordinal Data (1980)",
      url: "https://doi.org/10.1111/j.2517-6161.1980.tb01109.x",
    },
  ],
  yTrue: { axes: "N", domain: classIndex, classes: "K+1", doc: "the class, a number from 0" },
  yPred: {
    score: { axes: "N", domain: logits, doc: "where the row stands on the line" },
    thresholds: {
      axes: "K",
      domain: logits,
      doc: "where the next class begins, ascending; one fewer than there are classes",
    },
  },
  losses: "N",
  params: { link: choice(["logit", "probit", "cloglog"], "the distribution function F of the noise") },
  value(yTrue, { score, thresholds }, { link }) {
    const last = thresholds.shape[0] as number;
    if (last === 0) return mul(score, 0);
    const openBelow = equal(yTrue, 0);
    const openAbove = equal(yTrue, last);
    const lower = gather(thresholds, where(openBelow, 0, sub(yTrue, 1)));
    const upper = gather(thresholds, where(openAbove, 0, yTrue));
    const ends = { lower: sub(lower, score), upper: sub(upper, score), width: sub(upper, lower) };
    return costOfInterval(links[link], ends, openBelow, openAbove);
  },
  textbook: (y: number[], { score, thresholds }: Record<"score" | "thresholds", number[]>, { link }) =>
    y.map((label, i) => {
      const at = (k: number) =>
        k < 0 ? 0 : k === thresholds.length ? 1 : links[link].cdf((thresholds[k] as number) - (score[i] as number));
      return -Math.log(at(label) - at(label - 1));
    }),
  examples: [
    { yTrue: [0], yPred: { score: [1], thresholds: [1, 2] }, loss: Math.LN2 },
    { yTrue: [2], yPred: { score: [1], thresholds: [0, 1] }, options: { link: "probit" }, loss: Math.LN2 },
    { yTrue: [1], yPred: { score: [0], thresholds: [0] }, options: { link: "cloglog" }, loss: 1 },
  ],
  traits: { smooth: true },
});

import { broadcastTo, iota, lessEqual, maximum, neg, sub, sum, where } from "../../graph/index.ts";
import { alongClasses } from "../classes.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import { classIndex, logits } from "../domain.ts";
import { ifClass } from "./targets.ts";

/** Σ_k max(0, 1 − s_k (θ_k − f)), s_k = 1 where the class is at most k, else −1, for classes 0 … K in order; all rows share the K thresholds. */
export const allThresholdHinge = defineArrayLoss({
  name: "allThresholdHinge",
  aliases: ["allThreshold", "supportVectorOrdinal", "ordinalHinge"],
  task: "ordinal",
  summary: "For ordered classes: a score must keep a margin of 1 to every threshold, on the right side of it.",
  formula: String.raw`\ell = \sum_k \max\bigl(0,\, 1 - s_k (\theta_k - f)\bigr), \quad s_k = \pm 1,\ + \text{ where } y \le k`,
  references: [
    { title: "Rennie, Srebro, Loss Functions for Preference Levels: Regression with Discrete Ordered Labels (2005)" },
  ],
  yTrue: { axes: "N", domain: classIndex, classes: "K+1", doc: "the class, a number from 0" },
  yPred: {
    score: { axes: "N", domain: logits, doc: "where the row stands on the line" },
    thresholds: { axes: "K", domain: logits, doc: "where the next class begins; one fewer than there are classes" },
  },
  losses: "N",
  value(yTrue, { score, thresholds }) {
    const steps = broadcastTo(thresholds, [...score.shape, ...thresholds.shape]);
    const room = sub(steps, alongClasses(score, steps));
    const isBelow = lessEqual(alongClasses(yTrue, steps), iota(-1, steps.shape));
    const cost = sum(maximum(0, sub(1, where(isBelow, room, neg(room)))), [-1]);
    return ifClass(yTrue, (thresholds.shape[0] as number) + 1, cost);
  },
  textbook: (y: number[], { score, thresholds }: Record<"score" | "thresholds", number[]>) =>
    y.map((label, n) =>
      thresholds.reduce(
        (total, threshold, k) => total + Math.max(0, 1 - (label <= k ? 1 : -1) * (threshold - (score[n] as number))),
        0,
      ),
    ),
  examples: [
    { yTrue: [1], yPred: { score: [0], thresholds: [-2, 0.5] }, loss: 0.5 },
    { yTrue: [0], yPred: { score: [0], thresholds: [0, 3] }, loss: 1 },
  ],
  traits: { convex: true, nonNegative: true },
});

import { sub } from "../../graph/index.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import { logits } from "../domain.ts";
import { finite } from "../params.ts";
import { logisticCost, naiveLogistic } from "./preference.ts";

/** −log σ(chosen − rejected − margin), one number a pair: minus the log-probability that the chosen one wins. */
export const bradleyTerry = defineArrayLoss({
  name: "bradleyTerry",
  aliases: ["rewardModel", "pairwiseLogistic", "pairwiseReward"],
  task: "ranking",
  summary: "Scores from comparisons: the one that was preferred should score higher.",
  formula: String.raw`\ell = \log\bigl(1 + e^{-(s_w - s_l - m)}\bigr)`,
  references: [
    {
      title: "Bradley, Terry, Rank Analysis of Incomplete Block Designs: I. The Method of Paired Comparisons (1952)",
      url: "https://doi.org/10.1093/biomet/39.3-4.324",
    },
  ],
  yPred: {
    chosen: { axes: "N", domain: logits, doc: "the score of the one that was preferred" },
    rejected: { axes: "N", domain: logits, doc: "the score of the other one" },
  },
  losses: "N",
  params: { margin: finite(0, "by how much the scores should at least differ") },
  value: (_, { chosen, rejected }, { margin }) => logisticCost(sub(sub(chosen, rejected), margin)),
  textbook: (_, { chosen, rejected }: Record<string, number[]>, { margin }) =>
    (chosen as number[]).map((w, i) => naiveLogistic(w - (rejected?.[i] as number) - margin)),
  examples: [
    { yTrue: undefined, yPred: { chosen: [1], rejected: [1] }, loss: Math.LN2 },
    { yTrue: undefined, yPred: { chosen: [3], rejected: [1] }, options: { margin: 2 }, loss: Math.LN2 },
  ],
  traits: { smooth: true, convex: true, nonNegative: true },
});

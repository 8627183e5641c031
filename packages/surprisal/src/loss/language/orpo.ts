import { add, log1mexp, mul, type Node, neg, sub } from "../../graph/index.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import { nonNegative } from "../params.ts";
import { answers, logisticCost, naiveLogistic } from "./preference.ts";

/** log(p / (1 − p)) of log p. */
const logOdds = (logP: Node): Node => sub(logP, log1mexp(logP));

/**
 * −chosen + β log(1 + e^−(logit of the chosen − logit of the rejected)), one number a pair: the likelihood of the preferred answer, and by how much
 * its odds are better. Both are mean log-probabilities of tokens, below 0; no reference model is needed.
 */
export const orpo = defineArrayLoss({
  name: "orpo",
  aliases: ["oddsRatioPreferenceOptimization", "orpoLoss"],
  task: "language",
  summary: "Fine-tuning and preferences in one step: likelihood plus the odds ratio of two answers.",
  formula: String.raw`\ell = -\log p_w + \beta \log\Bigl(1 + \frac{\operatorname{odds}(p_l)}{\operatorname{odds}(p_w)}\Bigr)`,
  references: [
    {
      title: "Hong, Lee, Thorne, ORPO: Monolithic Preference Optimization without Reference Model (2024)",
      url: "https://arxiv.org/abs/2403.07691",
    },
  ],
  yPred: answers,
  losses: "N",
  params: { beta: nonNegative(0.1, "the weight of the odds ratio") },
  value(_, { chosen, rejected }, { beta }) {
    return add(neg(chosen), mul(beta, logisticCost(sub(logOdds(chosen), logOdds(rejected)))));
  },
  textbook(_, { chosen, rejected }: Record<string, number[]>, { beta }) {
    const odds = (logP: number) => Math.exp(logP) / (1 - Math.exp(logP));
    return (chosen as number[]).map(
      (w, i) => -w + beta * naiveLogistic(Math.log(odds(w) / odds(rejected?.[i] as number))),
    );
  },
  examples: [
    { yTrue: undefined, yPred: { chosen: [-2], rejected: [-2] }, options: { beta: 1 }, loss: 2 + Math.LN2 },
    { yTrue: undefined, yPred: { chosen: [-2], rejected: [-1] }, options: { beta: 0 }, loss: 2 },
  ],
  traits: { smooth: true, nonNegative: true },
});

import { InvalidArgumentError } from "../../base/errors.ts";
import { div, mul, type Node, softplus, square, sub } from "../../graph/index.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import { choice, positive, unit } from "../params.ts";
import { hingeCost, logisticCost, logProbability, naiveLogistic } from "./preference.ts";

/** (1 − s) · right + s · wrong; without smoothing the second is not computed at all. */
const mix = (smoothing: number, right: Node, wrong: () => Node): Node =>
  smoothing === 0 ? right : sub(mul(1 - smoothing, right), mul(-smoothing, wrong()));

interface Choices {
  readonly beta: number;
  readonly labelSmoothing: number;
}

/** What a margin m = β (log-ratio of the chosen − log-ratio of the rejected) costs. */
const costs: Readonly<Record<"sigmoid" | "robust" | "hinge" | "ipo", (margin: Node, choices: Choices) => Node>> = {
  sigmoid: (m, { labelSmoothing: s }) => mix(s, logisticCost(m), () => softplus(m)),
  robust: (m, { labelSmoothing: s }) =>
    s === 0 ? logisticCost(m) : div(sub(mul(1 - s, logisticCost(m)), mul(s, softplus(m))), 1 - 2 * s),
  hinge: (m) => hingeCost(m),
  ipo: (m, { beta }) => square(sub(div(m, beta), 1 / (2 * beta))),
};

/**
 * Preferences learnt without a reward model: m = β ((log π_w − log ref_w) − (log π_l − log ref_l)), one number a pair. `sigmoid` is
 * −log σ(m), smoothed towards the other answer; `robust` undoes such a share of flipped labels; `hinge` is max(0, 1 − m); `ipo`
 * (m/β − 1/(2β))². Reference log-probabilities are constants to a trainer, although their gradient is given.
 */
export const dpo = defineArrayLoss({
  name: "dpo",
  aliases: ["directPreferenceOptimization", "dpoLoss"],
  task: "language",
  summary: "Raises the preferred answer over the other one, relative to a reference model.",
  formula: String.raw`\ell = \log(1 + e^{-m}), \quad m = \beta \Bigl(\log \frac{\pi_w}{\mathrm{ref}_w} - \log \frac{\pi_l}{\mathrm{ref}_l}\Bigr)`,
  references: [
    {
      title: "Rafailov et al., Direct Preference Optimization: Your Language Model is Secretly a Reward Model (2023)",
      url: "https://arxiv.org/abs/2305.18290",
    },
    {
      title:
        "Azar et al., A General Theoretical Paradigm to Understand Learning from Human Preferences (2023), for ipo",
      url: "https://arxiv.org/abs/2310.12036",
    },
    {
      title: "Chowdhury et al., Provably Robust DPO: Aligning Language Models with Noisy Feedback (2024), for robust",
      url: "https://arxiv.org/abs/2403.00409",
    },
  ],
  yPred: {
    policyChosen: logProbability("the preferred answer under the model that is trained"),
    policyRejected: logProbability("the other answer under that model"),
    referenceChosen: logProbability("the preferred answer under the reference"),
    referenceRejected: logProbability("the other answer under the reference"),
  },
  losses: "N",
  params: {
    beta: positive(0.1, "how much a log-ratio counts; smaller ones let the model move further from the reference"),
    variant: choice(["sigmoid", "robust", "hinge", "ipo"], "what a margin costs"),
    labelSmoothing: unit(0, "the share of pairs taken to be labelled the wrong way round"),
  },
  checkParams({ variant, labelSmoothing }) {
    if (variant !== "robust" || labelSmoothing < 0.5) return;
    throw new InvalidArgumentError("loss/dpo-smoothing", {
      received: `dpo was given variant "robust" with labelSmoothing ${labelSmoothing}`,
      expected: "with half of the labels flipped or more, nothing can be learnt from them",
      hint: "Pass a labelSmoothing below 0.5.",
    });
  },
  value(_, { policyChosen, policyRejected, referenceChosen, referenceRejected }, { variant, ...choices }) {
    const ratio = sub(sub(policyChosen, referenceChosen), sub(policyRejected, referenceRejected));
    return costs[variant](mul(choices.beta, ratio), choices);
  },
  textbook(_, yPred: Record<string, number[]>, { beta, variant, labelSmoothing: s }) {
    const at = (name: string, i: number) => yPred[name]?.[i] as number;
    return (yPred.policyChosen as number[]).map((_, i) => {
      const m =
        beta *
        (at("policyChosen", i) - at("referenceChosen", i) - (at("policyRejected", i) - at("referenceRejected", i)));
      const [right, wrong] = [naiveLogistic(m), naiveLogistic(-m)];
      return {
        sigmoid: (1 - s) * right + s * wrong,
        robust: ((1 - s) * right - s * wrong) / (1 - 2 * s),
        hinge: Math.max(0, 1 - m),
        ipo: (m / beta - 1 / (2 * beta)) ** 2,
      }[variant];
    });
  },
  examples: [
    {
      yTrue: undefined,
      yPred: { policyChosen: [-4], policyRejected: [-4], referenceChosen: [-5], referenceRejected: [-5] },
      loss: Math.LN2,
    },
    {
      yTrue: undefined,
      yPred: { policyChosen: [-4], policyRejected: [-6], referenceChosen: [-5], referenceRejected: [-5] },
      options: { variant: "ipo", beta: 0.5 },
      loss: 1,
    },
  ],
  traits: { smooth: true },
});

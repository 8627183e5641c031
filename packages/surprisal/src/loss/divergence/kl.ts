import { InvalidArgumentError } from "../../base/errors.ts";
import { exp, softmax, sub, sum } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { distribution, logDistribution, logits, logProbabilities, probabilities } from "../domain.ts";
import { flag } from "../params.ts";
import { shareDifference } from "./pairs.ts";
import { relativeEntropy } from "./relativeEntropy.ts";

/**
 * Σ p (log p − log q) over the last axis, p = yTrue, q = yPred; as given, without clipping. Nearly equal distributions keep their digits
 * and cannot come out negative.
 */
export const klLoss = defineLoss({
  name: "klDivergence",
  aliases: ["kld", "kl", "kullbackLeibler", "kullbackLeiblerDivergence", "klDivLoss", "relativeEntropy"],
  task: "distribution",
  summary: "What predicting q costs over predicting p, when outcomes come from p.",
  formula: String.raw`\ell = \sum_c p_c \log \frac{p_c}{q_c}`,
  references: [
    {
      title: "Kullback, Leibler, On Information and Sufficiency (1951)",
      url: "https://doi.org/10.1214/aoms/1177729694",
    },
  ],
  axis: "class",
  yTrue: ({ logTarget }) => (logTarget ? logDistribution : distribution),
  yPred: ({ fromLogits, fromLogProbabilities }) =>
    fromLogits ? logits : fromLogProbabilities ? logProbabilities : probabilities,
  params: {
    fromLogits: flag(false, "whether yPred holds logits instead of probabilities"),
    fromLogProbabilities: flag(false, "whether yPred holds log-probabilities (a log softmax)"),
    logTarget: flag(false, "whether yTrue holds log-probabilities"),
  },
  checkParams({ fromLogits, fromLogProbabilities }) {
    if (!fromLogits || !fromLogProbabilities) return;
    throw new InvalidArgumentError("loss/kind-of-predictions", {
      received: "klDivergence was given both fromLogits and fromLogProbabilities",
      expected: "predictions are one of the two, or probabilities",
      hint: "Keep the one that says what the last layer puts out.",
    });
  },
  value(yTrue, yPred, { fromLogits, fromLogProbabilities, logTarget }) {
    const p = logTarget ? exp(yTrue) : yTrue;
    const q = fromLogits ? softmax(yPred) : fromLogProbabilities ? exp(yPred) : yPred;
    const { terms, difference } = relativeEntropy(p, q, fromLogits ? shareDifference(p, q) : sub(q, p));
    return sub(sum(terms, [-1]), sum(difference, [-1]));
  },
  textbook(yTrue: readonly number[], yPred: readonly number[], { fromLogits, fromLogProbabilities, logTarget }) {
    const p = logTarget ? yTrue.map(Math.exp) : yTrue;
    const e = fromLogits || fromLogProbabilities ? yPred.map(Math.exp) : yPred;
    const whole = fromLogits ? e.reduce((a, b) => a + b, 0) : 1;
    return p.reduce((total, pc, c) => total + (pc === 0 ? 0 : pc * Math.log((pc * whole) / (e[c] as number))), 0);
  },
  compat: [
    {
      framework: "keras",
      name: "keras.losses.KLDivergence",
      differs:
        "Both sides are clipped to [1e-7, 1] there, so that a probability of 0 has neither an infinite loss nor a gradient.",
    },
    {
      framework: "pytorch",
      name: "torch.nn.KLDivLoss",
      arguments: { log_target: "logTarget" },
      options: { fromLogProbabilities: true },
      differs: 'Predictions come first there, and "mean" is over all entries; "batchmean" is our default.',
    },
    {
      framework: "optax",
      name: "optax.losses.kl_divergence",
      options: { fromLogProbabilities: true },
      differs: "Predictions come first there.",
    },
    {
      framework: "optax",
      name: "optax.losses.kl_divergence_with_log_targets",
      options: { fromLogProbabilities: true, logTarget: true },
      differs: "Predictions come first there.",
    },
  ],
  examples: [
    { yTrue: [1, 0], yPred: [0.5, 0.5], loss: Math.LN2 },
    { yTrue: [0.25, 0.75], yPred: [0.25, 0.75], loss: 0 },
  ],
  traits: { smooth: true, convex: true, zeroAtTarget: true, proper: true },
  means: { pytorch: "entries" },
});

import { mul, type Node, square, sub } from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { real } from "../domain.ts";
import { choice } from "../params.ts";
import { excessOverExp } from "../special.ts";

/** Each estimates KL(policy ‖ reference) from samples of the policy, where d = log reference − log policy. */
const estimators: Readonly<Record<"k1" | "k2" | "k3", (yTrue: Node, yPred: Node) => Node>> = {
  k1: (yTrue, yPred) => sub(yPred, yTrue),
  k2: (yTrue, yPred) => mul(0.5, square(sub(yTrue, yPred))),
  k3: (yTrue, yPred) => excessOverExp(sub(yTrue, yPred)),
};

/**
 * From samples of a policy, what their log-probability under a reference (yTrue) and under the policy (yPred) say of KL(policy ‖
 * reference), averaged over the last axis; a list of n numbers is n samples. k1 = −d is unbiased and of either sign, k2 = d²/2 is never
 * negative but biased, k3 = e^d − 1 − d is both unbiased and never negative.
 */
export const klEstimator = defineLoss({
  name: "klEstimator",
  aliases: ["approximateKl", "approxKl", "schulmanKl", "sampledKl"],
  task: "language",
  summary: "The divergence of a policy from a reference, estimated from log-probabilities of what the policy sampled.",
  formula: String.raw`\ell = e^d - 1 - d, \quad d = \log p_{\mathrm{ref}} - \log p`,
  references: [{ title: "Schulman, Approximating KL Divergence (2020)", url: "http://joschu.net/blog/kl-approx.html" }],
  yTrue: real,
  params: { estimator: choice(["k3", "k1", "k2"], "which of the three estimators") },
  harmless: 0,
  value: (yTrue, yPred, { estimator }) => estimators[estimator](yTrue, yPred),
  textbook(reference: number, policy: number, { estimator }) {
    const d = reference - policy;
    return { k1: -d, k2: d ** 2 / 2, k3: Math.exp(d) - d - 1 }[estimator];
  },
  examples: [
    { yTrue: -1, yPred: -1, loss: 0 },
    { yTrue: -1, yPred: -3, params: { estimator: "k2" }, loss: 2 },
    { yTrue: -1, yPred: -3, params: { estimator: "k1" }, loss: -2 },
  ],
  traits: { smooth: true, convex: true, nonNegative: true, zeroAtTarget: true },
});

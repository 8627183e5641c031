import { InvalidArgumentError } from "../../base/errors.ts";
import {
  add,
  and,
  div,
  exp,
  less,
  lessEqual,
  mul,
  not,
  or,
  softmax,
  sub,
  sum,
  where,
  xlogy,
} from "../../graph/index.ts";
import { defineLoss } from "../define.ts";
import { distribution, logDistribution, logits, logProbabilities, probabilities } from "../domain.ts";
import { flag } from "../params.ts";
import { excessOverLog1p } from "../special.ts";

/** Between ratios of this size, log(q/p) is better than log q − log p; beyond, the quotient or its slope may not be a number. */
const comparableRatio = 2 ** -60;

/**
 * Σ p (log p − log q) over the last axis, p = yTrue, q = yPred; as given, without clipping. Where q lies within a factor 2 of p the term
 * is p (d − log(1 + d)) − (q − p) with d = (q − p)/p: nearly equal distributions keep their digits and cannot come out negative.
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
    const positive = less(0, p);
    const within = (factor: number) => and(lessEqual(mul(factor, p), q), lessEqual(mul(factor, q), p));
    const near = and(positive, within(0.5));
    const comparable = and(and(positive, not(near)), within(comparableRatio));
    const apart = and(positive, not(or(near, comparable)));
    const pNear = where(near, p, 1);
    const difference = sub(where(near, q, 1), pNear);
    const excess = mul(pNear, excessOverLog1p(div(difference, pNear)));
    const ratio = div(where(comparable, q, 1), where(comparable, p, 1));
    const pApart = where(apart, p, 0);
    // Each element is in one of the three ranges, and adds 0 to the other terms.
    const logarithms = add(xlogy(where(comparable, p, 0), ratio), xlogy(pApart, where(apart, q, 1)));
    const terms = sub(add(excess, xlogy(pApart, pApart)), logarithms);
    // The differences go in a sum of their own: for distributions they add up to 0, and among the terms they would hide them.
    return sub(sum(terms, [-1]), sum(difference, [-1]));
  },
  textbook(yTrue: readonly number[], yPred: readonly number[], { fromLogits, fromLogProbabilities, logTarget }) {
    const p = logTarget ? yTrue.map(Math.exp) : yTrue;
    const e = fromLogits || fromLogProbabilities ? yPred.map(Math.exp) : yPred;
    const whole = fromLogits ? e.reduce((a, b) => a + b, 0) : 1;
    return p.reduce((total, pc, c) => total + (pc === 0 ? 0 : pc * Math.log((pc * whole) / (e[c] as number))), 0);
  },
  examples: [
    { yTrue: [1, 0], yPred: [0.5, 0.5], loss: Math.LN2 },
    { yTrue: [0.25, 0.75], yPred: [0.25, 0.75], loss: 0 },
  ],
  traits: { convex: true, zeroAtTarget: true, proper: true },
  means: { pytorch: "entries" },
});

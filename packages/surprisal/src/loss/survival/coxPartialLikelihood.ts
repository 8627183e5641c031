import {
  add,
  and,
  broadcastTo,
  cast,
  constant,
  div,
  equal,
  iota,
  less,
  lessEqual,
  log,
  logSoftmax,
  type Node,
  not,
  reshape,
  sub,
  sum,
  where,
} from "../../graph/index.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import { logits } from "../domain.ts";
import { choice } from "../params.ts";
import { lowerTimes, seen } from "./targets.ts";

/**
 * Σ over events i of log Σ_{j: time_j ≥ time_i} e^(f_j) − f_i, f = yPred: one value for the whole batch, 0 where it has no event. Each event
 * is compared with all rows of the batch that were still at risk, so the batch must be large, and n rows take n² numbers. Of events at one
 * time Breslow counts each as if the others were still at risk; Efron's m-th of d (m = 0, 1, …) counts them by 1 − m/d.
 */
export const coxPartialLikelihood = defineArrayLoss({
  name: "coxPartialLikelihood",
  aliases: ["cox", "coxPh", "coxLoss", "coxNegativePartialLogLikelihood", "proportionalHazards"],
  task: "survival",
  summary: "Ranks rows by how soon their event comes, without a word on when: only the order of times counts.",
  formula: String.raw`\ell = \sum_{i:\, \delta_i = 1} \Bigl(\log \sum_{j:\, t_j \ge t_i} e^{f_j} - f_i\Bigr)`,
  references: [
    {
      title: "Cox, Regression Models and Life-Tables (1972)",
      url: "https://doi.org/10.1111/j.2517-6161.1972.tb00899.x",
    },
    {
      title: "Efron, The Efficiency of Cox's Likelihood Function for Censored Data (1977)",
      url: "https://doi.org/10.1080/01621459.1977.10480613",
    },
  ],
  yTrue: {
    time: { axes: "N", domain: lowerTimes, doc: "when the event was, or the watch ended" },
    event: seen,
  },
  yPred: { axes: "N", domain: logits, doc: "the logarithm of each row's hazard, beside the others'" },
  losses: "",
  params: { ties: choice(["breslow", "efron"], "how events at one time are counted") },
  value({ time, event }, yPred, { ties }) {
    const n = yPred.shape[0] as number;
    const ofRow = (x: Node) => broadcastTo(reshape(x, [n, 1]), [n, n]);
    const ofOther = (x: Node) => broadcastTo(reshape(x, [1, n]), [n, n]);
    const isEvent = not(equal(event, 0));
    const isSelf = equal(iota(0, [n, n]), iota(1, [n, n]));
    const isAtRisk = lessEqual(ofRow(time), ofOther(time));
    const isTied = and(equal(ofRow(time), ofOther(time)), and(ofRow(isEvent), ofOther(isEvent)));
    const logShare = ties === "efron" ? logShares(isTied, yPred) : constant(0, yPred.dtype, [n, n]);
    // Each row less its own score, so that an offset of all scores is gone before a logarithm is added to it.
    const shifted = add(sub(ofOther(yPred), ofRow(yPred)), logShare);
    const logs = logSoftmax(where(isAtRisk, shifted, Number.NEGATIVE_INFINITY));
    const own = sum(where(isSelf, sub(logShare, logs), 0), [-1]);
    return sum(where(isEvent, own, 0));
  },
  textbook({ time, event }: Record<"time" | "event", number[]>, f: number[], { ties }) {
    const isEvent = (i: number) => event[i] === 1;
    const before = (i: number) => f.filter((_, j) => j < i && isEvent(j) && time[j] === time[i]).length;
    const total = f.reduce((loss, score, i) => {
      if (!isEvent(i)) return loss;
      const at = time[i] as number;
      const tied = f.filter((_, j) => isEvent(j) && time[j] === at);
      const all = f.filter((_, j) => (time[j] as number) >= at).reduce((s, x) => s + Math.exp(x), 0);
      const less = (ties === "efron" ? before(i) / tied.length : 0) * tied.reduce((s, x) => s + Math.exp(x), 0);
      return loss + Math.log(all - less) - score;
    }, 0);
    return [total];
  },
  examples: [
    { yTrue: { time: [1, 2], event: [1, 1] }, yPred: [0, 0], loss: Math.LN2 },
    { yTrue: { time: [1, 1], event: [1, 1] }, yPred: [0, 0], loss: 2 * Math.LN2 },
    { yTrue: { time: [1, 1], event: [1, 1] }, yPred: [0, 0], options: { ties: "efron" }, loss: Math.LN2 },
    { yTrue: { time: [1, 2], event: [0, 0] }, yPred: [3, 1], loss: 0 },
  ],
  traits: { smooth: true, convex: true },
});

/** log(1 − m/d) by row and tied event: the row is the m-th event of the d at its time, in the order of the rows. */
function logShares(isTied: Node, { dtype, shape }: Node): Node {
  const n = shape[0] as number;
  const isEarlier = less(iota(1, [n, n]), iota(0, [n, n]));
  const count = (flags: Node) => sum(cast(flags, dtype), [-1], { keepDims: true });
  const [before, all] = [count(and(isTied, isEarlier)), count(isTied)];
  const share = div(sub(all, before), where(equal(all, 0), 1, all));
  return log(where(isTied, broadcastTo(share, [n, n]), 1));
}

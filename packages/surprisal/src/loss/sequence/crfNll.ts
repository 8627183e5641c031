import {
  add,
  and,
  broadcastTo,
  cast,
  equal,
  iota,
  less,
  logSumExp,
  type Node,
  reshape,
  sub,
  sum,
  transpose,
  where,
} from "../../graph/index.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import { classIndex, logits } from "../domain.ts";
import { lengths } from "./labels.ts";
import { stepOf } from "./lattice.ts";

/** How far each tag's score lies above that of the true tag; exactly 0, and no gradient, at that one. */
function aboveTrue(scores: Node, isTrue: Node): Node {
  const own = sum(where(isTrue, scores, 0), [-1], { keepDims: true });
  return where(isTrue, 0, sub(scores, broadcastTo(own, scores.shape)));
}

/**
 * log Z − score of the true tags under a linear chain: emissions of each step, a transition from each tag to the next, scores of starting and ending
 * with a tag; one number a sequence. Everything is scored relative to the true path, so that a loss near 0 keeps its digits. Costs T steps of K².
 */
export const crfNll = defineArrayLoss({
  name: "crfNll",
  aliases: ["crf", "linearChainCrf", "conditionalRandomField", "crfLogLikelihood"],
  task: "sequence",
  summary: "Tags of a sequence scored together: which tag follows which is learnt, too.",
  formula: String.raw`\ell = \log \sum_{y'} e^{s(y')} - s(y), \quad s(y) = a_{y_1} + \sum_t \bigl(e_{t, y_t} + A_{y_{t-1}, y_t}\bigr) + b_{y_T}`,
  references: [{ title: "Lafferty, McCallum, Pereira, Conditional Random Fields (2001)" }],
  yTrue: { axes: "N T", domain: classIndex, doc: "the tag of each step", classes: "K" },
  yPred: {
    emissions: { axes: "N T K", domain: logits, doc: "a score for each tag at each step" },
    transitions: { axes: "K K", domain: logits, doc: "a score for going from the row's tag to the column's" },
    start: { axes: "K", domain: logits, doc: "a score for starting with a tag" },
    end: { axes: "K", domain: logits, doc: "a score for ending with it" },
  },
  inputs: { inputLength: lengths("how many steps of each sequence count, at least 1; all when left out", "T+1") },
  losses: "N",
  value(yTrue, { emissions, transitions, start, end }, _, { inputLength }) {
    const [n, steps, tags] = emissions.shape as [number, number, number];
    const isTrue = equal(broadcastTo(reshape(yTrue, [n, steps, 1]), emissions.shape), iota(2, emissions.shape));
    const all = (x: Node): Node => broadcastTo(reshape(x, [1, tags]), [n, tags]);
    const above = aboveTrue(emissions, isTrue);
    const truth = (t: number): Node => stepOf(isTrue, t);
    // [n, to, from]
    const cube = [n, tags, tags];
    const into = broadcastTo(reshape(transpose(transitions), [1, tags, tags]), cube);
    let paths = add(aboveTrue(all(start), truth(0)), stepOf(above, 0));
    for (let t = 1; t < steps; t++) {
      const from = broadcastTo(reshape(truth(t - 1), [n, 1, tags]), cube);
      const to = broadcastTo(reshape(truth(t), [n, tags, 1]), cube);
      const both = reshape(and(to, from), [n, tags * tags]);
      const moves = reshape(aboveTrue(reshape(into, [n, tags * tags]), both), cube);
      const next = add(logSumExp(add(moves, broadcastTo(reshape(paths, [n, 1, tags]), cube))), stepOf(above, t));
      const counts = inputLength && broadcastTo(reshape(less(t, inputLength), [n, 1]), [n, tags]);
      paths = counts === undefined ? next : where(counts, next, paths);
    }
    const isLast = equal(
      iota(1, [n, steps]),
      inputLength === undefined ? steps - 1 : sub(broadcastTo(reshape(inputLength, [n, 1]), [n, steps]), 1),
    );
    const weights = cast(and(isTrue, broadcastTo(reshape(isLast, [n, steps, 1]), isTrue.shape)), emissions.dtype);
    const lastTag = equal(sum(weights, [1]), 1);
    return logSumExp(add(paths, aboveTrue(all(end), lastTag)));
  },
  textbook(
    y: number[][],
    x: { emissions: number[][][]; transitions: number[][]; start: number[]; end: number[] },
    _,
    inputs: Record<string, number[]>,
  ) {
    return x.emissions.map((e, n) => {
      const steps = inputs.inputLength?.[n] ?? e.length;
      const score = (tags: readonly number[]) =>
        tags.reduce(
          (total, k, t) =>
            total +
            (e[t]?.[k] as number) +
            (t === 0 ? (x.start[k] as number) : (x.transitions[tags[t - 1] as number]?.[k] as number)),
          x.end[tags[steps - 1] as number] as number,
        );
      const paths = Array.from({ length: steps }).reduce<number[][]>(
        (some) => some.flatMap((path) => x.start.map((_, k) => [...path, k])),
        [[]],
      );
      const z = paths.reduce((total, path) => total + Math.exp(score(path)), 0);
      return Math.log(z) - score((y[n] as number[]).slice(0, steps));
    });
  },
  examples: [
    {
      yTrue: [[0]],
      yPred: {
        emissions: [[[0, 0]]],
        transitions: [
          [0, 0],
          [0, 0],
        ],
        start: [0, 0],
        end: [0, 0],
      },
      loss: Math.LN2,
    },
    {
      yTrue: [[0, 1]],
      yPred: {
        emissions: [
          [
            [0, 0],
            [0, 0],
          ],
        ],
        transitions: [
          [0, 0],
          [0, 0],
        ],
        start: [0, 0],
        end: [0, 0],
      },
      loss: Math.log(4),
    },
  ],
  traits: { smooth: true, nonNegative: true },
});

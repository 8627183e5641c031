import {
  add,
  and,
  broadcastTo,
  cast,
  concat,
  constant,
  equal,
  gather,
  iota,
  less,
  lessEqual,
  logSoftmax,
  mul,
  type Node,
  neg,
  not,
  or,
  reshape,
  slice,
  sub,
  sum,
  transpose,
  where,
} from "../../graph/index.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import { logits, logProbabilities } from "../domain.ts";
import { flag, wholeFromZero } from "../params.ts";
import { lengths, paddedIndex } from "./labels.ts";
import { logAdd, logSumOfPaths, moved, stepOf } from "./lattice.ts";

/** Labels with a blank before, between and after them: [N, 2S + 1]. */
function withBlanks(labels: Node, blank: number): Node {
  const [n, s] = labels.shape as [number, number];
  const column = (width: number, last: number): Node => constant(blank, "int32", [n, width, last]);
  const pairs = concat([column(s, 1), reshape(labels, [n, s, 1])], 2);
  return concat([reshape(pairs, [n, 2 * s]), reshape(column(1, 1), [n, 1])], 1);
}

/** log p[n, t, label[n, l]] as [N, T, L]. */
function atLabels(logP: Node, labels: Node): Node {
  const [n, t, c] = logP.shape as [number, number, number];
  const places = add(mul(iota(0, labels.shape), c), labels);
  const byClass = reshape(transpose(logP, [0, 2, 1]), [n * c, t]);
  return transpose(gather(byClass, places), [0, 2, 1]);
}

/** A number a sequence, over an array of rows. */
const over = (x: Node, shape: readonly number[]): Node => broadcastTo(reshape(x, [x.shape[0] as number, 1]), shape);

/**
 * −log of the sum, over all ways of writing the labels into T steps with blanks between, of the product of the steps' probabilities; one number a
 * sequence. Labels that no such way fits cost Infinity, or 0 with zeroInfinity, and have no gradient. Costs T steps over 2S + 1 states.
 */
export const ctc = defineArrayLoss({
  name: "ctc",
  aliases: ["ctcLoss", "connectionistTemporalClassification"],
  task: "sequence",
  summary: "Labels in order, without knowing when each of them happens.",
  formula: String.raw`\ell = -\log \sum_{\pi \in \mathcal B^{-1}(y)} \prod_t p_t(\pi_t)`,
  references: [
    {
      title: "Graves et al., Connectionist Temporal Classification (2006)",
      url: "https://doi.org/10.1145/1143844.1143891",
    },
  ],
  yTrue: { axes: "N S", domain: paddedIndex, doc: "the labels of each sequence, padded at the end", classes: "C" },
  yPred: {
    axes: "N T C",
    domain: ({ fromLogProbabilities }: { readonly fromLogProbabilities: boolean }) =>
      fromLogProbabilities ? logProbabilities : logits,
    doc: "logits or log-probabilities of each step",
  },
  inputs: {
    inputLength: lengths("how many steps of each sequence count; all when left out", "T+1"),
    targetLength: lengths("how many labels each sequence has; those before the first -1 when left out", "S+1"),
  },
  losses: "N",
  params: {
    fromLogProbabilities: flag(false, "whether yPred holds log-probabilities (a log softmax) instead of logits"),
    blank: wholeFromZero(0, "the class that stands for no label"),
    zeroInfinity: flag(false, "whether labels that do not fit cost 0 instead of Infinity"),
  },
  value(yTrue, yPred, { fromLogProbabilities, blank, zeroInfinity }, { inputLength, targetLength }) {
    const [n, steps] = yPred.shape as [number, number, number];
    const isLabel = lessEqual(0, yTrue);
    const labels = withBlanks(where(isLabel, yTrue, blank), blank);
    const { shape } = labels;
    const states = shape[1] as number;
    const place = iota(1, shape);
    const count = targetLength ?? sum(cast(isLabel, "int32"), [-1]);
    const logP = atLabels(fromLogProbabilities ? yPred : logSoftmax(yPred), labels);
    // A label may follow another one directly, unless they are the same.
    const twoBefore =
      states > 2 ? concat([constant(blank, "int32", [n, 2]), slice(labels, [0, 0], [n, states - 2])], 1) : labels;
    const mayFollow = and(not(equal(labels, blank)), and(not(equal(labels, twoBefore)), less(1, place)));
    let paths = where(less(place, 2), stepOf(logP, 0), Number.NEGATIVE_INFINITY);
    for (let t = 1; t < steps; t++) {
      const jumps = where(mayFollow, moved(paths, 2), Number.NEGATIVE_INFINITY);
      const next = add(logAdd(paths, moved(paths, 1), jumps), stepOf(logP, t));
      paths = inputLength === undefined ? next : where(less(t, over(inputLength, shape)), next, paths);
    }
    const last = over(mul(2, count), shape);
    const isEnd = or(equal(place, last), equal(place, sub(last, 1)));
    const whole = logSumOfPaths(where(isEnd, paths, Number.NEGATIVE_INFINITY));
    const noLabels = where(equal(count, 0), constant(0, yPred.dtype, [n]), Number.NEGATIVE_INFINITY);
    const reached = inputLength === undefined ? whole : where(equal(inputLength, 0), noLabels, whole);
    const impossible = equal(reached, Number.NEGATIVE_INFINITY);
    return where(impossible, zeroInfinity ? 0 : Number.POSITIVE_INFINITY, neg(where(impossible, 0, reached)));
  },
  textbook(
    y: number[][],
    x: number[][][],
    { fromLogProbabilities, blank, zeroInfinity },
    inputs: Record<string, number[]>,
  ) {
    return x.map((sequence, n) => {
      const p = sequence.map((row) => {
        const e = row.map(Math.exp);
        return fromLogProbabilities ? e : e.map((v) => v / e.reduce((a, b) => a + b, 0));
      });
      const steps = inputs.inputLength?.[n] ?? p.length;
      const labels = (y[n] as number[]).slice(0, inputs.targetLength?.[n] ?? y[n]?.filter((k) => k >= 0).length);
      // Every way of choosing a class a step, collapsed, against the labels.
      const collapse = (path: readonly number[]) =>
        path.filter((k, t) => k !== blank && (t === 0 || path[t - 1] !== k)).join();
      const total = (path: readonly number[], product: number): number => {
        if (path.length === steps) return collapse(path) === labels.join() ? product : 0;
        const row = p[path.length] as number[];
        return row.reduce((sum, share, k) => sum + total([...path, k], product * share), 0);
      };
      const whole = total([], 1);
      return whole === 0 && zeroInfinity ? 0 : -Math.log(whole);
    });
  },
  compat: [
    {
      framework: "keras",
      name: "keras.losses.CTC",
      differs:
        "The blank and the padding of labels are class 0 there; here labels are padded with -1, or their lengths are given.",
    },
    {
      framework: "pytorch",
      name: "torch.nn.CTCLoss",
      arguments: {
        blank: "blank",
        zero_infinity: "zeroInfinity",
        input_lengths: "inputLength",
        target_lengths: "targetLength",
      },
      options: { fromLogProbabilities: true },
      differs:
        "Predictions come first there, as [T, N, C], and the mean first divides each loss by its number of labels. Its gradient is only right behind a log_softmax.",
    },
    {
      framework: "optax",
      name: "optax.losses.ctc_loss",
      arguments: { blank_id: "blank" },
      differs: "Paddings are given as arrays of 0 and 1 instead of lengths.",
    },
  ],
  examples: [
    { yTrue: [[1]], yPred: [[[0, 0]]], loss: Math.LN2 },
    {
      yTrue: [[1]],
      yPred: [
        [
          [0, 0],
          [0, 0],
        ],
      ],
      loss: Math.log(4 / 3),
    },
    {
      yTrue: [[1, 1]],
      yPred: [
        [
          [0, 0],
          [0, 0],
        ],
      ],
      options: { zeroInfinity: true },
      loss: 0,
    },
  ],
  traits: { smooth: true, nonNegative: true },
});

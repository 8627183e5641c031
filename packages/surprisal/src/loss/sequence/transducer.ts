import {
  add,
  broadcastTo,
  concat,
  constant,
  equal,
  iota,
  logSoftmax,
  type Node,
  neg,
  reshape,
  slice,
  sum,
  where,
} from "../../graph/index.ts";
import { defineArrayLoss } from "../defineArrays.ts";
import { classIndex, logits } from "../domain.ts";
import { wholeFromZero } from "../params.ts";
import { antidiagonals, logAdd, moved } from "./lattice.ts";

/** log p of one class at every place: [N, T, U + 1]. */
function ofClass(logP: Node, c: number): Node {
  const [n, t, u] = logP.shape as [number, number, number, number];
  return reshape(slice(logP, [0, 0, 0, c], [n, t, u, 1]), [n, t, u]);
}

/**
 * −log of the sum over all monotone paths through a lattice of T steps and U + 1 states: a blank moves on in time, a label in the labels, and a last blank
 * ends it; one number a sequence. Costs T + U steps over U + 1 states.
 */
export const transducer = defineArrayLoss({
  name: "transducer",
  aliases: ["rnnt", "rnnTransducer", "rnntLoss"],
  task: "sequence",
  summary: "Labels in order where each step may write several of them: streaming speech recognition.",
  formula: String.raw`\ell = -\log \sum_{\pi} \prod_i p_{t_i u_i}(\pi_i)`,
  references: [
    {
      title: "Graves, Sequence Transduction with Recurrent Neural Networks (2012)",
      url: "https://arxiv.org/abs/1211.3711",
    },
  ],
  yTrue: { axes: "N U", domain: classIndex, doc: "the labels of each sequence", classes: "C" },
  yPred: { axes: "N T U+1 C", domain: logits, doc: "logits at each step, after so many labels" },
  losses: "N",
  params: { blank: wholeFromZero(0, "the class that stands for moving on") },
  value(yTrue, yPred, { blank }) {
    const [n, steps, states] = yPred.shape as [number, number, number, number];
    const labels = states - 1;
    const logP = logSoftmax(yPred);
    const blanks = antidiagonals(ofClass(logP, blank));
    const before = slice(logP, [0, 0, 0, 0], [n, steps, labels, yPred.shape[3] as number]);
    const isLabel = equal(broadcastTo(reshape(yTrue, [n, 1, labels, 1]), before.shape), iota(3, before.shape));
    // Writing label u leads from state u to state u + 1; nothing leads out of the last.
    const written = sum(where(isLabel, before, 0), [-1]);
    const closed = constant(Number.NEGATIVE_INFINITY, yPred.dtype, [n, steps, 1]);
    const writes = antidiagonals(labels === 0 ? closed : concat([written, closed], 2));
    let paths = where(equal(iota(1, [n, states]), 0), constant(0, yPred.dtype, [n, states]), Number.NEGATIVE_INFINITY);
    for (let d = 0; d < blanks.length - 1; d++) {
      const waited = add(paths, blanks[d] as Node);
      const wrote = moved(add(paths, writes[d] as Node), 1);
      paths = logAdd(waited, wrote);
    }
    const end = add(paths, blanks.at(-1) as Node);
    return neg(reshape(slice(end, [0, labels], [n, 1]), [n]));
  },
  textbook(y: number[][], x: number[][][][], { blank }) {
    return x.map((lattice, n) => {
      const p = lattice.map((row) =>
        row.map((z) => {
          const e = z.map(Math.exp);
          return e.map((v) => v / e.reduce((a, b) => a + b, 0));
        }),
      );
      const labels = y[n] as number[];
      const total = (t: number, u: number): number => {
        if (t === p.length) return u === labels.length ? 1 : 0;
        const here = p[t]?.[u] as number[];
        const write = u < labels.length ? (here[labels[u] as number] as number) * total(t, u + 1) : 0;
        return write + (here[blank] as number) * total(t + 1, u);
      };
      return -Math.log(total(0, 0));
    });
  },
  examples: [
    {
      yTrue: [[1]],
      yPred: [
        [
          [
            [0, 0],
            [0, 0],
          ],
        ],
      ],
      loss: Math.log(4),
    },
    {
      yTrue: [[1]],
      yPred: [
        [
          [
            [0, 0],
            [0, 0],
          ],
          [
            [0, 0],
            [0, 0],
          ],
        ],
      ],
      loss: Math.log(4),
    },
  ],
  traits: { smooth: true, nonNegative: true },
});
